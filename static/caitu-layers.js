"use strict";
/* What each layer shows, in plain words, with the numbers of the present filter. The texts are
   loaded when they are first asked for. */
(function () {
  const { el, t, zh } = Caitu;
  const panel = document.getElementById("layers");
  const opener = document.getElementById("show-layers");
  const ENGLISH = document.documentElement.lang.startsWith("en");
  const own = (note, name) => (ENGLISH && note[name + "_en"]) || note[name];

  const body = el("div", { class: "layers-body", tabindex: "0", role: "group", "aria-labelledby": "layers-title" });
  const title = el("h2", { id: "layers-title", tabindex: "-1" }, t("图层说明"));
  panel.append(el("div", { class: "layers-head" }, title,
    el("button", { type: "button", "aria-label": t("关闭图层说明"), title: t("关闭"), on: { click: close } }, "×")), body);

  let notes = null;
  let view = null;
  let waiting = 0;

  opener.addEventListener("click", () => (panel.hidden ? open() : close()));
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.stopPropagation(); close(); }
  });
  document.addEventListener("caitu:filter", ({ detail }) => {
    const first = !view;
    view = detail;
    if (first) view.map.on("overlayadd overlayremove zoomend", later);
    later();
  });

  /* After what was asked for is painted; more than one reason draws once. */
  function later() {
    if (panel.hidden || waiting) return;
    waiting = requestAnimationFrame(() => { waiting = 0; draw(); });
  }

  async function open() {
    panel.hidden = false;
    opener.setAttribute("aria-expanded", "true");
    title.focus({ preventScroll: true });
    try {
      notes = notes || await Caitu.load(panel.dataset.notes);
      draw();
    } catch (error) {
      body.replaceChildren(el("p", { class: "empty", role: "alert" }, t("图层说明没有载入（{reason}）。请刷新页面；若仍不成功，请联系管理员。", { reason: error.message })));
    }
  }

  function close() {
    panel.hidden = true;
    opener.setAttribute("aria-expanded", "false");
    opener.focus();
  }

  /* Places by what is drawn of them, and assignments that are not drawn. */
  function count(rows) {
    const places = new Set(rows.map((row) => row.place).filter(Boolean));
    const hidden = rows.filter((row) => !drawn(row.place));
    return { rows: rows.length, places: places.size, hidden: hidden.length, unnamed: rows.filter((row) => !row.place).length };
  }

  function drawn(id) {
    const place = view.byId.get(id);
    return Boolean(place && place.shape);
  }

  function found(count) {
    if (!count.rows) return t("当前筛选没有布局任务。");
    const lost = count.hidden ? t("；其中 {n} 条没有可画的位置，未上图", { n: count.hidden }) + (count.unnamed ? t("（{n} 条地点未解析）", { n: count.unnamed }) : "") : "";
    return t("当前 {n} 条布局任务，{places} 个地点", { n: count.rows, places: count.places }) + lost + t("。");
  }

  const units = (level) => view.places.filter((place) => place.kind === "unit" && place.shape && (!level || place.level === level));
  const assigned = (places) => places.filter((place) => view.byPlace.has(place.id)).length;
  const ofQuality = (places, quality) => places.filter((place) => place.quality === quality).length;

  /* The sentence of numbers of each layer but the sectors. */
  const NOW = {
    districts() {
      const home = units("county").filter((place) => place.provinces.some((code) => view.homes.includes(code)));
      const rough = ofQuality(home, "indicative");
      const official = ofQuality(home, "official");
      return t("图上 {n} 个区县，{assigned} 个有符合条件的任务", { n: home.length, assigned: assigned(home) }) + (rough ? t("；{n} 个为示意", { n: rough }) : "") + (official ? t("；{n} 个用导入的边界", { n: official }) : "") + t("。");
    },
    areas() {
      const all = view.places.filter((place) => place.kind === "functional_area");
      const shown = all.filter((place) => place.shape);
      return t("图上 {n} 个，{assigned} 个有符合条件的任务", { n: shown.length, assigned: assigned(shown) }) + (all.length > shown.length ? t("；另有 {n} 个没有公开位置", { n: all.length - shown.length }) : "") + t("。");
    },
    parks() {
      const all = view.places.filter((place) => ["park", "town", "cross_province"].includes(place.kind) && view.byPlace.has(place.id));
      const lost = ofQuality(all, "unknown");
      if (!all.length) return t("当前筛选没有园区。");
      return t("有符合条件任务的 {n} 处：同名镇街点位 {anchors}，代表点 {proxies}", { n: all.length, anchors: ofQuality(all, "anchor"), proxies: ofQuality(all, "proxy") }) + (lost ? t("；{n} 处没有公开位置，未上图", { n: lost }) : "") + t("。");
    },
    labels: () => t("现在注出 {n} 个名称。", { n: view.groups.labels.getLayers().length }),
    context: () => t("{n} 个省级行政区的轮廓与境界线。", { n: notes.background }),
    basemap() {
      let open = false;
      view.map.eachLayer((each) => { open = open || each instanceof L.TileLayer; });
      return open ? t("已打开。") : t("没有打开。");
    },
    sectors: () => found(count(view.kept)),
  };

  const DAY = {
    districts: () => t("边界数据 {year} 年，按 {day} 的区划", { year: notes.edition, day: view.urls.asOf }),
    areas: () => t("按 {day} 存在的功能区", { day: view.urls.asOf }),
    parks: () => t("点位不随日期变化"),
    context: () => t("边界数据 {year} 年", { year: notes.edition }),
    sectors: () => {
      const plans = [...new Set(view.kept.map((row) => row.plan))].map((id) => view.config.plans[id]);
      return plans.length ? zh(plans.join(t("；"))) : null;
    },
  };

  function facts(note, dated) {
    const day = DAY[note.key] && DAY[note.key]();
    const lines = [[t("来源"), own(note, "source")], [dated, day], [t("局限"), own(note, "limits")]].filter(([, value]) => value);
    return el("dl", {}, ...lines.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
  }

  function closed(key) {
    const group = view.groups[key];
    return group && !view.map.hasLayer(group);
  }

  function layer(note) {
    return el("section", { "data-layer": note.key },
      el("h3", {}, own(note, "title"), closed(note.key) ? el("small", {}, t("已关闭")) : null),
      el("p", {}, own(note, "words")),
      el("p", { class: "now" }, NOW[note.key]()),
      facts(note, note.key === "sectors" ? t("规划") : t("日期")));
  }

  function sector(note) {
    const code = note.key.slice("sector:".length);
    const rows = view.kept.filter((row) => row.sector.split(".")[0] === code);
    return el("section", { class: "of-sector" + (rows.length ? "" : " nothing"), "data-layer": note.key },
      el("h4", {}, Caitu.swatch(view.colour(code)), own(note, "title")),
      el("p", {}, own(note, "words")),
      el("p", { class: "now" }, found(count(rows))));
  }

  function draw() {
    if (panel.hidden || !notes || !view) return;
    const top = body.scrollTop;
    body.replaceChildren(...notes.layers.map((note) => (note.key.startsWith("sector:") ? sector(note) : layer(note))));
    body.scrollTop = top;
  }
})();
