"""Reading vector files that people send: any common format, any encoding, safely."""

from __future__ import annotations

import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pyogrio
import pyogrio.errors

from errors import CaituError

MAX_FILE = 200 * 2**20
"""Largest file taken, bytes."""
MAX_UNPACKED = 150 * 2**20
"""Largest content of an archive, bytes; a province of counties is under 50 MB."""
MAX_RATIO = 100
"""Largest ratio of unpacked to packed size; ordinary shapefiles reach 10."""
VECTOR = (".shp", ".gpkg", ".geojson", ".json", ".kml", ".fgb")
FORMATS = "SHP（打成 zip）、GPKG、GeoJSON、KML、KMZ、FlatGeobuf、File Geodatabase（zip 或文件夹）"


class UnreadableFile(CaituError):
    """A file cannot be read as vector data; nothing was changed."""

    status = 400
    title = "文件无法读取"


@dataclass(frozen=True)
class VectorFile:
    """A vector file as read.

    Attributes
    ----------
    frame
        Features; ``crs`` is None where the file declares none.
    layer
        The layer read.
    layers
        All layers with geometry in the file.
    encoding
        Of the attributes, where it had to be detected.
    """

    frame: gpd.GeoDataFrame
    layer: str
    layers: tuple[str, ...]
    encoding: str


def read_vector(path: Path, workspace: Path, layer: str | None = None) -> VectorFile:
    """Read a vector file.

    Parameters
    ----------
    path
        One of `FORMATS`.
    workspace
        An empty folder for unpacking; the caller removes it.
    layer
        Needed only where the file has several layers.

    Raises
    ------
    UnreadableFile
        The file is missing, too large, damaged, a bomb, of another format or without
        features; the message says what to do.
    """
    source = _source(path, workspace)
    encoding = _dbf_encoding(source)
    try:
        layers = tuple(str(n) for n, kind in pyogrio.list_layers(source) if kind is not None)
        if not layers:
            raise UnreadableFile(f"{path.name} 里没有带图形的图层。")
        if layer is None and len(layers) > 1:
            names = "、".join(layers)
            raise UnreadableFile(f"{path.name} 有多个图层，请用 --layer 指定一个：{names}")
        chosen = layer or layers[0]
        if chosen not in layers:
            raise UnreadableFile(f"{path.name} 没有图层 {chosen}，只有：{'、'.join(layers)}")
        options = {"encoding": encoding} if encoding else {}
        frame = pyogrio.read_dataframe(source, layer=chosen, **options)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        raise UnreadableFile(
            f"{path.name} 损坏，或不是可以识别的格式。可用的格式：{FORMATS}。"
        ) from error
    if not isinstance(frame, gpd.GeoDataFrame) or frame.geometry.dropna().empty:
        raise UnreadableFile(f"{path.name} 里没有图形要素。")
    return VectorFile(frame, chosen, layers, encoding)


def _source(path: Path, workspace: Path) -> Path:
    """The file or folder GDAL should open, unpacked where it was packed."""
    if not path.exists():
        raise UnreadableFile(f"找不到文件 {path}。")
    if path.is_dir():
        if path.suffix.lower() != ".gdb":
            raise UnreadableFile(f"{path.name} 是文件夹；只有 .gdb 文件夹可以直接导入。")
        return path
    if path.stat().st_size > MAX_FILE:
        raise UnreadableFile(f"{path.name} 超过 {MAX_FILE >> 20} MB，请只保留需要的要素后再导入。")
    if path.suffix.lower() not in {".zip", ".kmz"}:
        return path
    _unpack(path, workspace)
    folders = sorted(p for p in workspace.rglob("*.gdb") if p.is_dir())
    files = sorted(p for p in workspace.rglob("*") if p.suffix.lower() in VECTOR)
    found = folders or files
    if not found:
        raise UnreadableFile(f"{path.name} 里没有可以识别的矢量数据。可用的格式：{FORMATS}。")
    if len(found) > 1:
        names = "、".join(str(p.relative_to(workspace)) for p in found)
        raise UnreadableFile(f"{path.name} 里有多个数据，请一次导入一个：{names}")
    return found[0]


def _unpack(path: Path, workspace: Path) -> None:
    """Unpack an archive, counting what really comes out."""
    try:
        with zipfile.ZipFile(path) as archive:
            room = min(MAX_UNPACKED, max(path.stat().st_size, 2**16) * MAX_RATIO)
            for member in archive.infolist():
                name = _member_name(member)
                target = (workspace / name).resolve()
                if not target.is_relative_to(workspace.resolve()):
                    raise UnreadableFile(f"{path.name} 含有越界的路径 {name}，不予导入。")
                if member.is_dir():
                    target.mkdir(parents=True, exist_ok=True)
                    continue
                if member.file_size > room:
                    raise _bomb(path)
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(member) as packed, target.open("wb") as file:
                    shutil.copyfileobj(_Limited(packed, room, path), file)
                room -= target.stat().st_size
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise UnreadableFile(f"{path.name} 不是完整的压缩包，请重新打包或重新下载。") from error


class _Limited:
    """A reader that stops an archive which holds more than it says."""

    def __init__(self, file: object, room: int, path: Path) -> None:
        self._file, self._room, self._path = file, room, path

    def read(self, size: int = -1) -> bytes:
        block: bytes = self._file.read(size)  # type: ignore[attr-defined]
        self._room -= len(block)
        if self._room < 0:
            raise _bomb(self._path)
        return block


def _bomb(path: Path) -> UnreadableFile:
    return UnreadableFile(
        f"{path.name} 解开后过大（上限 {MAX_UNPACKED >> 20} MB、压缩比 {MAX_RATIO}），不予导入。"
    )


def _member_name(member: zipfile.ZipInfo) -> str:
    """A member's name; Chinese Windows packs them in GBK without saying so."""
    if member.flag_bits & 0x800:
        return member.filename
    try:
        return member.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return member.filename


def _dbf_encoding(source: Path) -> str:
    """Encoding of a shapefile's attributes, where it has no .cpg to say so."""
    table = source.with_suffix(".dbf")
    declared = any(source.with_suffix(s).exists() for s in (".cpg", ".CPG"))
    if source.suffix.lower() != ".shp" or declared or not table.exists():
        return ""
    raw = table.read_bytes()
    records = raw[int.from_bytes(raw[8:10], "little") :]
    for encoding in ("utf-8", "gb18030"):
        try:
            records.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return ""
