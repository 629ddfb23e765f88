"use strict";
/* How a place shows its sectors and actions: plain colour, stripes or slices, never colour alone.
   Patterns are made once and drawn by the browser; a filter only changes which one a shape uses. */
(function () {
  const { node } = Caitu;
  const STRIPE = 7; // px
  const MOST = 4; // sectors that stripes can tell apart
  const PLAIN = 0.55; // how much of its sector's colour a district shows: one sector,
  const STRIPED = 0.75; // several,
  const EXPLORED = 0.18; // and one that is only explored
  let defs = null;
  const tiles = new Map();

  function define(id, make) {
    if (!defs) {
      defs = node("defs", {});
      document.body.append(node("svg", { class: "caitu-patterns", "aria-hidden": "true" }, defs));
    }
    if (!document.getElementById(id)) defs.append(make(id));
    return "url(#" + id + ")";
  }

  /* A colour thinned with white. */
  function tint(colour, share) {
    const parts = [1, 3, 5].map((at) => Math.round(255 - (255 - parseInt(colour.slice(at, at + 2), 16)) * share));
    return "#" + parts.map((part) => part.toString(16).padStart(2, "0")).join("");
  }

  /* The sectors of some rows, in the order of the tree; explored only, or more. */
  function sectorsOf(rows, order) {
    const found = new Map();
    for (const row of rows) found.set(row.top, (found.has(row.top) ? found.get(row.top) : true) && row.action === "explore");
    return [...found].sort((a, b) => order.indexOf(a[0]) - order.indexOf(b[0])).map(([code, explored]) => ({ code, explored }));
  }

  function key(sectors) {
    return sectors.map(({ code, explored }) => code + (explored ? "_" : "")).join("-");
  }

  /* The bands of a tile of stripes, one for each sector; what is only explored is broken. */
  function bands(sectors, colour) {
    const size = STRIPE * Math.max(sectors.length, 2);
    const rects = sectors.flatMap(({ code, explored }, number) => {
      const x = number * STRIPE;
      if (!explored) return [{ x, y: 0, width: STRIPE, height: size, fill: colour(code) }];
      return [0, 1].map((half) => ({ x: x + 1, y: half * size / 2, width: STRIPE - 2, height: size / 4, fill: colour(code) }));
    });
    return { size, rects: [{ x: 0, y: 0, width: size, height: size, fill: "#ffffff" }, ...rects] };
  }

  /* Diagonal stripes. */
  function stripes(name, sectors, colour) {
    return define(name + "-" + key(sectors), (id) => {
      const { size, rects } = bands(sectors, colour);
      return node("pattern", { id, width: size, height: size, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
        ...rects.map((rect) => node("rect", rect)));
    });
  }

  /* The same stripes for what is drawn on a canvas. */
  function canvasStripes(name, sectors, colour) {
    const id = name + "-" + key(sectors);
    if (!tiles.has(id)) {
      const { size, rects } = bands(sectors, colour);
      const tile = document.createElement("canvas");
      const ratio = window.devicePixelRatio > 1 ? 2 : 1; // as Leaflet's canvas
      tile.width = tile.height = size * ratio;
      const context = tile.getContext("2d");
      context.scale(ratio, ratio);
      for (const { x, y, width, height, fill } of rects) {
        context.fillStyle = fill;
        context.fillRect(x, y, width, height);
      }
      const pattern = context.createPattern(tile, "repeat");
      pattern.setTransform(new DOMMatrix().rotate(45).scale(1 / ratio));
      tiles.set(id, pattern);
    }
    return tiles.get(id);
  }

  /* Slices of a dot. */
  function slices(sectors, colour) {
    return define("slices-" + key(sectors), (id) => {
      const at = (turn) => [0.5 + Math.sin(turn * 2 * Math.PI), 0.5 - Math.cos(turn * 2 * Math.PI)].join(" ");
      const parts = sectors.map(({ code, explored }, number) => {
        const [from, to] = [number / sectors.length, (number + 1) / sectors.length];
        return node("path", {
          d: "M0.5 0.5L" + at(from) + "A1 1 0 " + (to - from > 0.5 ? 1 : 0) + " 1 " + at(to) + "Z", fill: colour(code), "fill-opacity": explored ? 0.35 : 1,
        });
      });
      return node("pattern", { id, width: 1, height: 1, patternContentUnits: "objectBoundingBox" },
        node("rect", { width: 1, height: 1, fill: "#ffffff" }), ...parts);
    });
  }

  /* What fills a dot: one sector its colour, two to four their slices. */
  function dot(rows, { order, colour }) {
    const sectors = sectorsOf(rows, order);
    return sectors.length === 1 ? colour(sectors[0].code) : slices(sectors, colour);
  }

  /* What fills a district: thinned, as nothing lies under it. */
  function ground(rows, { order, colour }, canvas) {
    const sectors = sectorsOf(rows, order);
    if (sectors.length === 1) return tint(colour(sectors[0].code), sectors[0].explored ? EXPLORED : PLAIN);
    return (canvas ? canvasStripes : stripes)("ground", sectors, (code) => tint(colour(code), STRIPED));
  }

  /* What fills an outline over districts, which show through. */
  function over(rows, { order, colour }) {
    const sectors = sectorsOf(rows, order);
    if (sectors.length > 1) return { fillColor: stripes("stripes", sectors, colour), fillOpacity: STRIPED };
    return { fillColor: colour(sectors[0].code), fillOpacity: sectors[0].explored ? EXPLORED : PLAIN };
  }

  Caitu.paint = { MOST, dot, ground, over, tint };
})();
