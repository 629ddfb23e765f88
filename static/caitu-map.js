"use strict";
/* The page's state: the filter, the chosen place and the position, and what follows from them. */
(function () {
  const { el, t, zh } = Caitu;

  const box = document.getElementById("map_main");

  Caitu.start = async function (map, groups, config) {
    const status = document.getElementById("status");
    try {
      const [shapes, drawn, table] = await Caitu.asked;
      const view = new View(map, groups, config, new Caitu.Borders(shapes, box.dataset.borders), drawn.places, new Caitu.Table(table), box.dataset);
      Caitu.view = view;
      status.hidden = true;
      box.setAttribute("data-ready", "true");
    } catch (error) {
      status.textContent = t("地图数据没有载入（{reason}）。请刷新页面；若仍不成功，请联系管理员。", { reason: error.message });
      status.classList.add("failed");
      throw error;
    }
  };

  class View {
    constructor(map, groups, config, borders, places, table, urls) {
      Object.assign(this, { map, groups, config, table, rows: table.rows, urls });
      map.setMinZoom(3).setMaxZoom(14).attributionControl.setPrefix("Leaflet · Folium");
      L.control.scale({ imperial: false }).addTo(map);
      const names = { "zoom-in": t("放大"), "zoom-out": t("缩小"), "layers-toggle": t("选择图层") };
      for (const [part, name] of Object.entries(names)) {
        const control = map.getContainer().querySelector(".leaflet-control-" + part);
        control.title = name;
        control.setAttribute("aria-label", name);
      }
      this.form = document.getElementById("filters");
      this.drawer = document.getElementById("drawer");
      this.selected = null;
      this.order = Object.keys(config.sectors).filter((code) => !code.includes("."));
      this.colour = (code) => config.sectors[code].colour;
      this.places = places.map((place) => ({ short: place.name, note: "", confidence: "", parents: [], provinces: [], ...place }));
      const choices = () => Caitu.filter.choices(this.form.elements.place, this.places, config.kinds);
      if (Caitu.address.file) {
        choices();
        Caitu.filter.write(this.form, Caitu.address.query()); // the server did not see it
      } else Caitu.later.add("choices", choices);
      this.plans = Caitu.address.file ? [] : this.chosenPlans(); // a file changes its plan without loading anew
      this.homes = this.homesOf(this.plans);
      this.byId = new Map(this.places.map((place) => [place.id, place]));
      this.keep();
      this.shapes = new Caitu.Shapes(this, borders);
      document.getElementById("legend").open = map.getSize().x > 600;
      this.fit();
      this.position();
      this.shapes.show();
      this.drawWords();
      Caitu.later.add("beside", () => this.drawBeside());
      this.show(this.hashed());
      this.listen();
      this.remember("replaceState"); // names in the address become the codes of the form
    }

    chosenPlans() { return Caitu.filter.read(this.form).query.getAll("plan").filter((id) => this.config.homes[id]); }

    homesOf(plans) { return plans.length ? plans.map((id) => this.config.homes[id]) : this.config.provinces; }

    /* The view, which is no filter, lives behind the address's #: position, once moved, and place. */
    hashed() {
      const place = Caitu.address.view().get("place");
      return this.byId.has(place) ? place : null;
    }

    position() {
      const view = (Caitu.address.view().get("map") || "").split("/").map(parseFloat);
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
      if (Caitu.numbers) parts.push(...Caitu.numbers.hash());
      return parts.length ? "#" + parts.join("&") : "";
    }

    /* Shows the provinces of the chosen plans whole; without a choice, all that have a plan. */
    fit() {
      const bounds = this.shapes.homeBounds(this.homesOf(this.chosenPlans()));
      if (bounds.isValid()) this.map.fitBounds(bounds, { animate: false });
    }

    tip(place) {
      const rows = this.byPlace.get(place.id) || [];
      const lines = [el("strong", {}, zh(place.name)), " " + (rows.length ? t("{n} 条任务", { n: rows.length }) : t("没有任务"))];
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
      this.form.elements.plan.addEventListener("change", (event) => {
        event.stopPropagation(); // decides the boundaries: the page is loaded anew
        if (!Caitu.address.file) return Caitu.time.choose(this);
        changed();
        this.fit();
      });
      window.addEventListener("popstate", () => {
        Caitu.later.now("address");
        const query = new URLSearchParams(Caitu.address.query());
        const other = (name) => (query.get(name) || "") !== this.form.elements[name].value;
        if (!Caitu.address.file && (other("as_of") || other("plan"))) return location.reload();
        Caitu.filter.write(this.form, Caitu.address.query());
        this.refresh(false);
        this.show(this.hashed());
        this.position();
        this.remember("replaceState"); // the address says what is shown
      });
      document.addEventListener("keydown", (event) => event.key === "Escape" && this.selected && this.select(null));
      this.map.on("click", () => this.select(null));
      this.map.on("overlayadd overlayremove", (event) => event.layer instanceof L.TileLayer && this.shapes.letThrough());
      this.map.on("moveend", () => { this.moved = true; this.remember("replaceState"); });
      this.map.on("moveend", () => Caitu.labels.draw(this));
    }

    clear() {
      if (!Caitu.address.file && ["as_of", "in_force", "bbox"].some((name) => this.filter.query.has(name))) {
        return Caitu.address.open(""); // these are the server's: the page is loaded anew
      }
      Caitu.filter.write(this.form, "");
      this.select(null);
      this.refresh("pushState");
    }

    remember(how) {
      Caitu.later.now("address");
      Caitu.address.remember(this.filter.query.toString(), this.hash(), how);
    }

    /* Selects the rows of the form's filter. */
    keep() {
      this.filter = Caitu.filter.read(this.form);
      Object.assign(this, this.table.select(this.filter));
      const tops = new Set(this.kept.map((row) => row.top));
      this.painted = tops.size && tops.size <= Caitu.paint.MOST ? this.order.filter((code) => tops.has(code)) : null;
    }

    /* The map first; what stands beside it follows once that is painted. */
    refresh(record) {
      Caitu.later.now("address"); // the step before has its own entry in the history
      this.keep();
      this.shapes.draw();
      if (record) Caitu.later.add("address", () => this.remember(record));
      if (this.shapes.canvas && record) Caitu.later.add("words", () => this.drawWords());
      else this.drawWords();
      Caitu.later.add("beside", () => this.drawBeside());
    }

    /* What the map says in words. */
    drawWords() {
      Caitu.labels.draw(this);
      Caitu.labels.legend(this);
      this.drawCounts();
    }

    drawBeside() {
      this.drawPanel();
      document.dispatchEvent(new CustomEvent("caitu:filter", { detail: this }));
    }

    /* The top-level sectors of a place. */
    tops(id) {
      const rows = this.byPlace.get(id);
      if (!rows) return [];
      if (!rows.tops) rows.tops = [...new Set(rows.map((row) => row.top))];
      return rows.tops;
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
      this.counters = this.counters || [...this.form.querySelectorAll("[data-count]")];
      for (const node of this.counters) {
        const count = String(this.counts.get(node.dataset.count) || 0);
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
      this.shapes.draw();
      Caitu.labels.draw(this);
      if (!Caitu.later.now("beside")) this.drawPanel();
      document.body.classList.toggle("has-selection", Boolean(id));
      const heading = this.drawer.querySelector("h2");
      if (heading) { heading.tabIndex = -1; heading.focus({ preventScroll: true }); }
      const place = id && this.byId.get(id);
      if (move && place && place.shape) {
        if (place.shape.type === "Point") this.map.setView([place.label[1], place.label[0]], Math.max(this.map.getZoom(), 10));
        else this.map.fitBounds(this.shapes.bounds(place), { maxZoom: 10, padding: [40, 40] });
      }
    }

    suggest() {
      const target = document.getElementById("suggestions");
      const text = this.form.elements.q.value.trim();
      const found = text ? this.places.filter((place) => place.name.includes(text) || place.short.includes(text)).slice(0, 8) : [];
      target.replaceChildren(...found.map((place) => el("li", {}, el("button", {
        type: "button",
        on: { click: () => { this.form.elements.q.value = ""; target.hidden = true; this.refresh("replaceState"); this.select(place.id, true); } },
      }, zh(place.name), el("small", {}, this.config.kinds[place.kind])))));
      target.hidden = !found.length;
    }
  }
})();
