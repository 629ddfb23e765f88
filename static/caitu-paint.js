"use strict";
/* How a place shows its sectors and actions: plain colour, stripes or slices, never colour alone.
   Patterns are made once and drawn by the browser; a filter only changes which one a shape uses. */
(function () {
  const SPACE = "http://www.w3.org/2000/svg";
  const STRIPE = 7; // px
  const MOST = 4; // sectors that stripes can tell apart
  let defs = null;

  function node(tag, attributes, ...children) {
    const made = document.createElementNS(SPACE, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  function define(id, make) {
    if (!defs) {
      defs = node("defs", {});
      document.body.append(node("svg", { class: "caitu-patterns", "aria-hidden": "true" }, defs));
    }
    if (!document.getElementById(id)) defs.append(make(id));
    return "url(#" + id + ")";
  }

  /* The sectors of some rows, in the order of the tree; explored only, or more. */
  function sectorsOf(rows, order) {
    const found = new Map();
    for (const row of rows) {
      const code = row.sector.split(".")[0];
      found.set(code, (found.has(code) ? found.get(code) : true) && row.action === "explore");
    }
    return [...found].sort((a, b) => order.indexOf(a[0]) - order.indexOf(b[0])).map(([code, explored]) => ({ code, explored }));
  }

  function key(sectors) {
    return sectors.map(({ code, explored }) => code + (explored ? "_" : "")).join("-");
  }

  /* Diagonal stripes, one for each sector; what is only explored is broken. */
  function stripes(sectors, colour) {
    return define("stripes-" + key(sectors), (id) => {
      const size = STRIPE * Math.max(sectors.length, 2);
      const bands = sectors.flatMap(({ code, explored }, number) => {
        const x = number * STRIPE;
        if (!explored) return [node("rect", { x, y: 0, width: STRIPE, height: size, fill: colour(code) })];
        return [0, 1].map((half) => node("rect", { x: x + 1, y: half * size / 2, width: STRIPE - 2, height: size / 4, fill: colour(code) }));
      });
      return node("pattern", { id, width: size, height: size, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
        node("rect", { width: size, height: size, fill: "#ffffff" }), ...bands);
    });
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

  /* What fills a place: one sector its colour, two to four their stripes (slices on a dot). */
  function fill(rows, order, colour, dot) {
    const sectors = sectorsOf(rows, order);
    if (sectors.length === 1) return colour(sectors[0].code);
    return (dot ? slices : stripes)(sectors, colour);
  }

  Caitu.paint = { MOST, node, fill };
})();
