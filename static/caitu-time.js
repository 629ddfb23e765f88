"use strict";
/* Stepping from plan to plan, and the day of the boundaries. Both are in the address and load the
   page anew; filter, position and chosen place go along. */
(function () {
  const strip = document.getElementById("time");
  if (!strip) return;
  const slider = document.getElementById("time-slider");
  const { mode, today } = strip.dataset;
  const at = Number(strip.dataset.at);
  const stops = [...strip.querySelectorAll(".time-stops [data-stop]")];
  const day = document.getElementById("as_of");
  const PAUSE = 250; // ms after the last key until the step is taken
  const KEPT = "caitu:time"; // the control in use, found again on the next page

  /* The address of a plan, or of all, with everything else as it is now. */
  function address(plan, asOf) {
    const view = Caitu.view;
    const query = new URLSearchParams(view ? view.filter.query : location.search);
    if (plan !== null) query.delete("plan");
    query.delete("as_of");
    const rest = query.toString();
    const parts = [plan && "plan=" + encodeURIComponent(plan), rest, asOf && "as_of=" + asOf].filter(Boolean);
    return location.pathname + (parts.length ? "?" + parts.join("&") : "") + (view ? view.hash() : location.hash);
  }

  /* What as_of a stop takes when the choice of the day stays. */
  function dayAt(stop, how) {
    if (how === "other") return day.defaultValue;
    if (how === "today") return stop.dataset.stop ? today : "";
    return stop.dataset.issued || "";
  }

  function go(target, control) {
    try { sessionStorage.setItem(KEPT, control); } catch { /* the focus is lost, nothing else */ }
    location.href = target;
  }

  /* Links say where they lead when they are used: the filter may have changed since the page came. */
  function aim(event) {
    const link = event.target.closest("a[href]");
    if (!link) return;
    const here = strip.querySelector('[data-told]:not([hidden])').dataset.told;
    if (link.dataset.stop !== undefined) link.href = address(link.dataset.stop, dayAt(link, mode));
    else if (link.dataset.day === "today") link.href = address(null, here ? today : "");
    else if (link.dataset.day === "issued") link.href = address(null, dayAt(stopOf(here), "issued"));
    if (link.id) try { sessionStorage.setItem(KEPT, link.id); } catch { /* as above */ }
  }

  function stopOf(plan) {
    return [...strip.querySelectorAll("[data-stop]")].find((node) => node.dataset.stop === plan);
  }

  for (const name of ["click", "auxclick"]) strip.addEventListener(name, aim);

  /* The slider tells each stop at once; the map follows when it rests. */
  let wait = 0;
  let keys = false;
  function tell() {
    const plan = stops[slider.value].dataset.stop;
    for (const node of strip.querySelectorAll("[data-told]")) node.hidden = node.dataset.told !== plan;
    for (const [number, node] of stops.entries()) node.classList.toggle("aimed", number === Number(slider.value));
    slider.setAttribute("aria-valuetext", strip.querySelector('[data-told="' + CSS.escape(plan) + '"] b').textContent);
  }
  function settle() {
    clearTimeout(wait);
    const stop = stops[slider.value];
    if (Number(slider.value) !== at) go(address(stop.dataset.stop, dayAt(stop, mode)), slider.id);
  }
  slider.hidden = false;
  slider.addEventListener("keydown", () => { keys = true; });
  slider.addEventListener("pointerdown", () => { keys = false; });
  slider.addEventListener("input", () => { clearTimeout(wait); tell(); });
  slider.addEventListener("change", () => { wait = setTimeout(settle, keys ? PAUSE : 0); });
  window.addEventListener("pageshow", () => { if (at < stops.length) { slider.value = at; tell(); } }); // back from another step

  /* A day that is typed counts when the field is left, by Enter or otherwise; one picked, at once. */
  let typed = false;
  function dated() {
    if (day.value === day.defaultValue) return;
    if (!day.checkValidity()) { day.reportValidity(); day.value = day.defaultValue; return; }
    go(address(null, day.value), day.id);
  }
  day.addEventListener("keydown", (event) => {
    typed = true;
    if (event.key === "Enter") { event.preventDefault(); dated(); }
  });
  day.addEventListener("pointerdown", () => { typed = false; });
  day.addEventListener("change", () => { if (!typed && day.checkValidity()) dated(); });
  day.addEventListener("blur", dated);

  /* The neighbours' shapes and assignments, where they are others, when a step is likely. */
  function preload() {
    for (const node of strip.querySelectorAll("[data-preload]")) {
      for (const url of node.dataset.preload.split(" ")) fetch(url).catch(() => {}); // the step will ask again
      node.removeAttribute("data-preload");
    }
  }
  for (const name of ["pointerenter", "focusin"]) strip.addEventListener(name, preload, { once: true });

  /* The map gives way to the explanation; it was not moved by hand. */
  strip.querySelector("details").addEventListener("toggle", () => {
    const view = Caitu.view;
    if (!view) return;
    const { moved } = view;
    view.map.invalidateSize({ animate: false, pan: false });
    view.moved = moved;
    view.remember("replaceState");
  });

  document.addEventListener("caitu:filter", () => setTimeout(() => {
    let control;
    try {
      control = sessionStorage.getItem(KEPT);
      sessionStorage.removeItem(KEPT);
    } catch { return; }
    const node = control && document.getElementById(control);
    if (node) (node.hasAttribute("aria-disabled") ? slider : node).focus({ preventScroll: true });
  }), { once: true });

  /* The plan chosen in the form: its own day, unless another was chosen. */
  function choose(view) {
    const query = Caitu.filter.read(view.form).query;
    const plans = query.getAll("plan");
    const stop = plans.length === 1 ? stopOf(plans[0]) : stops[0];
    if (mode !== "other") {
      const asOf = stop ? dayAt(stop, mode) : "";
      query.delete("as_of");
      if (asOf) query.set("as_of", asOf);
    }
    location.href = location.pathname + (query.toString() ? "?" + query : "") + view.hash();
  }

  Caitu.time = { choose };
})();
