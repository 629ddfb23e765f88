"use strict";
/* What the map says in words: names with their sector marks, and the legend. */
(function () {
  const { el, t, zh } = Caitu;
  const RAMP = ["#ffffff", "#dcebe6", "#b5d6cd", "#86bcb2", "#579f98"];
  const BREAKS = [0, 1, 3, 5, 7]; // sectors in a district, lower ends of the classes
  const NAME_ZOOM = 7; // places without assignments are named from this zoom on
  const POINT_ZOOM = 9; // points are drawn large and named from this zoom on
  const IN_ROW = 6; // sector marks beside each other
  const SOME = 30; // names on a map of all China
  const FEW = 12; // as many places or fewer are always named

  /* Names and sector marks: places with assignments first, larger ones before smaller; what would
     overlap waits for a closer zoom, what is out of sight for its turn. */
  function draw(view) {
    const { map, byPlace, shapes } = view;
    const shown = [];
    const zoom = map.getZoom();
    const seen = map.getBounds().pad(0.2);
    const [south, west, north, east] = [seen.getSouth(), seen.getWest(), seen.getNorth(), seen.getEast()];
    const dots = zoom >= POINT_ZOOM || byPlace.size <= FEW;
    const wanted = sorted(view).filter(({ id, label: [lon, lat] }) => lat > south && lat < north && lon > west && lon < east
      && (shapes.bases.has(id) ? zoom >= NAME_ZOOM || byPlace.has(id) : dots && byPlace.has(id)));
    const taken = [...shapes.covered];
    let room = shapes.far ? SOME : Infinity;
    for (const assigned of [true, false]) {
      for (const place of wanted) {
        if (byPlace.has(place.id) !== assigned || !room) continue;
        if (!fits(view, place, zoom, taken)) continue;
        shown.push(marker(view, place));
        room -= 1;
      }
    }
    Caitu.hold(view.groups.labels, shown);
  }

  /* The width and height of a name with its sector marks, and how far below its place it stands. */
  function box(view, place) {
    const tops = view.painted ? [] : view.tops(place.id);
    const height = 17 + Math.ceil(tops.length / IN_ROW) * 11;
    return [Math.max(named(place).length * 12 + 6, Math.min(tops.length, IN_ROW) * 11 + 4), height, place.shape.type === "Point" ? 12 + height / 2 : 0];
  }

  function named(place) { return place.kind === "unit" ? place.short : place.name; }

  /* Takes the room for a name, if there is any. */
  function fits(view, place, zoom, taken) {
    const [width, height, down] = box(view, place);
    const at = view.map.project([place.label[1], place.label[0]], zoom);
    const rect = [at.x - width / 2, at.y + down - height / 2, at.x + width / 2, at.y + down + height / 2];
    if (taken.some((other) => rect[0] < other[2] && rect[2] > other[0] && rect[1] < other[3] && rect[3] > other[1])) return false;
    taken.push(rect);
    return true;
  }

  function marker(view, place) {
    const tops = view.painted ? [] : view.tops(place.id);
    const key = tops.join();
    if (!place.markers) place.markers = new Map();
    if (!place.markers.has(key)) {
      const [width, height, down] = box(view, place);
      const node = el("span", { class: "caitu-label caitu-label-" + place.kind }, el("span", {}, zh(named(place))), tops.length ? marks(view, tops) : null);
      place.markers.set(key, L.marker([place.label[1], place.label[0]], {
        icon: L.divIcon({ html: node, className: "caitu-label-box", iconSize: [width, height], iconAnchor: [width / 2, height / 2 - down] }),
        interactive: false, keyboard: false,
      }));
    }
    return place.markers.get(key);
  }

  /* A small square for each sector of a place. */
  function marks(view, tops) {
    const [columns, lines] = [Math.min(tops.length, IN_ROW), Math.ceil(tops.length / IN_ROW)];
    const squares = tops.map((code, number) => Caitu.node("rect", {
      x: (number % IN_ROW) * 11, y: Math.floor(number / IN_ROW) * 11, width: 10, height: 10, fill: view.colour(code),
    }));
    return Caitu.node("svg", { class: "marks", width: columns * 11, height: lines * 11, "aria-hidden": "true" }, ...squares);
  }

  function sorted(view) {
    const size = (place) => (place.shape.type === "Point" ? 0 : place.area || 1);
    if (!view.labelled) view.labelled = view.places.filter((place) => place.label && place.kind !== "province").sort((a, b) => size(b) - size(a));
    return view.labelled;
  }

  function legend(view) {
    const target = document.getElementById("legend-fill");
    if (view.painted) {
      const wanted = [...(view.filter.wanted.sector || view.painted)];
      const keys = view.painted.map((code) => {
        const names = wanted.filter((each) => each.split(".")[0] === code).map((each) => view.config.sectors[each].name);
        return el("li", {}, Caitu.swatch(view.colour(code)), " " + (names.join(t("、")) || view.config.sectors[code].name));
      });
      target.replaceChildren(el("p", {}, keys.length > 1 ? t("条纹：兼有几类；断续：仅探索") : t("有布局任务的地点")), el("ul", { class: "painted" }, ...keys));
      return;
    }
    const keys = RAMP.map((colour, index) => {
      const low = BREAKS[index];
      const high = BREAKS[index + 1];
      const text = low === 0 ? t("无") : high === undefined ? low + "+" : high - 1 === low ? String(low) : low + "–" + (high - 1);
      return el("li", {}, Caitu.swatch(colour), text);
    });
    target.replaceChildren(el("p", {}, t("区县被安排的一级门类数")), el("ul", { class: "ramp" }, ...keys));
  }

  /* The colour of a place with so many sectors. */
  function shade(count) {
    return RAMP[BREAKS.reduce((found, low, index) => (count >= low ? index : found), 0)];
  }

  Caitu.labels = { draw, legend, shade };
})();
