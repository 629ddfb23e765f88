"""Which coordinate system a file is in: what it declares, held against known boundaries.

Web-map boundaries in GCJ-02 often declare WGS 84, or nothing. The shift of 300 to 700 m is
measured here: the translation that brings the file's outline onto the known one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.coordinates import BD09, GCJ02, transform_points

METRES_PER_DEGREE = 111_195.0
"""Of latitude, on a sphere of 6,371 km (mean Earth radius, IUGG)."""
SAMPLE = 4_000
"""Vertices compared, evenly spread over the outline."""
ENOUGH = 30
"""Vertices from which a shift can be told from chance."""
ROUNDS = 12
SUSPECT_M = 150.0
"""Shift from which a file is not taken at its word; sources differ by 50–80 m at random,
but by a few metres in the median."""


@dataclass(frozen=True)
class Fit:
    """How well coordinates, read as one system, lie on the known boundary.

    Attributes
    ----------
    shift_m
        Length of the translation that minimises the median distance, metres.
    residual_m
        Median distance that remains after it, metres.
    """

    system: str
    shift_m: float
    residual_m: float


@dataclass(frozen=True)
class Verdict:
    """The system a file is probably in, and why.

    Attributes
    ----------
    system
        ``EPSG:…`` as declared, ``GCJ-02`` or ``BD-09``.
    evidence
        One sentence for the person who imports.
    fits
        One per system tried, the declared one first.
    """

    system: str
    evidence: str
    fits: tuple[Fit, ...]


def measure_shift(points: np.ndarray, known: BaseGeometry) -> tuple[float, float]:
    """Measure the translation between an outline and a known boundary.

    Parameters
    ----------
    points
        (n, 2) vertices, degrees, CGCS2000 or WGS 84.
    known
        Boundary line the vertices should lie on, degrees.

    Returns
    -------
    tuple of float
        Shift and remaining median distance, metres. The translation is found by
        alternating nearest points and the median of the steps to them (iterated closest
        point with a robust mean).
    """
    scale = np.array([np.cos(np.radians(points[:, 1].mean())), 1.0]) * METRES_PER_DEGREE
    moving = _thin(points) * scale
    tree = shapely.STRtree(_segments(shapely.transform(known, lambda xy: xy * scale)))
    total = np.zeros(2)
    for _ in range(ROUNDS):
        steps = _steps(moving + total, tree)
        total = total + np.median(steps, axis=0)
    residual = np.median(np.hypot(*_steps(moving + total, tree).T))
    return float(np.hypot(*total)), float(residual)


def probable_system(
    shapes: Mapping[str, BaseGeometry], known: Mapping[str, BaseGeometry], declared: str
) -> Verdict:
    """Tell which system the coordinates of some places are probably in.

    Parameters
    ----------
    shapes
        Place id → polygon as the file has it, east coordinate first.
    known
        Place id → known polygon, degrees, EPSG:4490. Only shared ids are compared.
    declared
        The system the file declares, or the one assumed where it declares none.
    """
    shared = [
        i
        for i in shapes
        if i in known and "Polygon" in shapes[i].geom_type and "Polygon" in known[i].geom_type
    ]
    if not shared:
        return Verdict(declared, "没有可以对照的行政区，按文件声明的坐标系读取。", ())
    raw = shapely.get_coordinates([shapes[i] for i in shared])
    line = shapely.union_all([shapely.boundary(known[i]) for i in shared])
    fits = []
    for system in (declared, GCJ02, BD09):
        points = transform_points(raw, system, "EPSG:4490")
        if np.isfinite(points).all():
            fits.append(Fit(system, *measure_shift(points, line)))
    best = min(fits, key=lambda fit: fit.shift_m + fit.residual_m, default=None)
    first = next((fit for fit in fits if fit.system == declared), None)
    if best is None:
        return Verdict(declared, "坐标超出所声明坐标系的范围，请检查坐标轴次序。", ())
    if best.shift_m >= SUSPECT_M or len(raw) < ENOUGH:
        return Verdict(
            declared, f"图形与已知边界差别太大，无法判断是否加偏，按 {declared} 读取。", tuple(fits)
        )
    if first is not None and (first.shift_m < SUSPECT_M or best.system == declared):
        return Verdict(
            declared,
            f"按 {declared} 读取，与已知边界的整体偏移 {first.shift_m:.0f} 米，没有加偏迹象。",
            tuple(fits),
        )
    seen = "无法落在图上" if first is None else f"整体偏移 {first.shift_m:.0f} 米"
    return Verdict(
        best.system,
        f"按声明的 {declared} 读取{seen}；按 {best.system} 读取后只剩 {best.shift_m:.0f} 米，"
        f"判断为 {best.system}。",
        tuple(fits),
    )


def _thin(points: np.ndarray) -> np.ndarray:
    kept = np.linspace(0, len(points) - 1, min(len(points), SAMPLE)).astype(int)
    return np.take(points, kept, axis=0)


def _segments(line: BaseGeometry) -> np.ndarray:
    """Split lines into their straight pieces."""
    parts, index = shapely.get_coordinates(shapely.get_parts(line), return_index=True)
    ends = np.stack((parts[:-1], parts[1:]), axis=1)
    return np.asarray(shapely.linestrings(ends[index[:-1] == index[1:]]))


def _steps(points: np.ndarray, tree: shapely.STRtree) -> np.ndarray:
    """Vectors from each point to the nearest one of some segments."""
    dots = shapely.points(points)
    nearest = shapely.shortest_line(dots, tree.geometries[tree.nearest(dots)])
    ends = shapely.get_coordinates(nearest).reshape(-1, 2, 2)
    return np.asarray(ends[:, 1] - ends[:, 0])
