"""PostGIS for tipg, and its ST_AsMVT alone, through psycopg.

python postgis.py load ADDRESS FEATURES            create the table and fill it
python postgis.py answer ADDRESS TILES             write each tile in hexadecimal, a line each
python postgis.py rate ADDRESS TILES SECONDS START CONNECTIONS
                                                   print tiles per second

TILES is a file of lines `zoom column row`.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
from psycopg import sql

TYPES = {str: "text", int: "bigint", float: "double precision", bool: "boolean"}


def load(address: str, features_file: str) -> None:
    """Put a FeatureCollection into the table `districts`, indexed as an administrator would."""
    features = json.loads(Path(features_file).read_text("utf-8"))["features"]
    names = [name for name in features[0]["properties"] if name not in {"id", "geom"}]
    columns = {}
    for name in names:
        kinds = {type(f["properties"][name]) for f in features} - {type(None)}
        kind = float if kinds == {int, float} else kinds.pop() if len(kinds) == 1 else str
        columns[name] = TYPES.get(kind, "jsonb")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION postgis")
        connection.execute(
            sql.SQL(
                "CREATE TABLE districts (id text PRIMARY KEY, {}, geom geometry(Geometry, 4326))"
            ).format(
                sql.SQL(", ").join(
                    sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind))
                    for name, kind in columns.items()
                )
            )
        )
        insert = sql.SQL("INSERT INTO districts VALUES (%s, {}, ST_GeomFromGeoJSON(%s))").format(
            sql.SQL(", ").join([sql.Placeholder()] * len(names))
        )
        for feature in features:
            values = [feature["properties"][name] for name in names]
            values = [json.dumps(v) if isinstance(v, dict | list) else v for v in values]
            connection.execute(insert, [feature["id"], *values, json.dumps(feature["geometry"])])
        connection.execute("CREATE INDEX ON districts USING gist (geom)")
        for name in names:
            if columns[name] == "text":
                connection.execute(
                    sql.SQL("CREATE INDEX ON districts ({})").format(sql.Identifier(name))
                )
        connection.execute("VACUUM ANALYZE districts")


def statement(connection: psycopg.Connection) -> sql.Composed:
    """`SELECT ST_AsMVT…` with all properties, as tipg answers."""
    found = connection.execute("SELECT * FROM districts LIMIT 0").description or []
    names = [sql.Identifier(column.name) for column in found if column.name != "geom"]
    return sql.SQL(
        "SELECT ST_AsMVT(t, 'districts') FROM (SELECT {}, ST_AsMVTGeom(ST_Transform(geom, 3857), "
        "ST_TileEnvelope(%(z)s, %(x)s, %(y)s), 4096, 256, true) AS geom FROM districts "
        "WHERE geom && ST_Transform(ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => 0.0625), 4326)"
        ") t WHERE geom IS NOT NULL"
    ).format(sql.SQL(", ").join(names))


def answers(address: str, tiles: list[dict[str, int]]) -> None:
    """Write each tile in hexadecimal."""
    with psycopg.connect(address, autocommit=True) as connection:
        query = statement(connection)
        for tile in tiles:
            row = connection.execute(query, tile, binary=True).fetchone()
            print(bytes(row[0]).hex() if row else "")


def rate(address: str, tiles: list[dict[str, int]], seconds: float, start: int,
         connections: int) -> float:  # fmt: skip
    """Tiles per second over some connections, each with a prepared statement."""
    ready = threading.Barrier(connections)

    def work(number: int) -> int:
        with psycopg.connect(address, autocommit=True) as connection:
            query, count = statement(connection), 0
            connection.execute(query, tiles[0], prepare=True, binary=True)
            ready.wait(10)
            end = time.perf_counter() + seconds
            while time.perf_counter() < end:
                tile = tiles[(start + number + count * connections) % len(tiles)]
                connection.execute(query, tile, prepare=True, binary=True).fetchone()
                count += 1
            return count

    with ThreadPoolExecutor(connections) as pool:
        return sum(pool.map(work, range(connections))) / seconds


def main() -> None:
    """Do what the command line asks."""
    action, address, file = sys.argv[1:4]
    if action == "load":
        load(address, file)
        return
    lines = Path(file).read_text("ascii").splitlines()
    tiles = [dict(zip("zxy", map(int, line.split()), strict=True)) for line in lines]
    if action == "answer":
        answers(address, tiles)
    else:
        print(rate(address, tiles, float(sys.argv[4]), *map(int, sys.argv[5:7])))


if __name__ == "__main__":
    main()
