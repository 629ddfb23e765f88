"""Reads a layer with PyQGIS and prints what it sees; runs in the system's Python.

Usage: qgis_reader.py oapif ADDRESS COLLECTION [FILTER [BOX [count]]]
       qgis_reader.py gpkg FILE LAYER
"""

import json
import sys

from qgis.core import (
    QgsApplication,
    QgsDataSourceUri,
    QgsFeatureRequest,
    QgsRectangle,
    QgsVectorLayer,
)
from qgis.PyQt.QtCore import QDate, QDateTime, Qt


def plain(value):
    """A value as JSON has it."""
    if isinstance(value, (QDate, QDateTime)):
        return value.toString(Qt.ISODate)
    if value is None or (hasattr(value, "isNull") and value.isNull()):
        return None
    return value


def open_layer(kind, source, name):
    """The layer of an API or of a file."""
    if kind == "gpkg":
        return QgsVectorLayer(f"{source}|layername={name}", name, "ogr")
    uri = QgsDataSourceUri()
    uri.setParam("typename", name)
    uri.setParam("url", source)
    return QgsVectorLayer(uri.uri(False), name, "OAPIF")


def main():
    """Print one line of JSON."""
    kind, source, name, where, box, count = (sys.argv[1:] + [""] * 3)[:6]
    QgsApplication.setPrefixPath("/usr", True)
    application = QgsApplication([], False)
    application.initQgis()
    layer = open_layer(kind, source, name)
    said = {"valid": layer.isValid(), "crs": layer.crs().authid()}
    if layer.isValid() and not count:
        request = QgsFeatureRequest()
        if where:
            layer.setSubsetString(where) if kind == "gpkg" else request.setFilterExpression(where)
        if box:
            request.setFilterRect(QgsRectangle(*map(float, box.split(","))))
        names = [field.name() for field in layer.fields()]
        said["features"] = [
            {key: plain(feature[key]) for key in names} for feature in layer.getFeatures(request)
        ]
        renderer = layer.renderer()
        if kind == "gpkg" and renderer is not None:
            said["renderer"] = renderer.type()
            said["labels"] = layer.labelsEnabled()
            if renderer.type() == "categorizedSymbol":
                said["attribute"] = renderer.classAttribute()
                said["colours"] = {
                    category.value(): category.symbol().color().name()
                    for category in renderer.categories()
                }
    print(json.dumps(said, ensure_ascii=False))


main()
