"use strict";
/* The filter language in the page: the form is its state, the address its copy.
   A row is kept when, for every facet, it answers to one of the values wanted (caitu-data.js). */
(function () {
  const FACETS = ["plan", "sector", "action", "stage", "place", "province", "region", "kind", "quality"];
  const CARRIED = ["as_of", "in_force", "bbox"]; // applied by the server

  function read(form) {
    const wanted = {};
    const query = new URLSearchParams();
    const data = new FormData(form);
    for (const name of FACETS) {
      const values = data.getAll(name).filter(Boolean);
      if (!values.length) continue;
      wanted[name] = new Set(values);
      for (const value of values) query.append(name, value);
    }
    for (const name of CARRIED) for (const value of data.getAll(name)) if (value) query.append(name, value);
    const q = (data.get("q") || "").trim();
    if (q) query.append("q", q);
    const words = q.toLowerCase().split(/\s+/).filter(Boolean);
    return { wanted, words, query, empty: !words.length && !Object.keys(wanted).filter((name) => name !== "plan").length && !query.has("bbox") && !query.has("in_force") };
  }

  function write(form, search) {
    const query = new URLSearchParams(search);
    for (const box of form.querySelectorAll("input[type=checkbox]")) {
      box.checked = query.getAll(box.name).includes(box.value);
    }
    for (const select of form.querySelectorAll("select")) select.value = query.get(select.name) || "";
    form.elements.q.value = query.get("q") || "";
  }

  /* The places to choose from: many, and of no use before the map is drawn. */
  function choices(select, places, kinds) {
    const { selectedOptions: [chosen], dataset: { without = null } } = select;
    const groups = Object.entries(kinds).map(([kind, label]) => {
      const members = places.filter((place) => place.kind === kind && place.level !== without);
      return members.length ? Caitu.el("optgroup", { label }, ...members.map(({ id, name }) => Caitu.el("option", { value: id, lang: Caitu.lang(name) }, name))) : "";
    });
    select.replaceChildren(select.options[0], ...groups);
    select.value = chosen.value;
    if (select.value === chosen.value) return;
    select.append(chosen); // the address asks for it, the map does not draw it
    chosen.selected = true;
  }

  Caitu.filter = { FACETS, read, write, choices };
})();
