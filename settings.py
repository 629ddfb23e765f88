"""Typed settings, read from the environment (prefix ``CAITU_``)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from errors import DataError

ROOT = Path(__file__).resolve().parent
PREFIX = "CAITU_"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a deployment may change.

    Each field is read from ``CAITU_<FIELD>``; ``host`` and ``port`` also from the bare
    ``HOST`` and ``PORT``, which win because they are what hosting platforms set.
    """

    host: str = field(default="127.0.0.1", metadata={"help": "address to listen on"})
    port: int = field(default=8000, metadata={"help": "port to listen on"})
    threads: int = field(default=8, metadata={"help": "threads that answer requests"})
    data_dir: Path = field(default=ROOT / "data", metadata={"help": "the tables of facts"})
    instance_dir: Path = field(
        default=ROOT / "instance", metadata={"help": "what the program writes: snapshots"}
    )
    plan_texts: Path = field(
        default=ROOT / "instance" / "plans",
        metadata={"help": "folder of plan texts named <plan_id>.txt; optional"},
    )
    tianditu_key: str = field(
        default="", metadata={"help": "key of 天地图; offers its base map, off until chosen"}
    )

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read the settings from environment variables.

        Raises
        ------
        DataError
            A number is not a number, or out of range.
        """
        values: dict[str, object] = {}
        for item in fields(cls):
            names = [PREFIX + item.name.upper()]
            if item.name in {"host", "port"}:
                names.insert(0, item.name.upper())
            name = next((n for n in names if environ.get(n, "").strip()), None)
            if name is None:
                continue
            raw = environ[name].strip()
            default = item.default
            if isinstance(default, int):
                values[item.name] = _number(name, raw, 1, 65535 if item.name == "port" else 256)
            elif isinstance(default, Path):
                values[item.name] = Path(raw).expanduser().resolve()
            else:
                values[item.name] = raw
        return cls(**values)  # type: ignore[arg-type]


def _number(name: str, raw: str, low: int, high: int) -> int:
    if not raw.isascii() or not raw.isdigit() or not low <= int(raw) <= high:
        raise DataError(f"环境变量 {name}={raw} 无效：应为 {low} 到 {high} 之间的整数。")
    return int(raw)
