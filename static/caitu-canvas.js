"use strict";
/* Leaflet's canvas, which keeps each outline as a path of the browser's own: a filter fills it anew
   without going through its points; those are new only when the map has moved. */
(function () {
  const outlines = new WeakMap(); // Leaflet's rings on the screen, made anew with every move → path

  function outline(rings) {
    if (!outlines.has(rings)) {
      const path = new Path2D();
      for (const ring of rings) {
        ring.forEach(({ x, y }, number) => (number ? path.lineTo(x, y) : path.moveTo(x, y)));
        path.closePath();
      }
      outlines.set(rings, path);
    }
    return outlines.get(rings);
  }

  Caitu.Canvas = L.Canvas.extend({
    _updatePoly({ _parts: rings, options }) {
      if (!this._drawing || !rings.length) return;
      const path = outline(rings);
      const pen = this._ctx;
      pen.globalAlpha = options.fillOpacity;
      pen.fillStyle = options.fillColor;
      pen.fill(path, "evenodd"); // holes are rings like others
      if (!options.stroke) return;
      pen.globalAlpha = options.opacity;
      pen.strokeStyle = options.color;
      pen.lineWidth = options.weight;
      pen.lineCap = options.lineCap;
      pen.lineJoin = options.lineJoin;
      pen.setLineDash(options._dashArray || []);
      pen.stroke(path);
    },
  });
})();
