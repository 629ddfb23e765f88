"""The page that plain Folium makes of the same places and assignments.

python folium_plain.py PAGE ASSIGNMENTS.csv PLACES.geojson…

What a user of GeoPandas writes: `GeoDataFrame.explore` for the places as a base layer (the
first file), then for each top-level sector, one feature per place with its assignments in the
tooltip; a layer control; no base map. Geometry is as our export gives it. Left out are
assignments without geometry, and those of whole provinces, whose outlines would only make the
page heavier.
"""

from __future__ import annotations

import sys

import folium
import geopandas as gpd
import pandas as pd

COLOURS = (
    "#1f77b4 #ff7f0e #2ca02c #d62728 #9467bd #8c564b #e377c2 #7f7f7f #bcbd22 #17becf"
).split()
"""Matplotlib's ten."""
SAID = ["sector_text", "action_label", "condition", "project"]


def page(assignments: pd.DataFrame, layers: list[gpd.GeoDataFrame]) -> folium.Map:
    """The map."""
    base = layers[0][["id", "name", "geometry"]]
    places = pd.concat([x.loc[x["kind"] != "province", ["id", "name", "geometry"]] for x in layers])
    places = places[places.geometry.notna()].drop_duplicates("id").set_index("id")
    figure = base.explore(
        name="区县", color="#6f7a75", tooltip="name", popup=False, tiles=None,
        style_kwds={"weight": 1, "fillOpacity": 0.1},
    )  # fmt: skip
    words = assignments[SAID].apply(lambda row: " ".join(filter(None, row)), axis=1)
    rows = assignments.assign(words=words)
    rows = rows[rows["place_id"].isin(places.index)]
    for number, (sector, part) in enumerate(rows.groupby("sector_l1", sort=False)):
        said = part.groupby("place_id", sort=False)["words"].agg("；".join)
        frame = places.loc[said.index].assign(assignments=said)
        frame.reset_index(drop=True).explore(
            m=figure, name=sector, color=COLOURS[number % len(COLOURS)],
            tooltip=["name", "assignments"], popup=False,
        )  # fmt: skip
    folium.LayerControl(collapsed=False).add_to(figure)
    return figure


def main() -> None:
    """Write the page."""
    target, assignments, *layers = sys.argv[1:]
    table = pd.read_csv(assignments, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    page(table, [gpd.read_file(layer) for layer in layers]).save(target)


if __name__ == "__main__":
    main()
