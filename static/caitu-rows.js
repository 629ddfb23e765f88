"use strict";
/* The assignments that the filter keeps, line by line, in a tab beside the map: all of them, or
   those in the map's extent. Nothing is done while the tab is closed. */
(function () {
  const { el, t, zh } = Caitu;
  const panel = document.getElementById("numbers");
  if (!panel) return;
  const STEP = 100; // as many lines are drawn at a time
  // By the field that the full page sorts by: the heading, and what is compared.
  const COLUMNS = {
    place_name: [t("地点"), (row) => row.place],
    sector_code: [t("材料门类"), (row, order) => order.sectors.get(row.sector)],
    sector_text: [t("规划原文用语"), (row) => row.sectorText],
    action: [t("动作"), (row, order) => order.actions.get(row.action)],
    condition: [t("条件、项目"), (row) => row.condition || row.project],
    section: [t("规划、章节"), null], // the rows' own order
  };
  let pinyin = null; // its table is large: made when first sorted

  let view = null;
  let order = null;
  let [sort, within] = ["sort", "within"].map((name) => Caitu.address.view().get(name) || "");
  if (!COLUMNS[sort.replace(/^-/, "")]) sort = "";
  let lines = []; // rows in the order shown
  let shown = 0;
  let waiting = 0;

  const box = el("input", { type: "checkbox", on: { change: () => { within = box.checked ? "1" : ""; remember(); fill(); } } });
  const status = el("span", { class: "fine", role: "status" });
  const link = el("a", {}, t("整页表格"));
  const heads = Object.entries(COLUMNS).map(([name, [title]]) => el("th", { scope: "col", "data-sort": name },
    el("button", { type: "button", on: { click: () => turn(name) } }, title, el("span", { class: "arrow", "aria-hidden": "true" }))));
  const tbody = el("tbody", { on: { click: chosen, keydown: step } });
  const more = el("button", { type: "button", class: "button quiet", on: { click: extend } });
  const none = el("p", { class: "empty" }, t("地图范围内没有符合条件的布局任务。请移动或缩小地图。"));
  const root = el("div", { class: "task-rows" },
    el("div", { class: "rows-bar" }, el("label", { class: "line" }, box, el("span", {}, t("只列地图范围内"))), status, link),
    el("table", {}, el("caption", { class: "unseen" }, t("符合条件的布局任务")), el("thead", {}, el("tr", {}, ...heads)), tbody), none, more);

  /* What the tab shows of a view. */
  function show(current) {
    if (!view) {
      current.map.on("moveend", moved);
      const ranks = (codes) => new Map(Object.keys(codes).map((code, rank) => [code, rank]));
      order = { sectors: ranks(current.config.sectors), actions: ranks(current.config.actions) };
    }
    view = current;
    box.checked = Boolean(within);
    fill();
    return { sheet, parts: [root] };
  }

  function moved() {
    if (!within || waiting || Caitu.numbers.tab() !== "rows") return;
    waiting = requestAnimationFrame(() => { waiting = 0; fill(); });
  }

  function turn(name) {
    sort = sort === name ? "-" + name : sort === "-" + name ? "" : name;
    remember();
    fill();
  }

  function remember() {
    view.remember("replaceState");
  }

  function fill() {
    const inside = within && Caitu.extent.places(view);
    const found = within ? view.kept.filter((row) => inside.has(row.place)) : view.kept;
    lines = sorted(found);
    status.textContent = within ? t("范围内 {n} 条，共 {all} 条", { n: found.length, all: view.kept.length }) : t("{n} 条任务", { n: found.length });
    none.hidden = found.length > 0;
    const query = new URLSearchParams(view.filter.query);
    if (within && !query.has("bbox")) query.set("bbox", Caitu.extent.box(view.map).join(","));
    if (sort) query.set("sort", sort);
    link.href = panel.dataset.table + "?" + query.toString();
    for (const head of heads) {
      const turned = head.dataset.sort === sort.replace(/^-/, "");
      if (turned) head.setAttribute("aria-sort", sort.startsWith("-") ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
      head.querySelector(".arrow").textContent = turned ? (sort.startsWith("-") ? "▼" : "▲") : "";
    }
    shown = 0;
    tbody.textContent = "";
    extend();
    const first = tbody.querySelector("button");
    if (first) first.tabIndex = 0;
  }

  /* What is not stated comes last; equals stay as the plans have them. Each value that differs
     is compared once with the others, not each row: rows are many, their values fewer. */
  function sorted(rows) {
    const key = sort && COLUMNS[sort.replace(/^-/, "")][1];
    const down = sort.startsWith("-");
    if (!sort || (!key && !down)) return rows;
    if (!key) return [...rows].reverse();
    const groups = new Map();
    for (const row of rows) {
      const value = key(row, order);
      if (!groups.has(value)) groups.set(value, []);
      groups.get(value).push(row);
    }
    const unstated = (value) => value === "" || value === null || value === undefined;
    pinyin = pinyin || new Intl.Collator("zh-CN-u-co-pinyin");
    const compare = (a, b) => (typeof a === "number" ? a - b : COLUMNS.place_name[1] === key ? (a < b ? -1 : 1) : pinyin.compare(a, b));
    const values = [...groups.keys()].filter((value) => !unstated(value)).sort(compare);
    if (down) values.reverse();
    return [...values, ...[...groups.keys()].filter(unstated)].flatMap((value) => groups.get(value));
  }

  function extend() {
    const next = lines.slice(shown, shown + STEP);
    tbody.append(...next.map(line));
    shown += next.length;
    const left = lines.length - shown;
    more.hidden = !left;
    more.textContent = t("再列 {n} 条（还有 {left} 条）", { n: Math.min(left, STEP), left });
  }

  function line(row) {
    const { config, byId, selected } = view;
    const place = byId.get(row.place);
    const sector = config.sectors[row.sector];
    const name = place ? place.name : row.placeName || row.placeText || "—";
    const notes = [[t("条件"), row.condition], [t("项目"), row.project]].filter(([, text]) => text);
    const kind = place ? (place.kind === "unit" ? null : config.kinds[place.kind]) : config.qualities.unknown;
    return el("tr", { "data-row": row.place || null, "data-assignment": row.id, class: place && row.place === selected ? "chosen" : null },
      el("th", { scope: "row" }, place ? el("button", { type: "button", class: "link", tabindex: "-1" }, zh(name)) : zh(name), kind ? el("small", {}, " " + kind) : null,
        row.inheritedFrom ? el("div", { class: "fine" }, t("承接自") + t("："), zh(row.inheritedFrom)) : null),
      el("td", {}, Caitu.swatch(sector.colour), " " + sector.path.join(" › ")),
      el("td", { class: "words" }, row.actionText ? el("q", {}, zh(row.actionText)) : null, " ", el("q", { class: "item" }, zh(row.sectorText))),
      el("td", {}, el("span", { class: "action action-" + row.action }, config.actions[row.action])),
      el("td", {}, ...(notes.length ? notes.map(([title, text]) => el("div", {}, title + t("："), zh(text))) : [el("span", { class: "none" }, "—")])),
      el("td", { class: "fine" }, zh(config.plans[row.plan]), " ",
        el("a", { class: "permalink", href: panel.dataset.assignment.replace("ASSIGNMENT", encodeURIComponent(row.id)), title: t("永久地址"), "aria-label": name + " " + row.sectorText + t("：") + t("永久地址") }, "#"),
        el("div", { class: "of-section", title: row.section }, zh(row.section.replace(/\//g, " / ")))));
  }

  function chosen(event) {
    const tr = event.target.closest("tr[data-row]");
    if (!tr || event.target.closest("a") || String(getSelection())) return;
    view.select(tr.dataset.row, !within); // what is listed for being in sight stays there
    aim(tr.querySelector("button")); // choosing a place moves the focus to its description
  }

  /* The list is one stop of the tabulator; arrows go up and down in it. */
  function step(event) {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by || event.target.tagName !== "BUTTON") return;
    event.preventDefault();
    const buttons = [...tbody.querySelectorAll("button")];
    const next = buttons[buttons.indexOf(event.target) + by];
    if (next) aim(next);
  }

  function aim(button) {
    if (!button) return;
    for (const other of tbody.querySelectorAll('[tabindex="0"]')) other.tabIndex = -1;
    button.tabIndex = 0;
    button.focus({ preventScroll: !tbody.contains(document.activeElement) });
  }

  /* Everything listed, also what is not drawn yet. */
  function sheet() {
    const { config, byId } = view;
    return [[t("地点"), t("材料门类"), t("规划原文用语"), t("动作"), t("条件"), t("项目"), t("规划"), t("章节")], ...lines.map((row) => [
      (byId.get(row.place) || { name: row.placeName || row.placeText }).name, config.sectors[row.sector].path.join(" › "),
      [row.actionText, row.sectorText].filter(Boolean).join(" "), config.actions[row.action], row.condition, row.project, config.plans[row.plan], row.section])];
  }

  /* The state of the tab, for the address. */
  function hash() {
    return [sort && "sort=" + sort, within && "within=1"].filter(Boolean);
  }

  Caitu.rows = { show, hash };
})();
