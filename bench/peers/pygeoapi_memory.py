"""pygeoapi's Flask app under waitress, with a provider that keeps the features in memory.

python pygeoapi_memory.py PORT THREADS FEATURES FOLDER

The provider does what it can at start: a tree for boxes, an index for each property. What
is measured is pygeoapi, not a slow provider.
"""

from __future__ import annotations

import json
import os
import sys
from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import shapely
from pygeoapi.provider.base import BaseProvider, ProviderItemNotFoundError
from pygeofilter.backends.native.evaluate import NativeEvaluator


class Table:
    """The features of a GeoJSON file with their indexes."""

    def __init__(self, path: str) -> None:
        self.features = json.loads(Path(path).read_text("utf-8"))["features"]
        shapes = [shapely.geometry.shape(feature["geometry"]) for feature in self.features]
        self.tree = shapely.STRtree(shapes)
        self.index: dict[tuple[str, str], set[int]] = defaultdict(set)
        for number, feature in enumerate(self.features):
            for name, value in feature["properties"].items():
                self.index[name, str(value)].add(number)
        self.fields = {name: {"type": "string"} for name in self.features[0]["properties"]}


@cache
def table(path: str) -> Table:
    """Load a file once; pygeoapi makes a new provider for each request."""
    return Table(path)


class Memory(BaseProvider):
    """Features of a GeoJSON file, all in memory."""

    def __init__(self, provider_def: dict[str, Any]) -> None:
        super().__init__(provider_def)
        self.table = table(self.data)
        self._fields = self.table.fields

    def get_fields(self) -> dict[str, dict[str, str]]:
        """Names and types of the properties."""
        return self._fields

    def query(
        self,
        offset: int = 0,
        limit: int = 10,
        bbox: Sequence[float] = (),
        properties: Sequence[tuple[str, str]] = (),
        filterq: object = None,
        **_: object,
    ) -> dict[str, Any]:
        """Keep the features that a query asks for, and a page of them."""
        chosen = range(len(self.table.features))
        if len(bbox):
            chosen = sorted(self.table.tree.query(shapely.box(*bbox), predicate="intersects"))
        for name, value in properties:
            found = self.table.index.get((name, value), set())
            chosen = [number for number in chosen if number in found]
        features = [self.table.features[number] for number in chosen]
        if filterq is not None:
            keeps = NativeEvaluator(
                attribute_map={"*": "properties.*"}, use_getattr=False
            ).evaluate(filterq)
            features = [feature for feature in features if keeps(feature)]
        page = features[offset : offset + limit]
        return {
            "type": "FeatureCollection",
            "features": page,
            "numberMatched": len(features),
            "numberReturned": len(page),
        }

    def get(self, identifier: str, **_: object) -> dict[str, Any]:
        """One feature by its id."""
        for feature in self.table.features:
            if feature["id"] == identifier:
                return feature
        raise ProviderItemNotFoundError(identifier)


def configuration(port: int, data: str) -> dict[str, Any]:
    """The least that pygeoapi needs to serve one collection."""
    address = f"http://127.0.0.1:{port}"
    return {
        "server": {
            "bind": {"host": "127.0.0.1", "port": port},
            "url": address,
            "mimetype": "application/json; charset=UTF-8",
            "encoding": "utf-8",
            "languages": ["zh-CN"],
            "pretty_print": False,
            "gzip": False,
            "limits": {"default_items": 10, "max_items": 10000},
            "map": {"url": address, "attribution": ""},
        },
        "logging": {"level": "ERROR"},
        "metadata": {
            "identification": {
                "title": "bench",
                "description": "bench",
                "keywords": ["bench"],
                "terms_of_service": "",
                "url": address,
            },
            "license": {"name": "", "url": address},
            "provider": {"name": "bench", "url": address},
            "contact": {"name": "bench"},
        },
        "resources": {
            "districts": {
                "type": "collection",
                "title": "districts",
                "description": "districts",
                "keywords": ["districts"],
                "extents": {"spatial": {"bbox": [97, 26, 123, 35]}},
                "providers": [
                    {
                        "type": "feature",
                        "name": "pygeoapi_memory.Memory",
                        "data": data,
                        "id_field": "id",
                    }
                ],
            }
        },
    }


def main() -> None:
    """Serve until ended."""
    port, threads, data, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
    files = {"PYGEOAPI_CONFIG": "config.yml", "PYGEOAPI_OPENAPI": "openapi.yml"}
    documents = (configuration(port, data), {"openapi": "3.0.2", "paths": {}})
    for (variable, name), document in zip(files.items(), documents, strict=True):
        path = Path(folder) / f"pygeoapi-{name}"
        path.write_text(json.dumps(document), "utf-8")  # JSON is YAML
        os.environ[variable] = str(path)
    import waitress
    from pygeoapi.flask_app import APP

    waitress.serve(APP, host="127.0.0.1", port=port, threads=threads)


if __name__ == "__main__":
    main()
