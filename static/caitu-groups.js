"use strict";
/* What a group of the map holds. */
Caitu.hold = function (group, layers) {
  const wanted = new Set(layers);
  group.eachLayer((layer) => wanted.has(layer) || group.removeLayer(layer)); // most stay as they are
  for (const layer of wanted) group.addLayer(layer);
};
