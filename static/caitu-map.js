"use strict";
/* Fills the layers that Folium made from the one geometry resource, and redraws them
   whenever the filter changes. */
(function () {
  const el = Caitu.el;
  const POINT_ZOOM = 9; // points are drawn large and named from this zoom on

  Caitu.start = async function (map, groups, config) {
    const box = map.getContainer();
    const status = document.getElementById("status");
    try {
      const { borders, geometry, rows } = box.dataset;
      const [shapes, drawn, table] = await Promise.all([borders, geometry, rows].map(fetchJson));
      const view = new View(map, groups, config, shapes, drawn.places, table.rows, box.dataset);
      Caitu.view = view;
      status.hidden = true;
      box.setAttribute("data-ready", "true");
    } catch (error) {
      status.textContent = "地图数据没有载入（" + error.message + "）。请刷新页面；若仍不成功，请联系管理员。";
      status.classList.add("failed");
      throw error;
    }
  };

  async function fetchJson(url) {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error("HTTP " + answer.status);
    return answer.json();
  }

  class View {
    constructor(map, groups, config, borders, places, rows, urls) {
      Object.assign(this, { map, groups, config, rows, urls });
      map.setMinZoom(3).setMaxZoom(14).attributionControl.setPrefix("Leaflet · Folium");
      L.control.scale({ imperial: false }).addTo(map);
      this.form = document.getElementById("filters");
      this.drawer = document.getElementById("drawer");
      this.selected = null;
      this.order = Object.keys(config.sectors).filter((code) => code === top(code));
      this.places = places.map((feature) => ({
        id: feature.id, ...feature.properties, shape: shape(borders, feature.geometry), text: feature.properties.name,
      }));
      const plans = new URLSearchParams(location.search).getAll("plan").filter((id) => config.homes[id]);
      this.plans = plans;
      this.homes = plans.length ? plans.map((id) => config.homes[id]) : config.provinces;
      this.byId = new Map(this.places.map((place) => [place.id, place]));
      this.drawContext(borders);
      this.drawPlaces();
      this.listen();
      document.getElementById("legend").open = map.getContainer().clientWidth > 600;
      this.refresh(false);
      this.fit();
      this.restore();
      this.map.on("moveend", () => { this.moved = true; this.remember("replaceState"); });
      this.remember("replaceState"); // names in the address become the codes of the form
    }

    /* The view, which is no filter, lives behind the address's #: position, once moved, and place. */
    restore() {
      const hash = new URLSearchParams(location.hash.slice(1));
      const place = hash.get("place");
      this.show(this.byId.has(place) ? place : null);
      const view = (hash.get("map") || "").split("/").map(parseFloat);
      if (view.length === 3 && view.every(Number.isFinite)) {
        this.moved = true;
        this.map.setView(view.slice(1), view[0], { animate: false });
      }
    }

    hash() {
      const parts = [];
      const { lat, lng } = this.map.getCenter();
      if (this.moved) parts.push("map=" + [this.map.getZoom(), lat.toFixed(4), lng.toFixed(4)].join("/"));
      if (this.selected) parts.push("place=" + encodeURIComponent(this.selected));
      const tab = Caitu.numbers && Caitu.numbers.tab();
      if (tab) parts.push("numbers=" + tab);
      return parts.length ? "#" + parts.join("&") : "";
    }

    /* Shows the provinces of the chosen plans whole; without a choice, all that have a plan. */
    fit() {
      const bounds = L.latLngBounds([]);
      for (const [id, layer] of this.bases) {
        const place = this.byId.get(id);
        if (place.level === "county" && place.provinces.some((code) => this.homes.includes(code))) bounds.extend(layer.getBounds());
      }
      if (bounds.isValid()) this.map.fitBounds(bounds, { animate: false });
    }

    drawContext(borders) {
      const grey = { pane: "caitu-context", interactive: false, weight: 0.8, color: "#b9bdb6", fillColor: "#eceee9", fillOpacity: 1 };
      const line = { ...grey, fill: false, color: "#8a8f88", weight: 1.6, className: "caitu-boundary-line" };
      for (const drawn of Object.values(borders.objects)) {
        L.geoJSON(shape(borders, drawn), { style: drawn.type.endsWith("LineString") ? line : grey }).addTo(this.groups.context);
      }
    }

    /* With a base map on, the grey context and the districts let it through. */
    letThrough() {
      this.tiles = false;
      this.map.eachLayer((layer) => { if (layer instanceof L.TileLayer) this.tiles = true; });
      this.groups.context.eachLayer((layer) => layer.setStyle({ fillOpacity: this.tiles ? 0 : 1 }));
      this.drawFills();
    }

    /* Base shapes stay; only their style changes with the filter. */
    drawPlaces() {
      this.bases = new Map();
      const named = new Set(this.rows.filter((row) => !this.plans.length || this.plans.includes(row.plan)).map((row) => row.place));
      for (const place of this.places) {
        if (!place.shape || place.shape.type === "Point") continue;
        const home = place.level === "county" && place.provinces.some((code) => this.homes.includes(code));
        const area = place.kind === "functional_area";
        if (place.kind === "province") continue; // only its outline is drawn, where a sector is chosen
        if (!home && !area && !named.has(place.id)) continue;
        const layer = L.geoJSON(place.shape, {
          pane: area ? "caitu-areas" : "caitu-districts",
          style: { className: area ? "caitu-area" : home ? "caitu-district" : "caitu-outer" },
        });
        this.bases.set(place.id, layer);
        this.attach(layer, place);
        layer.addTo(area ? this.groups.areas : this.groups.districts);
      }
      for (const group of [this.groups.districts, this.groups.areas]) {
        this.map.on("layeradd", (event) => event.layer === group && this.name(group));
        this.name(group);
      }
    }

    /* Gives the drawn paths a name for screen readers, tests and the keyboard. */
    name(group) {
      group.eachLayer((layer) => layer.eachLayer && layer.eachLayer((path) => {
        const node = path.getElement && path.getElement();
        if (!node || !layer.place) return;
        node.setAttribute("data-place", layer.place.id);
        node.setAttribute("aria-label", layer.place.name);
        node.setAttribute("role", "button");
        node.setAttribute("tabindex", "0");
        node.onkeydown = (event) => {
          if (event.key === "Enter" || event.key === " ") { event.preventDefault(); this.select(layer.place.id); }
        };
      }));
    }

    attach(layer, place) {
      layer.place = place;
      layer.on("click", (event) => { L.DomEvent.stopPropagation(event); this.select(place.id); });
      layer.bindTooltip(() => this.tip(place), { sticky: true, direction: "top", opacity: 1 });
    }

    tip(place) {
      const rows = this.byPlace.get(place.id) || [];
      const lines = [el("strong", {}, place.name), " " + (rows.length ? rows.length + " 条任务" : "没有任务")];
      if (place.quality !== "published") lines.push(el("br"), el("span", { class: "fine" }, this.config.qualities[place.quality]));
      return el("div", {}, ...lines);
    }

    listen() {
      this.drawer.addEventListener("scroll", () => { this.scrolled = true; }, { passive: true });
      const changed = () => this.refresh("pushState");
      this.form.addEventListener("change", changed);
      this.form.addEventListener("submit", (event) => { event.preventDefault(); changed(); });
      let wait = 0;
      this.form.elements.q.addEventListener("input", () => {
        clearTimeout(wait);
        wait = setTimeout(() => { this.refresh("replaceState"); this.suggest(); }, 120);
      });
      this.form.elements.q.addEventListener("change", (event) => event.stopPropagation());
      document.addEventListener("click", (event) => {
        if (!event.target.closest(".search")) document.getElementById("suggestions").hidden = true;
      });
      document.getElementById("clear").addEventListener("click", (event) => { event.preventDefault(); this.clear(); });
      for (const name of ["as_of", "plan"]) {
        this.form.elements[name].addEventListener("change", (event) => {
          event.stopPropagation(); // both decide the boundaries: the page is loaded anew
          location.href = location.pathname + "?" + Caitu.filter.read(this.form).query.toString();
        });
      }
      window.addEventListener("popstate", () => {
        const query = new URLSearchParams(location.search);
        const other = (name) => (query.get(name) || "") !== this.form.elements[name].value;
        if (other("as_of") || other("plan")) return location.reload();
        Caitu.filter.write(this.form, location.search);
        this.refresh(false);
        this.restore();
        this.remember("replaceState"); // the address says what is shown
      });
      document.addEventListener("keydown", (event) => event.key === "Escape" && this.selected && this.select(null));
      this.map.on("click", () => this.select(null));
      this.map.on("overlayadd overlayremove", (event) => event.layer instanceof L.TileLayer && this.letThrough());
      this.map.on("zoomend", () => { this.drawFills(); Caitu.labels.draw(this); });
    }

    clear() {
      if (["as_of", "in_force", "bbox"].some((name) => this.filter.query.has(name))) {
        location.href = location.pathname; // these are the server's: the page is loaded anew
        return;
      }
      Caitu.filter.write(this.form, "");
      this.select(null);
      this.refresh("pushState");
    }

    remember(how) {
      const search = this.filter.query.toString();
      const address = location.pathname + (search ? "?" + search : "") + this.hash();
      if (address !== location.pathname + location.search + location.hash) history[how](null, "", address);
    }

    refresh(record) {
      const filter = Caitu.filter.read(this.form);
      this.filter = filter;
      this.kept = this.rows.filter((row) => Caitu.filter.keeps(row, filter));
      this.byPlace = new Map();
      for (const row of this.kept) {
        if (!this.byPlace.has(row.place)) this.byPlace.set(row.place, []);
        this.byPlace.get(row.place).push(row);
      }
      const tops = new Set(this.kept.map((row) => top(row.sector)));
      this.painted = tops.size && tops.size <= Caitu.paint.MOST ? this.order.filter((code) => tops.has(code)) : null;
      this.drawFills();
      Caitu.labels.draw(this);
      Caitu.labels.legend(this);
      this.drawPanel();
      this.drawCounts();
      const search = filter.query.toString();
      document.getElementById("download").href = this.urls.export + (search ? "?" + search : "");
      if (record) this.remember(record);
      document.dispatchEvent(new CustomEvent("caitu:filter", { detail: this }));
    }

    tops(id) {
      const rows = this.byPlace.get(id);
      if (!rows) return [];
      if (!rows.tops) rows.tops = [...new Set(rows.map((row) => top(row.sector)))];
      return rows.tops;
    }

    colour(code) { return this.config.sectors[code].colour; }

    drawFills() {
      for (const [id, layer] of this.bases) {
        const area = layer.place.kind === "functional_area";
        const chosen = id === this.selected;
        const rough = layer.place.quality === "indicative";
        const style = {
          color: chosen ? "#c2410c" : rough ? "#6b3fa0" : "#6f7a75",
          weight: chosen ? 3 : rough ? 2 : 0.9,
          dashArray: rough ? "6 4" : null,
          fill: true,
          fillColor: this.painted ? "#ffffff" : Caitu.labels.shade(this.tops(id).length),
          fillOpacity: area ? 0 : (layer.place.level === "county" ? 0.95 : 0.6) * (this.tiles ? 0.5 : 1),
        };
        const worn = Object.values(style).join();
        if (layer.worn !== worn) layer.setStyle(style); // most places look as before
        layer.worn = worn;
        if (chosen) layer.bringToFront();
      }
      for (const [key, group] of Object.entries(this.groups)) if (key.startsWith("sector:")) group.clearLayers();
      this.groups.parks.clearLayers();
      this.covered = [];
      const shown = this.places.filter((place) => place.shape && this.byPlace.has(place.id));
      for (const place of shown) if (place.shape.type !== "Point") this.drawPlace(place);
      const points = shown.filter((place) => place.shape.type === "Point");
      for (const members of Caitu.points.clusters(this.map, points, this.selected)) {
        if (members.length === 1) {
          this.drawPlace(members[0]);
          continue;
        }
        Caitu.points.cluster(this.map, members).addTo(this.groups.parks);
        this.covered.push(Caitu.points.extent(this.map, members));
      }
      this.name(this.groups.areas);
    }

    drawPlace(place) {
      const rows = this.byPlace.get(place.id);
      const point = place.shape.type === "Point";
      const chosen = place.id === this.selected;
      const group = this.painted ? this.groups["sector:" + this.painted[0]] : this.groups.parks;
      const own = this.tops(place.id);
      const colour = this.painted && own.length === 1 ? this.colour(own[0]) : "#3b3355";
      const fillColor = this.painted ? Caitu.paint.fill(rows, this.order, (code) => this.colour(code), point) : colour;
      const explore = rows.every((row) => row.action === "explore");
      const leaves = rows.some((row) => row.action === "phase_out");
      if (point) {
        const proxy = place.quality === "proxy";
        const [lon, lat] = place.shape.coordinates;
        const dot = L.circleMarker([lat, lon], {
          pane: "caitu-areas", radius: (this.map.getZoom() < POINT_ZOOM ? 5 : 7) + (chosen ? 2 : 0), weight: chosen ? 3 : 2, color: chosen ? "#c2410c" : colour,
          fillColor: proxy && !(this.painted && own.length > 1) ? "#ffffff" : fillColor, fillOpacity: 0.9, dashArray: proxy ? "3 3" : null,
          className: "caitu-park caitu-assigned",
        });
        this.attach(dot, place);
        dot.addTo(group);
        mark(dot, place);
      } else if (this.painted) {
        const fill = L.geoJSON(place.shape, {
          pane: "caitu-sectors", interactive: false,
          style: {
            className: "caitu-assigned" + (explore ? " caitu-explore" : ""), color: colour, weight: explore ? 2 : 1,
            dashArray: explore ? "5 4" : null, fillColor,
            fillOpacity: own.length > 1 ? 0.75 : explore ? 0.18 : place.kind === "functional_area" ? 0.35 : 0.55,
            ...(place.kind === "province" ? { fill: false, weight: 3 } : {}),
          },
        });
        fill.addTo(group);
        fill.eachLayer((path) => mark(path, place));
        if (leaves) cross(place).addTo(group);
      }
    }

    drawPanel() {
      const context = {
        config: this.config, byPlace: this.byPlace, places: this.places, rows: this.kept, filtered: !this.filter.empty,
        select: (id) => this.select(id, true), clear: () => this.clear(), districtUrl: this.urls.district,
      };
      const target = this.selected && this.byId.get(this.selected);
      this.drawer.replaceChildren(...(target ? Caitu.panel.place(target, context) : Caitu.panel.list(context)).filter(Boolean));
      if (this.scrolled) this.drawer.scrollTop = 0; // even asking where it stands would lay out the page
      this.scrolled = false;
    }

    drawCounts() {
      const counts = Caitu.filter.counts(this.rows, this.filter);
      for (const node of this.form.querySelectorAll("[data-count]")) {
        const count = String(counts.get(node.dataset.count) || 0);
        if (node.shown === count) continue;
        node.textContent = node.shown = count;
        node.closest("label").classList.toggle("zero", count === "0");
      }
    }

    select(id, move) {
      if (this.selected === id) return;
      this.show(id, move);
      this.remember("pushState");
      document.dispatchEvent(new CustomEvent("caitu:select", { detail: this }));
    }

    show(id, move) {
      if (this.selected === id) return;
      this.selected = id;
      this.drawFills();
      Caitu.labels.draw(this);
      this.drawPanel();
      document.body.classList.toggle("has-selection", Boolean(id));
      const heading = this.drawer.querySelector("h2");
      if (heading) { heading.tabIndex = -1; heading.focus({ preventScroll: true }); }
      const place = id && this.byId.get(id);
      if (move && place && place.shape) {
        if (place.shape.type === "Point") this.map.setView([place.label[1], place.label[0]], Math.max(this.map.getZoom(), 10));
        else this.map.fitBounds(L.geoJSON(place.shape).getBounds(), { maxZoom: 10, padding: [40, 40] });
      }
    }

    suggest() {
      const target = document.getElementById("suggestions");
      const text = this.form.elements.q.value.trim();
      const found = text ? this.places.filter((place) => place.name.includes(text) || place.short.includes(text)).slice(0, 8) : [];
      target.replaceChildren(...found.map((place) => el("li", {}, el("button", {
        type: "button",
        on: { click: () => { this.form.elements.q.value = ""; target.hidden = true; this.refresh("replaceState"); this.select(place.id, true); } },
      }, place.name, el("small", {}, this.config.kinds[place.kind])))));
      target.hidden = !found.length;
    }
  }

  function shape(borders, drawn) {
    return drawn && drawn.arcs ? topojson.feature(borders, drawn).geometry : drawn;
  }

  function top(sector) {
    return sector.split(".")[0];
  }

  function mark(path, place) {
    const node = path.getElement();
    if (node) node.setAttribute("data-place", place.id);
  }

  /* A cross over a place that an industry leaves. */
  function cross(place) {
    const bounds = L.geoJSON(place.shape).getBounds();
    const [lon, lat] = place.label;
    const half = Math.min(bounds.getNorth() - bounds.getSouth(), bounds.getEast() - bounds.getWest()) / 5;
    const lines = [[[lat - half, lon - half], [lat + half, lon + half]], [[lat - half, lon + half], [lat + half, lon - half]]];
    return L.polyline(lines, { pane: "caitu-sectors", interactive: false, color: "#7f1d1d", weight: 3, className: "caitu-phase-out", opacity: 0.9 });
  }
})();
