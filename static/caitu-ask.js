"use strict";
/* Asks for the data of the map, which comes while the map is made. */
(function () {
  const { borders, geometry, rows } = document.getElementById("map_main").dataset;
  Caitu.asked = Promise.all([borders, geometry, rows].map(Caitu.load));
  Caitu.asked.catch(() => {}); // said by what waits for it (caitu-map.js)
})();
