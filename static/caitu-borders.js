"use strict";
/* The borders of all places: simple ones for a view from afar, those of a province as fine as
   they are once it is looked at from near. Both have the same arcs by number. */
(function () {
  const NEAR_ZOOM = 7; // from here on simple borders would show as such

  class Borders {
    constructor(topology, address) {
      this.topology = topology;
      this.address = address;
      this.near = new Map(); // province → its fine borders being fetched
    }

    /* The grey context, drawn by the browser alone: no position of it passes through a script. */
    backdrop(pane) {
      const { bounds, box, paths } = this.topology.backdrop;
      const drawn = Object.entries(paths).map(([name, d]) => Caitu.node("path", { d, class: name === "lines" ? "caitu-boundary-line" : "caitu-land", "data-land": name }));
      return L.svgOverlay(Caitu.node("svg", { viewBox: box.join(" "), preserveAspectRatio: "none", "aria-hidden": "true" }, ...drawn), bounds, { pane });
    }

    geojson(shape) { return shape.arcs ? topojson.feature(this.topology, shape).geometry : shape; }

    latlngs(shape) {
      const { type, coordinates } = this.geojson(shape);
      return L.GeoJSON.coordsToLatLngs(coordinates, type === "MultiPolygon" ? 2 : 1);
    }

    fine(zoom) { return zoom >= NEAR_ZOOM; }

    /* Fetches the fine borders of a province and puts them in the place of the simple ones. */
    async refine(province) {
      const fetched = Caitu.load(this.address.replace("borders.json", "borders-" + province + ".json"));
      this.near.set(province, fetched);
      try {
        const { scale, arcs } = await fetched;
        const ratio = scale / this.topology.transform.scale[0];
        for (const [number, arc] of Object.entries(arcs)) this.topology.arcs[number] = arc.map(([x, y]) => [x * ratio, y * ratio]);
        return true;
      } catch {
        this.near.delete(province); // the simple ones stay; the next move tries again
        return false;
      }
    }
  }

  Caitu.Borders = Borders;
})();
