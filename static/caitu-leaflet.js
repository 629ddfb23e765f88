"use strict";
/* Runs before Leaflet, which finds out by an error whether the browser is an old Internet Explorer:
   to phrase the error, the engine would read all of Leaflet a second time. */
document.namespaces = { add() { /* of Internet Explorer; Leaflet uses it there only */ } };
