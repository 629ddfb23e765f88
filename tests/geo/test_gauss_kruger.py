from __future__ import annotations

from pyproj import CRS

from geo.coordinates import gauss_kruger
from geo.gauss_kruger import zones


def test_the_codes_are_those_of_the_epsg_registry():
    for zone in zones([(73.6, 0, 136.4, 1)]):
        for code in (zone.code, zone.numbered_code):
            crs = CRS(code)
            assert crs.geodetic_crs.to_epsg() == 4490
            parameters = {p.name: p.value for p in crs.coordinate_operation.params}
            assert parameters["Longitude of natural origin"] == zone.meridian
        easting = parameters["False easting"]
        assert easting == zone.number * 1_000_000 + 500_000
    assert len(zones([(73.6, 0, 136.4, 1)])) == 21


def test_the_zones_are_those_of_the_coordinates():
    for tenths in range(735, 1365):
        longitude = tenths / 10
        (zone,) = zones([(longitude, 30.0, longitude, 30.0)])
        assert zone.code == gauss_kruger(longitude)
        assert zone.numbered_code == gauss_kruger(longitude, zone_prefix=True)


def test_a_box_has_all_its_zones_and_none_beyond():
    found = zones([(105.28, 28.1, 110.2, 32.3), (118.0, 27.0, 118.4, 28.0)])
    assert [zone.meridian for zone in found] == [105, 108, 111, 117]
    assert [zone.number for zone in found] == [35, 36, 37, 39]
    assert zones([(60.0, 0.0, 76.0, 1.0)])[0].meridian == 75
    assert zones([]) == ()
