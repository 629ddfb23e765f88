"""Feature tables written to files, in the formats of `geo.file_formats.FORMATS`."""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from geo.databases import write_fgb, write_gdb, write_gpkg, write_parquet
from geo.feature_table import About, FeatureTable
from geo.file_formats import output_crs
from geo.geojson import write_geojson
from geo.kml import write_kml
from geo.shapefile import Column, write_shapefiles
from geo.spreadsheets import write_csv, write_xlsx

ABOUT_FILE = "说明.txt"
FIELDS_FILE = "字段说明.csv"

Styles = Mapping[str, str]


def write(
    table: FeatureTable,
    extension: str,
    crs: str,
    about: About,
    target: Path,
    styles: Styles = MappingProxyType({}),
) -> None:
    """Write a table to a file, chunk by chunk.

    The file appears when it is complete; nothing is left of one that fails.

    Parameters
    ----------
    table
        Read once or several times, from its beginning.
    extension
        One of `geo.file_formats.FORMATS`.
    crs
        See `geo.file_formats.output_crs`.
    about
        Goes into the file, or beside it in the zip; a CSV has no room for it.
    target
        Replaced if it is there. Its folder must be.
    styles
        Part (``polygon``, ``point``) → QML, for QGIS; only a GeoPackage takes them.

    Raises
    ------
    BadParameter
        The format or the system is not known, or the table does not fit in the format.
    DataError
        The table does not keep its contract.
    """
    system = output_crs(crs, extension)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".export-") as folder:
        made = WRITERS[extension](table, system, about, Path(folder), styles)
        made.replace(target)


def _write_shp_zip(table: FeatureTable, crs: str, about: About, folder: Path, _: Styles) -> Path:
    packed = folder / "files"
    packed.mkdir()
    columns = write_shapefiles(table, crs, packed)
    (packed / FIELDS_FILE).write_text(_field_guide(columns), encoding="utf-8-sig", newline="")
    return _pack(packed, about, folder)


def _write_gdb_zip(table: FeatureTable, crs: str, about: About, folder: Path, _: Styles) -> Path:
    packed = folder / "files"
    packed.mkdir()
    write_gdb(table, crs, packed)
    return _pack(packed, about, folder)


WRITERS: Mapping[str, Callable[[FeatureTable, str, About, Path, Styles], Path]] = MappingProxyType(
    {
        "geojson": lambda table, crs, about, folder, _: write_geojson(table, crs, about, folder),
        "gpkg": write_gpkg,
        "shp.zip": _write_shp_zip,
        "gdb.zip": _write_gdb_zip,
        "kml": lambda table, crs, about, folder, _: write_kml(table, crs, about, folder),
        "fgb": lambda table, crs, about, folder, _: write_fgb(table, crs, about, folder),
        "parquet": lambda table, crs, about, folder, _: write_parquet(table, crs, about, folder),
        "csv": lambda table, crs, _about, folder, _: write_csv(table, crs, folder),
        "xlsx": lambda table, crs, about, folder, _: write_xlsx(table, crs, about, folder),
    }
)
"""By extension."""


def _field_guide(columns: tuple[Column, ...]) -> str:
    """What stands in which column of a Shapefile, as CSV."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("短字段名", "字段", "名称", "英文名", "类型", "说明", "第几段"))
    for column in columns:
        field = column.source
        writer.writerow(
            (column.name, field.name, field.title, field.title_en, field.type, field.note,
             column.piece + 1)
        )  # fmt: skip
    return text.getvalue()


def _pack(packed: Path, about: About, folder: Path) -> Path:
    """Zip a folder with the provenance beside; names are UTF-8 and flagged so."""
    lines = "\r\n".join([*about.lines(), ""])
    (packed / ABOUT_FILE).write_text(lines, encoding="utf-8-sig", newline="")
    made = folder / "made.zip"
    now = time.gmtime()[:6]
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(packed.rglob("*")):
            if path.is_file():
                entry = zipfile.ZipInfo(path.relative_to(packed).as_posix(), now)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.file_size = path.stat().st_size
                with path.open("rb") as source, archive.open(entry, "w") as goal:
                    shutil.copyfileobj(source, goal)
    return made
