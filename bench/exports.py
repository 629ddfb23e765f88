"""Exports: ours beside pyogrio and beside GeoJSON written by hand, in one run.

100,000 polygons that are already in memory go to GeoPackage (peer: ``pyogrio.write_dataframe``)
and to GeoJSON (peer: a loop of ``json.dumps`` over ``shapely.geometry.mapping``). Each run is a
process of its own; the figures are medians. Memory is what a run takes at its peak beyond what
the process had before: flat means that 100,000 features, read in chunks, need hardly more than
20,000.
"""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.feature_table import Chunk, FeatureTable

MANY, FEW = 100_000, 20_000
CHUNK = 2_000
VERTICES = 30
ROUNDS = 3
SPEED = {"gpkg": 1.3, "geojson": 1.2}
"""Most we may take, as a share of the peer's time."""
FLAT = 1.5
"""Most memory for `MANY` features, as a share of that for `FEW`."""


def chunk(number: int) -> Chunk:
    """One chunk of made-up features: counties' worth of outline, assignments' worth of text."""
    import numpy as np
    import shapely

    from geo.feature_table import Chunk

    random = np.random.default_rng(number)
    centres = random.uniform((75, 20), (130, 50), (CHUNK, 2))
    angles = np.linspace(0, 2 * np.pi, VERTICES, endpoint=False)
    radii = random.uniform(0.05, 0.1, (CHUNK, VERTICES))
    outline = np.stack([np.cos(angles) * radii, np.sin(angles) * radii], axis=-1)
    rings = np.round(centres[:, None, :] + outline, 7)
    shapes = shapely.polygons(rings)
    keys = range(number * CHUNK, (number + 1) * CHUNK)
    columns = {
        "assignment_id": [f"cq-2022-{key:06}" for key in keys],
        "place_name": [f"第{key % 311}区县" for key in keys],
        "sector_text": [("先进有色合金", "光伏玻璃", "气凝胶")[key % 3] for key in keys],
        "action": [("develop", "strengthen", "explore")[key % 3] for key in keys],
        "condition": [None if key % 4 else "在符合产业政策和能耗要求的前提下" for key in keys],
        "section": [f"第三章 重点任务 第{key % 7}节 优化产业空间布局" for key in keys],
        "start": list(keys),
        "share": random.uniform(0, 1, CHUNK).round(3).tolist(),
    }
    return Chunk(columns, shapes, shapely.points(centres))


def table(chunks: Callable[[], Iterator[Chunk]]) -> FeatureTable:
    """A table that reads its chunks from ``chunks()``."""
    from geo.feature_table import FeatureTable, Field

    kinds = {"start": "integer", "share": "number"}
    fields = tuple(
        Field(name, kinds.get(name, "string"), name[:6].upper(), name, name)
        for name in chunk(0).columns
    )
    return FeatureTable("assignments", "布局任务", fields, chunks, ("polygon",))


def ours(extension: str, made: FeatureTable, folder: Path) -> None:
    """Write with this program."""
    from geo.exporting import write
    from geo.feature_table import About

    write(made, extension, "", About({"title": "bench"}), folder / f"ours.{extension}")


def frame(made: FeatureTable) -> gpd.GeoDataFrame:
    """The same data as a GeoDataFrame."""
    import geopandas as gpd
    import numpy as np

    chunks = list(made.chunks())
    columns = {
        f.name: [value for one in chunks for value in one.columns[f.name]] for f in made.fields
    }
    geometry = np.concatenate([one.geometry for one in chunks])
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=4490)


def by_hand(data: gpd.GeoDataFrame, path: Path) -> None:
    """GeoJSON as one writes it without a library for it."""
    from shapely.geometry import mapping

    names = [name for name in data.columns if name != "geometry"]
    with path.open("w", encoding="utf-8") as file:
        file.write('{"type":"FeatureCollection","features":[\n')
        separator = ""
        for *row, shape in data.itertuples(index=False):
            feature = {
                "type": "Feature",
                "properties": dict(zip(names, row, strict=True)),
                "geometry": mapping(shape),
            }
            file.write(separator + json.dumps(feature, ensure_ascii=False))
            separator = ",\n"
        file.write("\n]}\n")


def memory(key: str) -> int:
    """``VmRSS`` or ``VmHWM`` of this process, bytes."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(rf"{key}:\s+(\d+) kB", status)[1]) * 1024


def run(what: str, count: int) -> None:
    """One measurement, as a line of JSON."""
    import pyogrio

    numbers = range(count // CHUNK)
    peer, _, extension = what.partition(":")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours(extension, table(lambda: iter([chunk(0)])), folder)  # loads everything once
        if peer == "streamed":
            made = table(lambda: map(chunk, numbers))
        else:
            kept = [chunk(number) for number in numbers]
            made = table(lambda: iter(kept))
        data = frame(made) if peer in {"pyogrio", "hand"} else None
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the peak so far
        before = memory("VmRSS")
        began = time.perf_counter()
        if peer == "pyogrio":
            pyogrio.write_dataframe(data, folder / f"peer.{extension}")
        elif peer == "hand":
            by_hand(data, folder / "peer.geojson")
        else:
            ours(extension, made, folder)
        seconds = time.perf_counter() - began
    print(json.dumps({"seconds": seconds, "bytes": max(memory("VmHWM") - before, 0)}))


def measured(what: str, count: int) -> tuple[float, float]:
    """Median seconds and bytes of `ROUNDS` processes."""
    results = []
    for _ in range(ROUNDS):
        child = subprocess.run(
            [sys.executable, __file__, what, str(count)], check=True, capture_output=True, text=True
        )
        results.append(json.loads(child.stdout))
    return tuple(statistics.median(r[key] for r in results) for key in ("seconds", "bytes"))


def verdicts() -> Iterator[tuple[str, float, float]]:
    """Measure, print a line each, and yield name, ratio and budget."""
    print(f"{MANY:,} polygons of {VERTICES} vertices{'seconds':>12}{'MB at peak':>12}")
    peers = {"gpkg": ("pyogrio",), "geojson": ("hand", "pyogrio")}
    for extension, names in peers.items():
        found = {}
        for peer in ("ours", *names):
            found[peer], size = measured(f"{peer}:{extension}", MANY)
            print(f"{extension:8} {peer:28} {found[peer]:10.2f} {size / 2**20:11.0f}")
        yield (
            f"{extension}: time beside {names[0]}",
            found["ours"] / found[names[0]],
            SPEED[extension],
        )
    for extension in peers:
        sizes = {}
        for count in (FEW, MANY):
            seconds, sizes[count] = measured(f"streamed:{extension}", count)
            name = f"streamed {count:,}"
            print(f"{extension:8} {name:28} {seconds:10.2f} {sizes[count] / 2**20:11.0f}")
        yield f"{extension}: memory of {MANY:,} beside {FEW:,}", sizes[MANY] / sizes[FEW], FLAT


def main() -> None:
    """Print the figures, then each ratio beside its budget."""
    for name, ratio, budget in list(verdicts()):
        print(f"{name:44}{ratio:6.2f} (≤ {budget}) {'ok' if ratio <= budget else 'MISSED'}")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        run(sys.argv[1], int(sys.argv[2]))
    else:
        main()
