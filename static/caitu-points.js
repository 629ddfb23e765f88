"use strict";
/* Dots that would lie on each other at a distance stand as one with their number. */
(function () {
  const APART = 30; // px between two dots that can be told apart, and across a cluster
  const OPEN_ZOOM = 7.5; // every dot stands for itself from this zoom on

  /* Groups places by where they fall on the screen; the chosen place stays alone. */
  function clusters(map, places, chosen) {
    const zoom = map.getZoom();
    if (zoom >= OPEN_ZOOM) return places.map((place) => [place]);
    const found = [];
    for (const place of places) {
      const [lon, lat] = place.shape.coordinates;
      const at = map.project([lat, lon], zoom);
      const near = place.id !== chosen && found.find((group) => group.open && group.at.distanceTo(at) < APART);
      if (near) near.members.push(place);
      else found.push({ at, open: place.id !== chosen, members: [place] });
    }
    return found.map((group) => group.members);
  }

  function bounds(members) {
    return L.latLngBounds(members.map(({ shape: { coordinates: [lon, lat] } }) => [lat, lon]));
  }

  /* Where they stand as one: at the first, so that no two such dots touch. */
  function seat([{ shape: { coordinates: [lon, lat] } }]) {
    return L.latLng(lat, lon);
  }

  const made = new Map(); // dots for several places, by their ids

  function cluster(map, members) {
    const key = members.map((place) => place.id).join();
    if (!made.has(key)) made.set(key, together(map, members));
    return made.get(key);
  }

  /* One dot for several places: how many, and by a click or key the way in. */
  function together(map, members) {
    const names = members.map((place) => place.name);
    const open = () => {
      const box = bounds(members);
      map.flyToBounds(box.pad(0.3), { maxZoom: 10, duration: 0.4 });
      if (map.getBoundsZoom(box.pad(0.3)) < OPEN_ZOOM) map.once("moveend", () => map.setZoom(Math.max(map.getZoom(), OPEN_ZOOM)));
    };
    const label = Caitu.t("{n} 个地点：{names}", { n: members.length, names: names.slice(0, 6).join(Caitu.t("、")) + (names.length > 6 ? Caitu.t("等") : "") });
    const dot = L.marker(seat(members), {
      keyboard: true, alt: label,
      icon: L.divIcon({ html: Caitu.el("span", {}, String(members.length)), className: "caitu-cluster", iconSize: [24, 24] }),
    });
    dot.on("add", () => dot.getElement().setAttribute("aria-label", label)); // Leaflet names images only
    dot.on("click", open).on("keypress", (event) => {
      if (event.originalEvent.key !== "Enter") return;
      open();
      land(map, members[0].id);
    });
    return dot;
  }

  /* The keyboard goes on from the first of the dots, once they stand apart. */
  function land(map, id) {
    map.once("moveend", () => {
      if (![document.body, map.getContainer()].includes(document.activeElement)) return; // used elsewhere
      const node = map.getContainer().querySelector('.caitu-park[data-place="' + CSS.escape(id) + '"]');
      if (node) node.focus({ preventScroll: true });
      else land(map, id);
    });
  }

  /* What a cluster covers at a zoom: left, top, right, bottom in pixels. */
  function extent(map, members) {
    const at = map.project(seat(members), map.getZoom());
    return [at.x - APART / 2, at.y - APART / 2, at.x + APART / 2, at.y + APART / 2];
  }

  Caitu.points = { clusters, cluster, extent };
})();
