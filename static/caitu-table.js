"use strict";
/* Downloads in the coordinate system that is chosen; without this script the form does it. */
(function () {
  const systems = document.querySelector("[data-systems]");
  if (!systems) return;
  const links = [...document.querySelectorAll("[data-download]")];
  function choose() {
    for (const link of links) {
      const address = new URL(link.href);
      if (systems.value) address.searchParams.set("crs", systems.value);
      else address.searchParams.delete("crs");
      link.href = address;
      const told = link.querySelector("[data-system]");
      told.textContent = systems.value || told.dataset.system;
    }
  }
  systems.addEventListener("change", choose);
  choose(); // going back, the browser restores the choice
})();
