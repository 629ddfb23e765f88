"use strict";
/* The numbers beside the map: how many assignments where, by action and by plan, and the figures
   the plans set. They follow the filter; a click on one sets the filter, and the map follows. */
(function () {
  const { el, t, zh } = Caitu;
  const panel = document.getElementById("numbers");
  if (!panel) return;
  const openers = { numbers: document.getElementById("show-numbers"), rows: document.getElementById("show-rows") };
  const TABS = { matrix: t("门类 × 地点"), counts: t("动作与规划"), targets: t("目标与规则"), rows: t("任务表") };
  const LEVELS = [1, 2, 3, 5]; // assignments in a cell, lower ends of the classes
  const MANY = 400; // as many rows are drawn at first

  let view = null;
  let tab = Caitu.address.view().get("numbers");
  const waiting = Boolean(TABS[tab]); // the address asks for the panel
  if (!waiting) tab = "matrix";
  let figure = tab === "rows" ? "matrix" : tab; // of the tabs with numbers, the last one
  let before = null; // the map's position before the panel took half of its room
  let limit = MANY;
  let sheet = []; // what is copied, or what makes it
  let drawn = 0; // number of the last drawing
  let figures = null;

  const tabs = Object.keys(TABS).map((name) => el("button", {
    type: "button", role: "tab", id: "numbers-" + name, "aria-controls": "numbers-body", on: { click: () => turn(name) },
  }, TABS[name]));
  const summary = el("p", { class: "numbers-summary fine", role: "status" });
  const copier = el("button", { type: "button", class: "numbers-copy", on: { click: copy } }, t("复制表格"));
  const closer = el("button", { type: "button", class: "numbers-close", "aria-label": t("关闭数字"), title: t("关闭"), on: { click: close } }, "×");
  const body = el("div", { id: "numbers-body", class: "numbers-body", role: "tabpanel", tabindex: "0" });
  panel.append(el("div", { class: "numbers-head" },
    el("div", { class: "numbers-tabs", role: "tablist", "aria-label": t("数字"), on: { keydown: step } }, ...tabs), summary, copier, closer), body);

  for (const [name, opener] of Object.entries(openers)) {
    opener.addEventListener("click", () => {
      if (opener.getAttribute("aria-expanded") === "true") close();
      else if (name === "rows") open("rows");
      else open(figure);
    });
  }
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.stopPropagation(); close(); }
  });
  document.addEventListener("caitu:filter", ({ detail }) => {
    const first = !view;
    view = detail;
    if (first && waiting) setTimeout(() => open(tab));
    else if (!panel.hidden) requestAnimationFrame(draw);
  });
  document.addEventListener("caitu:select", mark);
  const sheetOpener = document.getElementById("show-sheet");
  if (sheetOpener) sheetOpener.addEventListener("click", () => panel.hidden || close());

  function open(name) {
    if (!view) return;
    if (panel.hidden) resize(true);
    turn(name);
    tabs.find((node) => node.tabIndex === 0).focus({ preventScroll: true });
  }

  function close() {
    if (Caitu.charts) Caitu.charts.clear();
    resize(false);
    expand();
    openers[tab === "rows" ? "rows" : "numbers"].focus({ preventScroll: true });
  }

  /* The map keeps what it shows while the panel takes room from it, and gives it back. */
  function resize(shown) {
    const { map, moved } = view;
    const bounds = map.getBounds();
    const here = () => [map.getZoom(), map.getCenter()];
    const was = here();
    panel.hidden = !shown;
    const legend = document.getElementById("legend");
    if (shown) [legend.dataset.open, legend.open] = [legend.open, false];
    else legend.open = legend.open || legend.dataset.open === "true";
    panel.parentElement.classList.toggle("with-numbers", shown);
    map.invalidateSize({ animate: false });
    const still = before && before.then[0] === was[0] && before.then[1].equals(was[1]);
    if (!moved) view.fit();
    else if (shown) map.fitBounds(bounds, { animate: false });
    else if (still) map.setView(before.at[1], before.at[0], { animate: false });
    before = shown ? { at: was, then: here() } : null;
    view.moved = moved;
    if (view.remember) view.remember("replaceState");
  }

  /* Each button stands for its own tabs. */
  function expand() {
    for (const [name, opener] of Object.entries(openers)) {
      opener.setAttribute("aria-expanded", String(!panel.hidden && (tab === "rows") === (name === "rows")));
    }
  }

  function turn(name) {
    tab = name;
    if (name !== "rows") figure = name;
    expand();
    for (const node of tabs) {
      const on = node.id === "numbers-" + name;
      node.setAttribute("aria-selected", String(on));
      node.tabIndex = on ? 0 : -1;
    }
    body.setAttribute("aria-labelledby", "numbers-" + name);
    body.scrollTop = body.scrollLeft = 0;
    draw();
    view.remember("replaceState");
  }

  function step(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const next = tabs[(tabs.indexOf(event.target) + by + tabs.length) % tabs.length];
    next.click();
    next.focus();
  }

  async function draw() {
    if (panel.hidden) return;
    const number = ++drawn;
    const { kept } = view;
    const nowhere = kept.filter((row) => !row.place).length;
    const places = new Set(kept.map((row) => row.place).filter(Boolean)).size;
    summary.textContent = t("{n} 条任务", { n: kept.length }) + (nowhere ? t("（{n} 条地点未解析）", { n: nowhere }) : "") + t("，") + t("{n} 个地点", { n: places });
    const again = body.dataset.tab === tab;
    const at = again && held();
    const unfolded = again ? [...body.querySelectorAll("details")].map((node) => node.open) : [];
    const found = tab === "matrix" ? matrix() : tab === "rows" ? rows() : await charts();
    if (number !== drawn || panel.hidden) return;
    if (Caitu.charts) Caitu.charts.clear();
    sheet = found.sheet;
    copier.hidden = Array.isArray(sheet) && !sheet.length;
    body.dataset.tab = tab;
    if (body.firstChild !== found.parts[0]) body.replaceChildren(...found.parts); // the table of rows stays
    body.querySelectorAll("details").forEach((node, index) => { node.open = node.open || Boolean(unfolded[index]); });
    if (Caitu.charts) Caitu.charts.start(body);
    if (at && !body.contains(document.activeElement)) hold(at);
    mark();
  }

  function rows() {
    return view.kept.length ? Caitu.rows.show(view) : nothing();
  }

  function nothing() {
    return { sheet: [], parts: [el("p", { class: "empty" }, t("没有符合条件的布局任务。请减少筛选条件，或换一个搜索词。")),
      el("button", { type: "button", class: "button", on: { click: () => view.clear() } }, t("清除筛选"))] };
  }

  /* Charts, or the tables alone where their library cannot be had. */
  async function charts() {
    const parts = [];
    try {
      await Caitu.run(panel.dataset.charts); // both are loaded when first shown
      await Caitu.run(panel.dataset.chart).catch(() => {
        parts.push(el("p", { class: "empty", role: "alert" }, t("图表组件没有载入，下面以表格显示同样的数字。请刷新页面；若仍不成功，请联系管理员。")));
      });
      if (tab === "targets") figures = figures || await Caitu.load(panel.dataset.targets);
    } catch (error) {
      return { sheet: [], parts: [el("p", { class: "empty", role: "alert" }, t("数字没有载入（{reason}）。请刷新页面；若仍不成功，请联系管理员。", { reason: error.message }))] };
    }
    const found = tab === "targets" ? Caitu.charts.targets(view, figures) : Caitu.charts.counts(view, pick);
    return found ? { sheet: found.sheet, parts: [...parts, ...found.parts] } : nothing();
  }

  /* Chosen sectors in their own colour; the others beside them, pale, to compare and to go on to. */
  function matrix() {
    const { config, filter, kept } = view;
    const wanted = filter.wanted.sector && new Set([...filter.wanted.sector].map(top));
    const shown = (code) => !wanted || wanted.has(code);
    const found = new Map();
    const totals = new Map();
    const add = (row) => {
      const code = row.top;
      const place = found.get(row.place) || { id: row.place, name: row.placeName, kind: row.kind, total: 0, cells: new Map() };
      found.set(row.place, place);
      place.cells.set(code, (place.cells.get(code) || 0) + 1);
      if (shown(code)) place.total += 1;
      totals.set(code, (totals.get(code) || 0) + 1);
    };
    kept.filter((row) => row.place).forEach(add);
    if (wanted) {
      const { sector: _, ...others } = filter.wanted;
      view.table.select({ ...filter, wanted: others }).kept.filter((row) => found.has(row.place) && !shown(row.top)).forEach(add);
    }
    const codes = Object.keys(config.sectors).filter((code) => totals.has(code));
    const places = [...found.values()].sort((a, b) => b.total - a.total);
    if (!places.length) return nothing();
    for (const place of places) place.name = (view.byId.get(place.id) || place).name;
    const counted = codes.filter(shown);
    const sum = counted.reduce((all, code) => all + totals.get(code), 0);
    const sheet = [[t("地点"), t("类型"), ...counted.map((code) => config.sectors[code].name), t("合计")],
      ...places.map((place) => [place.name, config.kinds[place.kind], ...counted.map((code) => place.cells.get(code) || ""), place.total]),
      [t("合计"), "", ...counted.map((code) => totals.get(code)), sum]];
    const rest = shown("") ? null : "other";
    const head = (code) => el("th", { scope: "col", class: shown(code) ? null : rest }, el("button", {
      type: "button", tabindex: "-1", "data-sector": code, "aria-pressed": String(Boolean(wanted && shown(code))),
      title: config.sectors[code].name + t("：") + (wanted && shown(code) ? t("取消筛选") : t("只看这一门类")), on: { click: () => pick("sector", code) },
    }, Caitu.swatch(config.sectors[code].colour), el("span", {}, ...upright(config.sectors[code].name))));
    const cell = (place, code) => {
      const count = place.cells.get(code);
      if (!count) return el("td", {});
      const label = t("{place}，{sector}：{n} 条", { place: place.name, sector: config.sectors[code].name, n: count });
      return el("td", { class: shown(code) ? "level-" + LEVELS.filter((low) => count >= low).length : rest }, el("button", {
        type: "button", tabindex: "-1", "data-place": place.id, "data-sector": code, "aria-label": label, title: label, on: { click: () => go(place.id, code) },
      }, count));
    };
    const table = el("table", { class: "matrix", on: { keydown: walk } },
      el("caption", {}, t("各地点各材料门类的布局任务数")),
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("地点")), ...codes.map(head), el("th", { scope: "col" }, el("span", {}, t("合计"))))),
      el("tbody", {}, ...places.slice(0, limit).map((place) => el("tr", { "data-row": place.id },
        el("th", { scope: "row" }, el("button", { type: "button", tabindex: "-1", "data-place": place.id, title: place.name, on: { click: () => go(place.id) } },
          el("span", {}, zh(place.name))), place.kind === "unit" ? null : el("small", {}, config.kinds[place.kind])),
        ...codes.map((code) => cell(place, code)), el("td", { class: "sum" }, place.total)))),
      el("tfoot", {}, el("tr", {}, el("th", { scope: "row" }, t("合计")), ...codes.map((code) => el("td", { class: shown(code) ? null : rest }, totals.get(code))), el("td", {}, sum))));
    table.querySelector("button").tabIndex = 0;
    const more = places.length > limit && el("button", { type: "button", class: "button quiet", on: { click: () => { limit = Infinity; draw(); } } }, t("显示其余 {n} 个地点", { n: places.length - limit }));
    return { sheet, parts: [table, more].filter(Boolean) };
  }

  /* A column's name in one or two lines, broken where it reads well. */
  function upright(name) {
    if (!/[\u4e00-\u9fff]/.test(name)) return between(name.split(" "));
    if (name.length <= 7) return [name];
    const at = name.length <= 9 && name.endsWith("材料") ? name.length - 2 : Math.ceil(name.length / 2);
    return [name.slice(0, at), el("br"), name.slice(at)];
  }

  /* Latin words in two lines as even as can be. */
  function between(words) {
    if (words.length < 2) return words;
    const lines = (count) => [words.slice(0, count).join(" "), words.slice(count).join(" ")];
    const width = (count) => Math.max(...lines(count).map((line) => line.length));
    const best = words.map((word, index) => index).slice(1).reduce((a, b) => (width(b) < width(a) ? b : a));
    const [first, second] = lines(best);
    return [first, el("br"), second];
  }

  function mark() {
    for (const row of body.querySelectorAll("[data-row]")) row.classList.toggle("chosen", row.dataset.row === view.selected);
  }

  /* Arrows go from number to number: the table is one stop of the tabulator. */
  function walk(event) {
    const by = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
    const cell = event.target.closest("th, td");
    if (!by || !cell) return;
    event.preventDefault();
    const { rows } = event.currentTarget;
    let line = cell.parentElement.rowIndex + by[0];
    let column = cell.cellIndex + by[1];
    while (rows[line] && rows[line].cells[column]) {
      const button = rows[line].cells[column].querySelector("button");
      if (button) return aim(button);
      line += by[0];
      column += by[1];
    }
  }

  function aim(button) {
    if (button.closest(".matrix")) {
      for (const other of body.querySelectorAll('.matrix [tabindex="0"]')) other.tabIndex = -1;
      button.tabIndex = 0;
    }
    button.focus();
  }

  /* The button in use, found again after all is drawn anew. */
  function held() {
    const node = document.activeElement;
    return body.contains(node) && node.tagName === "BUTTON" ? { ...node.dataset } : null;
  }

  function hold({ place, sector, value }) {
    const same = [...body.querySelectorAll("button")].find(({ dataset }) => dataset.place === place && dataset.sector === sector && dataset.value === value);
    if (same) aim(same);
  }

  function go(place, code) {
    const at = { place, sector: code };
    const wanted = [...(view.filter.wanted.sector || [])].map(top);
    if (code && (!wanted.length || wanted.some((other) => other !== code))) tick("sector", code);
    view.select(place, true);
    hold(at); // choosing a place moves the focus to its description
  }

  function tick(name, value) {
    for (const box of view.form.querySelectorAll("input[type=checkbox]")) if (box.name === name) box.checked = box.value === value;
    view.refresh("pushState");
  }

  /* Filters by one value alone; once more, by none. */
  function pick(name, value) {
    const wanted = [...(view.filter.wanted[name] || [])];
    const same = wanted.length > 0 && wanted.every((other) => (name === "sector" ? top(other) : other) === value);
    if (name !== "plan") return tick(name, same ? null : value);
    view.form.elements.plan.value = same ? "" : value;
    if (Caitu.address.file) return view.form.elements.plan.dispatchEvent(new Event("change", { bubbles: true }));
    const query = Caitu.filter.read(view.form).query;
    if (same) query.delete("plan");
    Caitu.address.open(query.toString(), "#numbers=" + tab); // decides the boundaries: the page is loaded anew
  }

  function top(code) { return code.split(".")[0]; }

  async function copy() {
    const lines = (Array.isArray(sheet) ? sheet : sheet()).map((cells) => cells.map((value) => String(value).replace(/\s+/g, " ")).join("\t")).join("\r\n");
    copier.textContent = await Caitu.copy(lines) ? t("已复制，可贴入 Excel") : t("浏览器不允许复制");
    setTimeout(() => { copier.textContent = t("复制表格"); }, 2500);
  }

  function hash() {
    return panel.hidden ? [] : ["numbers=" + tab, ...(tab === "rows" ? Caitu.rows.hash() : [])];
  }

  Caitu.numbers = { tab: () => (panel.hidden ? null : tab), hash };
})();
