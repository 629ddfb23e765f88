"use strict";
/* What the map says in words: names with their sector marks, and the legend. */
(function () {
  const el = Caitu.el;
  const RAMP = ["#ffffff", "#dcebe6", "#b5d6cd", "#86bcb2", "#579f98"];
  const BREAKS = [0, 1, 3, 5, 7]; // sectors in a district, lower ends of the classes
  const NAME_ZOOM = 7; // places without assignments are named from this zoom on
  const POINT_ZOOM = 9; // points are drawn large and named from this zoom on
  const FEW = 12; // as many places or fewer are always named

  /* Names and sector marks, largest place first; what would overlap waits for a closer zoom. */
  function draw(view) {
    const group = view.groups.labels;
    group.clearLayers();
    const zoom = view.map.getZoom();
    const taken = [...view.shapes.covered];
    const order = [...view.places]
      .filter((place) => place.label && place.kind !== "province" && (view.shapes.bases.has(place.id)
        ? zoom >= NAME_ZOOM || view.byPlace.has(place.id)
        : view.byPlace.has(place.id) && (zoom >= POINT_ZOOM || view.byPlace.size <= FEW)))
      .sort((a, b) => weight(view, b) - weight(view, a));
    for (const place of order) {
      const tops = view.painted ? [] : view.tops(place.id);
      const name = place.kind === "unit" ? place.short : place.name;
      const width = Math.max(name.length * 12 + 6, Math.min(tops.length, 6) * 11 + 4);
      const height = 17 + Math.ceil(tops.length / 6) * 11;
      const at = view.map.project([place.label[1], place.label[0]], zoom);
      const down = place.shape.type === "Point" ? 12 + height / 2 : 0;
      const rect = [at.x - width / 2, at.y + down - height / 2, at.x + width / 2, at.y + down + height / 2];
      const clash = taken.some((other) => rect[0] < other[2] && rect[2] > other[0] && rect[1] < other[3] && rect[3] > other[1]);
      if (clash) continue;
      taken.push(rect);
      const marks = el("span", { class: "marks" }, ...tops.map((code) => Caitu.swatch(view.colour(code))));
      const node = el("span", { class: "caitu-label caitu-label-" + place.kind }, el("span", {}, name), marks);
      L.marker([place.label[1], place.label[0]], {
        icon: L.divIcon({ html: node, className: "caitu-label-box", iconSize: [width, height], iconAnchor: [width / 2, height / 2 - down] }),
        interactive: false, keyboard: false,
      }).addTo(group);
    }
  }

  function legend(view) {
    const target = document.getElementById("legend-fill");
    if (view.painted) {
      const wanted = [...(view.filter.wanted.sector || view.painted)];
      const keys = view.painted.map((code) => {
        const names = wanted.filter((each) => top(each) === code).map((each) => view.config.sectors[each].name);
        return el("li", {}, Caitu.swatch(view.colour(code)), " " + (names.join("、") || view.config.sectors[code].name));
      });
      target.replaceChildren(el("p", {}, keys.length > 1 ? "条纹：兼有几类；断续：仅探索" : "有布局任务的地点"), el("ul", { class: "painted" }, ...keys));
      return;
    }
    const keys = RAMP.map((colour, index) => {
      const low = BREAKS[index];
      const high = BREAKS[index + 1];
      const text = low === 0 ? "无" : high === undefined ? low + "+" : high - 1 === low ? String(low) : low + "–" + (high - 1);
      return el("li", {}, Caitu.swatch(colour), text);
    });
    target.replaceChildren(el("p", {}, "区县被安排的一级门类数"), el("ul", { class: "ramp" }, ...keys));
  }

  /* The colour of a place with so many sectors. */
  function shade(count) {
    return RAMP[BREAKS.reduce((found, low, index) => (count >= low ? index : found), 0)];
  }

  function top(sector) {
    return sector.split(".")[0];
  }

  function weight(view, place) {
    const assigned = view.byPlace.has(place.id) ? 1 : 0;
    const size = place.shape.type === "Point" ? 0 : place.area || 1;
    return assigned * 1e6 + size;
  }

  Caitu.labels = { draw, legend, shade };
})();
