"use strict";
/* The extent that the map shows, as `bbox` of the filter language, and what lies in it. */
(function () {
  /* West, south, east, north; west > east crosses the 180th meridian. Rounded as it is told. */
  function box(map) {
    const bounds = map.getBounds();
    const span = bounds.getEast() - bounds.getWest();
    const turn = (degrees) => ((((degrees + 180) % 360) + 360) % 360) - 180;
    const [west, east] = span >= 360 ? [-180, 180] : [turn(bounds.getWest()), turn(bounds.getEast())];
    return [west, Math.max(bounds.getSouth(), -90), east, Math.min(bounds.getNorth(), 90)].map((degrees) => Number(degrees.toFixed(4)));
  }

  /* Ids of the places with assignments whose shape meets the map's extent. */
  function places(view) {
    const [west, south, east, north] = box(view.map);
    const boxes = west <= east ? [[west, south, east, north]] : [[west, south, 180, north], [-180, south, east, north]];
    const found = [...view.byPlace.keys()].map((id) => view.byId.get(id)).filter((place) => place && place.shape);
    return new Set(found.filter(({ shape }) => boxes.some((each) => meets(shape, view.shapes.borders, each))).map((place) => place.id));
  }

  const frames = new WeakMap(); // of shapes, so that only those at the edge are looked at closely

  function meets(shape, borders, edge) {
    if (shape.type === "Point") return within([...shape.coordinates, ...shape.coordinates], edge);
    if (!frames.has(shape)) frames.set(shape, frame(polygons(borders.geojson(shape))));
    const [west, south, east, north] = frames.get(shape);
    if (west > edge[2] || east < edge[0] || south > edge[3] || north < edge[1]) return false;
    if (within([west, south, east, north], edge)) return true;
    return polygons(borders.geojson(shape)).some((rings) => rings.some((ring) => crosses(ring, edge)) || holds(rings, edge[0], edge[1]));
  }

  function polygons({ type, coordinates }) {
    return type === "Polygon" ? [coordinates] : coordinates;
  }

  function within(inner, outer) {
    return inner[0] >= outer[0] && inner[1] >= outer[1] && inner[2] <= outer[2] && inner[3] <= outer[3];
  }

  function frame(parts) {
    const found = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [ring] of parts) {
      for (const [x, y] of ring) {
        if (x < found[0]) found[0] = x;
        if (y < found[1]) found[1] = y;
        if (x > found[2]) found[2] = x;
        if (y > found[3]) found[3] = y;
      }
    }
    return found;
  }

  /* Whether a side of the ring meets the box: neither the axes nor the side's line part them. */
  function crosses(ring, [west, south, east, north]) {
    for (let i = 1; i < ring.length; i += 1) {
      const [ax, ay] = ring[i - 1];
      const [bx, by] = ring[i];
      if (Math.min(ax, bx) > east || Math.max(ax, bx) < west || Math.min(ay, by) > north || Math.max(ay, by) < south) continue;
      const side = (x, y) => (bx - ax) * (y - ay) - (by - ay) * (x - ax);
      const corners = [side(west, south), side(west, north), side(east, south), side(east, north)];
      if (Math.min(...corners) <= 0 && Math.max(...corners) >= 0) return true;
    }
    return false;
  }

  /* Whether a point lies in a polygon, by the even–odd rule; holes count as rings do. */
  function holds(rings, x, y) {
    let inside = false;
    for (const ring of rings) {
      for (let i = 1; i < ring.length; i += 1) {
        const [ax, ay] = ring[i - 1];
        const [bx, by] = ring[i];
        if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
      }
    }
    return inside;
  }

  Caitu.extent = { box, places };
})();
