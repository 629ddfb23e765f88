"use strict";
/* The drawn places: made once, then only their style follows the filter. Districts are paths that
   have names; many of them (all China) are drawn on a canvas instead. */
(function () {
  const MANY = 600; // districts a browser can restyle as paths while one waits
  const OUTLINE_ZOOM = 5.5; // many districts have outlines from this zoom on
  const POINT_ZOOM = 9; // points are drawn large and named from this zoom on
  const CHOSEN = "#c2410c";
  const MIXED = "#3b3355"; // the outline of what has several sectors

  class Shapes {
    constructor(view, borders) {
      Object.assign(this, { view, borders, map: view.map, groups: view.groups });
      this.bases = new Map(); // place → its own outline
      this.overlays = new Map(); // place that lies over districts → what fills it
      this.dots = new Map(); // place that is a point → its dot
      this.crosses = new Map(); // place that an industry leaves → its cross
      this.covered = []; // by clusters of dots
      this.makeBases();
    }

    /* Puts everything on the map, once that stands where it is to stand: a move draws all anew. */
    show() {
      this.borders.backdrop("caitu-context").addTo(this.groups.context);
      for (const layer of this.bases.values()) layer.addTo(layer.place.kind === "functional_area" ? this.groups.areas : this.groups.districts);
      for (const group of [this.groups.districts, this.groups.areas, this.groups.parks]) {
        group.on("click", (event) => this.click(event));
        group.bindTooltip(({ place, options }) => (place ? this.view.tip(place) : Caitu.el("span", {}, options.alt)), { sticky: true, direction: "top", opacity: 1 });
      }
      this.map.getContainer().addEventListener("keydown", (event) => this.press(event));
      this.draw();
      this.refine();
      this.map.on("moveend", () => this.refine());
      this.map.on("zoomend", () => {
        if (this.far !== this.isFar()) this.draw();
        else this.drawPoints();
      });
    }

    click(event) {
      if (!event.layer.place) return;
      L.DomEvent.stopPropagation(event);
      this.view.select(event.layer.place.id);
    }

    press(event) {
      const { place } = event.target.dataset;
      if (!place || (event.key !== "Enter" && event.key !== " ")) return;
      event.preventDefault();
      this.view.select(place);
    }

    /* With a base map on, the grey context and the districts let it through. */
    letThrough() {
      this.tiles = false;
      this.map.eachLayer((layer) => { if (layer instanceof L.TileLayer) this.tiles = true; });
      this.map.getPane("caitu-context").classList.toggle("see-through", this.tiles);
      this.draw();
    }

    home(place, homes = this.view.homes) {
      return place.level === "county" && place.provinces.some((code) => homes.includes(code));
    }

    makeBases() {
      const { view } = this;
      const named = new Set(view.rows.filter((row) => !view.plans.length || view.plans.includes(row.plan)).map((row) => row.place));
      const shown = view.places.filter((place) => place.shape && place.shape.arcs && place.kind !== "province"
        && (this.home(place) || place.kind === "functional_area" || named.has(place.id)));
      this.canvas = shown.length > MANY ? new Caitu.Canvas({ pane: "caitu-districts" }) : null;
      for (const place of shown) {
        const area = place.kind === "functional_area";
        const look = this.look(place);
        const layer = L.polygon(this.borders.latlngs(place.shape), {
          pane: area ? "caitu-areas" : "caitu-districts", ...(this.canvas && !area ? { renderer: this.canvas } : {}),
          className: area ? "caitu-area" : this.home(place) ? "caitu-district" : "caitu-outer", ...look,
        });
        Object.assign(layer, { place, worn: look, assigned: false });
        this.name(layer);
        this.bases.set(place.id, layer);
      }
    }

    /* Gives a drawn path a name for screen readers, tests and the keyboard. */
    name(layer) {
      layer.on("add", () => {
        const node = layer.getElement && layer.getElement();
        if (!node) return;
        node.setAttribute("data-place", layer.place.id);
        node.setAttribute("aria-label", layer.place.name);
        node.setAttribute("role", "button");
        node.setAttribute("tabindex", "0");
      });
    }

    /* Where a place is; of a point, the point. */
    bounds(place) {
      if (place.shape.type === "Point") return L.latLngBounds([[place.shape.coordinates[1], place.shape.coordinates[0]]]);
      const base = this.bases.get(place.id);
      return base ? base.getBounds() : L.polygon(this.borders.latlngs(place.shape)).getBounds();
    }

    /* Some provinces whole. */
    homeBounds(homes) {
      const bounds = L.latLngBounds([]);
      for (const layer of this.bases.values()) if (this.home(layer.place, homes)) bounds.extend(layer.getBounds());
      return bounds;
    }

    /* Near by, the borders of the provinces in view become as fine as they are known. */
    async refine() {
      if (!this.borders.fine(this.map.getZoom())) return;
      const seen = this.map.getBounds();
      const layers = [...this.bases.values(), ...this.overlays.values()];
      const provinces = new Set(layers.filter((layer) => seen.intersects(layer.getBounds())).flatMap(({ place }) => place.provinces));
      const asked = [...provinces].filter((code) => !this.borders.near.has(code));
      const came = await Promise.all(asked.map((code) => this.borders.refine(code)));
      const fine = new Set(asked.filter((_, number) => came[number]));
      if (!fine.size) return;
      for (const layer of [...this.bases.values(), ...this.overlays.values()]) {
        if (layer.place.provinces.some((code) => fine.has(code))) layer.setLatLngs(this.borders.latlngs(layer.place.shape));
      }
    }

    /* How a place's own outline looks now. */
    look(place) {
      const { view } = this;
      const area = place.kind === "functional_area";
      const county = place.level === "county";
      const rough = place.quality === "indicative";
      const rows = view.painted && county ? view.byPlace.get(place.id) : null;
      const chosen = place.id === view.selected;
      const look = {
        stroke: !this.far || rough || chosen || !county, color: rough ? "#6b3fa0" : "#6f7a75", weight: rough ? 2 : this.canvas ? 0.5 : 0.9, dashArray: rough ? "6 4" : null, fill: true,
        fillColor: view.painted ? "#ffffff" : Caitu.labels.shade(view.tops(place.id).length),
        fillOpacity: area ? 0 : (county ? 0.95 : 0.6) * (this.tiles ? 0.5 : 1),
      };
      if (rows) {
        look.fillColor = Caitu.paint.ground(rows, view, this.canvas);
        if (!rough) Object.assign(look, this.outline(place, rows));
      }
      return chosen ? { ...look, color: CHOSEN, weight: 3 } : look;
    }

    /* The line around what is assigned: broken where all is only explored. */
    outline(place, rows) {
      const own = this.view.tops(place.id);
      const explore = rows.every((row) => row.action === "explore");
      return {
        stroke: explore || !this.far || place.level !== "county", color: own.length === 1 ? this.view.colour(own[0]) : MIXED,
        weight: explore ? 2 : 1, dashArray: explore ? "5 4" : null,
      };
    }

    /* Too far away for the outlines of many districts. */
    isFar() {
      return Boolean(this.canvas) && this.map.getZoom() < OUTLINE_ZOOM;
    }

    /* Follows the filter and the chosen place. */
    draw() {
      const { view } = this;
      this.far = this.isFar();
      for (const [id, layer] of this.bases) {
        const look = this.look(layer.place);
        const assigned = Boolean(view.painted && layer.place.level === "county" && view.byPlace.has(id));
        if (!same(look, layer.worn)) {
          layer.setStyle(look); // most places look as before
          if (id === view.selected || (assigned && !this.canvas)) layer.bringToFront();
        }
        if (assigned !== layer.assigned) mark(layer, assigned);
        Object.assign(layer, { worn: look, assigned });
      }
      const places = [...view.byPlace.keys()].map((id) => view.byId.get(id)).filter((place) => place && place.shape);
      this.points = places.filter((place) => place.shape.type === "Point");
      const [first] = view.painted || [];
      for (const [key, group] of Object.entries(this.groups)) {
        if (key.startsWith("sector:")) Caitu.hold(group, key === "sector:" + first ? places.flatMap((place) => this.assigned(place)) : []);
      }
      for (const layer of this.crosses.values()) layer.bringToFront(); // over every fill
      this.drawPoints();
    }

    /* Dots far from each other by themselves, others together. */
    drawPoints() {
      const { map } = this;
      const groups = Caitu.points.clusters(map, this.points, this.view.selected);
      Caitu.hold(this.groups.parks, groups.map((members) => (members.length === 1 ? this.dot(members[0]) : Caitu.points.cluster(map, members))));
      this.covered = groups.filter((members) => members.length > 1).map((members) => Caitu.points.extent(map, members));
    }

    /* What lies over districts is filled apart from its outline; what an industry leaves is crossed. */
    assigned(place) {
      const { view } = this;
      if (!place.shape.arcs) return [];
      const rows = view.byPlace.get(place.id);
      const layers = [];
      if (place.level !== "county") {
        if (!this.overlays.has(place.id)) {
          const layer = L.polygon(this.borders.latlngs(place.shape), { pane: "caitu-sectors", interactive: false, className: "caitu-assigned" });
          layer.place = place;
          layer.on("add", () => layer.getElement().setAttribute("data-place", place.id));
          this.overlays.set(place.id, layer);
        }
        const fill = Caitu.paint.over(rows, view);
        if (place.kind === "functional_area" && fill.fillOpacity < 0.75) fill.fillOpacity = Math.min(fill.fillOpacity, 0.35);
        const outer = place.kind === "province" ? { fill: false, weight: 3 } : { fill: true };
        layers.push(this.overlays.get(place.id).setStyle({ ...this.outline(place, rows), ...fill, ...outer }));
      }
      if (rows.some((row) => row.action === "phase_out")) {
        if (!this.crosses.has(place.id)) this.crosses.set(place.id, cross(this.bounds(place), place));
        layers.push(this.crosses.get(place.id));
      }
      return layers;
    }

    dot(place) {
      const { view } = this;
      const rows = view.byPlace.get(place.id);
      const own = view.tops(place.id);
      const chosen = place.id === view.selected;
      const proxy = place.quality === "proxy";
      const colour = view.painted && own.length === 1 ? view.colour(own[0]) : MIXED;
      const fill = view.painted ? Caitu.paint.dot(rows, view) : colour;
      const look = {
        radius: (this.map.getZoom() < POINT_ZOOM ? 5 : 7) + (chosen ? 2 : 0), weight: chosen ? 3 : 2, color: chosen ? CHOSEN : colour,
        fillColor: proxy && !(view.painted && own.length > 1) ? "#ffffff" : fill, fillOpacity: 0.9, dashArray: proxy ? "3 3" : null,
      };
      if (!this.dots.has(place.id)) {
        const [lon, lat] = place.shape.coordinates;
        const dot = L.circleMarker([lat, lon], { pane: "caitu-areas", className: "caitu-park caitu-assigned" });
        dot.place = place;
        this.name(dot);
        this.dots.set(place.id, dot);
      }
      const dot = this.dots.get(place.id);
      if (!same(look, dot.worn)) dot.setStyle(look);
      dot.worn = look;
      return dot;
    }
  }

  function same(look, worn) {
    return Boolean(worn) && Object.keys(look).every((name) => look[name] === worn[name]);
  }

  function mark(layer, assigned) {
    const node = layer.getElement && layer.getElement();
    if (node) node.classList.toggle("caitu-assigned", assigned);
  }

  /* A cross over a place that an industry leaves. */
  function cross(bounds, place) {
    const [lon, lat] = place.label;
    const half = Math.min(bounds.getNorth() - bounds.getSouth(), bounds.getEast() - bounds.getWest()) / 5;
    const lines = [[[lat - half, lon - half], [lat + half, lon + half]], [[lat - half, lon + half], [lat + half, lon - half]]];
    return L.polyline(lines, { pane: "caitu-sectors", interactive: false, color: "#7f1d1d", weight: 3, className: "caitu-phase-out", opacity: 0.9 });
  }

  Caitu.Shapes = Shapes;
})();
