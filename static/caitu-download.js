"use strict";
/* Downloads in the coordinate system that is chosen, and beside the map of what it shows;
   without this script the links and the form of the server do it. */
(function () {
  const systems = document.querySelector("[data-systems]");
  if (!systems) return;
  const links = [...document.querySelectorAll("[data-download]")];

  function choose(query) {
    for (const link of links) {
      const address = new URL(link.href);
      if (query) address.search = query.toString();
      const told = link.querySelector("[data-system]");
      if (told && systems.value) address.searchParams.set("crs", systems.value);
      else address.searchParams.delete("crs");
      link.href = address;
      if (told) told.textContent = systems.value || told.dataset.system;
    }
  }

  const panel = document.getElementById("take");
  if (panel) beside();
  else {
    systems.addEventListener("change", () => choose());
    choose(); // going back, the browser restores the choice
  }

  /* Beside the map: a panel that opens, and follows the filter and the extent while it is open. */
  function beside() {
    const opener = document.getElementById("show-take");
    const extent = document.getElementById("take-extent");
    const found = document.getElementById("take-found");
    let view = null;

    function follow() {
      if (panel.hidden || !view) return;
      const query = new URLSearchParams(view.filter.query);
      extent.disabled = query.has("bbox"); // the address cuts already
      const cut = extent.checked && !extent.disabled;
      if (cut) query.set("bbox", Caitu.extent.box(view.map).join(","));
      const inside = cut && Caitu.extent.places(view);
      const count = cut ? view.kept.filter((row) => inside.has(row.place)).length : view.kept.length;
      found.textContent = cut ? Caitu.t("{n} 条布局任务，在地图范围内", { n: count }) : Caitu.t("{n} 条布局任务", { n: count });
      choose(query);
    }

    function show(open) {
      panel.hidden = !open;
      opener.setAttribute("aria-expanded", String(open));
      follow();
      if (open) panel.querySelector("h2").focus();
    }

    opener.addEventListener("click", () => show(panel.hidden));
    panel.querySelector("[data-close]").addEventListener("click", () => { show(false); opener.focus(); });
    panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      show(false);
      opener.focus();
    });
    for (const control of [systems, extent]) control.addEventListener("change", follow);
    for (const button of opener.parentElement.children) if (button !== opener) button.addEventListener("click", () => show(false));
    document.addEventListener("caitu:filter", ({ detail }) => {
      if (!view) detail.map.on("moveend", follow);
      view = detail;
      follow();
    });
  }
})();
