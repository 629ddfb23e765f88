"use strict";
/* The drawer: the places a filter finds, or the assignments of the place that was chosen. */
(function () {
  const { el, t, zh } = Caitu;
  const MANY = 400; // places that one list can hold
  const LONG = 40; // of more, only what is in sight is laid out

  function card(row, config) {
    const sector = config.sectors[row.sector];
    const notes = [];
    if (row.condition) notes.push([t("条件"), zh(row.condition)]);
    if (row.project) notes.push([t("项目"), zh(row.project)]);
    if (row.stage) notes.push([t("环节"), config.stages[row.stage]]);
    if (row.inheritedFrom) notes.push([t("承接自"), [zh(row.inheritedFrom), row.share !== null && row.share < 1 ? t("（原面积的 {percent}%）", { percent: Math.round(row.share * 100) }) : ""]]);
    if (row.placeText && row.placeText !== row.placeName) notes.push([t("地点原文"), zh(row.placeText)]);
    return el("li", { class: "card", "data-assignment": row.id },
      el("div", { class: "card-head" }, Caitu.swatch(sector.colour), sector.path.join(" › "),
        el("span", { class: "action action-" + row.action }, config.actions[row.action])),
      el("p", { class: "words" }, row.actionText ? el("q", {}, zh(row.actionText)) : null, " ", el("q", { class: "item" }, zh(row.sectorText))),
      notes.length ? el("dl", {}, ...notes.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, ...[value].flat())])) : null,
      el("p", { class: "fine" }, zh(config.plans[row.plan]), el("br"), zh(row.section)));
  }

  function cards(rows, config) {
    return el("ul", { class: "cards" }, ...rows.map((row) => card(row, config)));
  }

  function quality(place, config) {
    return el("span", { class: "quality quality-" + place.quality, title: place.note || null }, config.qualities[place.quality]);
  }

  function place(target, context) {
    const { config, byPlace, places, select, districtUrl, filtered } = context;
    const own = byPlace.get(target.id) || [];
    const parts = [];
    const related = (kind) => places.filter((p) => p.kind === kind && p.parents.includes(target.id));
    const section = (title, explain, members, always) => {
      const shown = members.filter((p) => always || (byPlace.get(p.id) || []).length);
      if (!shown.length) return;
      parts.push(el("h3", {}, title), el("p", { class: "fine" }, explain));
      for (const member of shown) {
        const rows = byPlace.get(member.id) || [];
        parts.push(el("h4", {}, link(member, select), " ", quality(member, config)),
          rows.length ? cards(rows, config) : el("p", { class: "none" }, t("没有任务")));
      }
    };
    section(t("园区的布局任务"), t("直接安排给园区，不计入本级"), related("park"), false);
    section(t("重叠功能区的布局任务"), t("安排给功能区，不是本级任务"), related("functional_area"), false);
    section(t("跨省合作区的布局任务"), t("本地参与，任务属于合作区整体"), related("cross_province"), false);
    return [
      el("div", { class: "drawer-head" },
        el("button", { type: "button", class: "back", on: { click: () => select(null) } }, t("‹ 返回列表")),
        el("h2", {}, zh(target.name)),
        el("p", {}, config.kinds[target.kind], " · ", quality(target, config), " · ",
          el("a", { href: districtUrl.replace("PLACE", encodeURIComponent(target.id)) }, t("打开专页"))),
        target.note || target.confidence ? el("p", { class: "fine" }, zh(target.note), target.note && target.confidence ? t("；") : "",
          target.confidence ? t("位置可信度：{level}", { level: config.confidences[target.confidence] }) : "") : null),
      el("h3", {}, t("本级布局任务") + " ", el("small", {}, t("{n} 条", { n: own.length }))),
      own.length ? cards(own, config)
        : el("p", { class: "empty" }, filtered ? t("当前筛选条件下没有本级布局任务。") : t("所选规划没有给这里安排本级布局任务。")),
      ...parts,
    ];
  }

  function link(target, select) {
    return el("button", { type: "button", class: "link", "data-place": target.id, lang: Caitu.lang(target.name), on: { click: () => select(target.id) } }, target.name); // isolated by its style
  }

  function list(context) {
    const { config, byPlace, places, select, rows, clear } = context;
    if (!rows.length) {
      return [el("h2", {}, t("没有符合条件的布局任务")),
        el("p", { class: "empty" }, t("请减少筛选条件，或换一个搜索词。")),
        el("button", { type: "button", class: "button", on: { click: clear } }, t("清除筛选"))];
    }
    const parts = [];
    const found = places.filter((p) => byPlace.has(p.id));
    const drawn = new Map(Object.keys(config.kinds).map((kind) => [kind, []]));
    for (const place of found) if (place.shape) drawn.get(place.kind).push(place);
    for (const [kind, label] of Object.entries(config.kinds)) {
      const members = drawn.get(kind);
      if (members.length) parts.push(el("h3", {}, label, " ", el("small", {}, members.length)), ...folded(members, config, byPlace, select));
    }
    const hidden = found.filter((p) => !p.shape);
    if (hidden.length) {
      parts.push(el("h3", {}, t("未上图") + " ", el("small", {}, hidden.length)),
        el("p", { class: "fine" }, t("没有公开的位置或范围，只列出、不画在图上")), entries(hidden, byPlace, select));
    }
    const unresolved = byPlace.get("") || [];
    if (unresolved.length) {
      parts.push(el("h3", {}, t("未解析的地点") + " ", el("small", {}, t("{n} 条", { n: unresolved.length }))),
        el("p", { class: "fine" }, t("规划没有写明所在区县，或不是行政区、园区；不猜，也不画在图上")),
        cards(unresolved, config));
    }
    return [el("h2", {}, t("{n} 条布局任务，{places} 个地点", { n: rows.length, places: found.length })),
      el("p", { class: "fine" }, t("点选地图或列表中的地点，查看规划原文用语。")), ...parts];
  }

  /* The lines of the list are kept: a filter changes their numbers, seldom their names. */
  const lines = new Map();

  function entry(target, count, select) {
    if (!lines.has(target.id)) lines.set(target.id, el("li", {}, link(target, select), el("data", {})));
    const line = lines.get(target.id);
    if (line.lastChild.textContent !== String(count)) line.lastChild.textContent = count;
    return line;
  }

  function entries(members, byPlace, select) {
    return el("ul", { class: members.length > LONG ? "places long" : "places" }, ...members.map((p) => entry(p, byPlace.get(p.id).length, select)));
  }

  const folds = new Map();

  /* Many places are folded by province; a fold is filled once it is opened. */
  function folded(members, config, byPlace, select) {
    if (members.length <= MANY) return [entries(members, byPlace, select)];
    const provinces = new Map();
    for (const place of members) {
      const code = place.provinces.join("+");
      if (!provinces.has(code)) provinces.set(code, []);
      provinces.get(code).push(place);
    }
    return [...provinces].map(([code, own]) => {
      if (!folds.has(code)) {
        const name = code.split("+").map((each) => config.provinceNames[each]).join("、");
        folds.set(code, el("details", { on: { toggle: ({ target }) => target.fill() } }, el("summary", {}, zh(name), " ", el("small", {}))));
      }
      const fold = folds.get(code);
      fold.firstChild.lastChild.textContent = own.length;
      fold.fill = () => fold.replaceChildren(fold.firstChild, ...(fold.open ? [entries(own, byPlace, select)] : []));
      fold.fill();
      return fold;
    });
  }

  Caitu.panel = { place, list };
})();
