"use strict";
/* Counts and the plans' own figures as charts, each with its table. */
(function () {
  const { el, t, zh } = Caitu;
  const DRAWN = { all: "#2f7f8a", explore: "#8fbcc0", restrict: "#a33", phase_out: "#a33", relocate_merge: "#b97914", research: "#8a78b0", cooperate: "#8a78b0" };
  const PALE = "#d3dad6"; // of what the filter leaves out
  let live = [];

  /* How many assignments of each action, and of each plan; `pick` filters by one. */
  function counts(view, pick) {
    const { config, filter, kept, counts: found } = view;
    if (!kept.length) return null;
    const groups = [["action", t("布局动作"), config.actions, t("按布局动作")], ["plan", t("规划"), config.plans, t("按规划")]].map(([name, title, labels, heading]) => {
      const wanted = filter.wanted[name];
      const items = Object.entries(labels).map(([value, label]) => ({ value, label, count: found.get(name + ":" + value) || 0, on: !wanted || wanted.has(value) }));
      return { name, title, heading, items: items.filter((item) => item.count && (item.on || name !== "plan")) };
    });
    const sheet = groups.flatMap(({ title, items }) => [[title, t("任务数")], ...items.filter((item) => item.on).map((item) => [item.label, item.count]), []]);
    const parts = groups.map(({ name, title, heading, items }) => {
      const table = el("table", { class: "figures" },
        el("thead", {}, el("tr", {}, el("th", { scope: "col" }, title), el("th", { scope: "col" }, t("任务数")))),
        el("tbody", {}, ...items.map((item) => el("tr", { class: item.on ? null : "other" }, el("th", { scope: "row" },
          el("button", { type: "button", class: "link", "data-value": item.value, on: { click: () => pick(name, item.value) } }, name === "plan" ? zh(item.label) : item.label)), el("td", {}, item.count)))));
      const colours = items.map((item) => (item.on ? (name === "action" && DRAWN[item.value]) || DRAWN.all : PALE));
      const data = [{ data: items.map((item) => item.count), backgroundColor: colours, texts: items.map((item) => String(item.count)), maxBarThickness: 18 }];
      return el("section", {}, el("h3", {}, heading, " ", el("small", {}, t("点选条形或表中名称，只看这一项"))),
        bars(title, items.map((item) => cut(split(item.label, 10))), data, items.length * (name === "plan" ? 38 : 28), 36, (index) => pick(name, items[index].value)),
        el("details", { open: window.Chart ? null : "" }, el("summary", {}, t("数据表")), table));
    });
    return { sheet, parts: [el("div", { class: "charts" }, ...parts)] };
  }

  /* The figures and the rules of the plans that the filter shows, on the sectors it shows. */
  function targets(view, figures) {
    const { config, filter, kept } = view;
    const plans = filter.wanted.plan || new Set(kept.map((row) => row.plan));
    const wanted = [...(filter.wanted.sector || [])];
    const touches = (codes) => !wanted.length || !codes.length || codes.some((code) => wanted.some((other) => within(code, other) || within(other, code)));
    const name = (codes) => codes.map((code) => config.sectors[code].name).join(t("、")) || t("全部门类");
    const sheet = [[t("规划"), t("指标"), t("门类"), t("范围"), t("基期年"), t("基期值"), t("目标年"), t("目标值"), t("单位"), t("增速"), t("出处")]];
    const rules = [[t("规划"), t("规则类别"), t("门类"), t("规划原文用语"), t("范围"), t("出处")]];
    const parts = [];
    for (const plan of Object.keys(config.plans).filter((id) => plans.has(id))) {
      const title = config.plans[plan];
      const own = [figures.targets, figures.policies].map((all) => all.filter((each) => each.plan === plan));
      const [set, said] = own.map((all) => all.filter((each) => touches(each.sectors)));
      const left = own[0].length + own[1].length - set.length - said.length;
      for (const each of set) {
        const cells = [title, each.indicator, name(each.sectors), each.scope, each.baseYear, text(each.base), each.targetYear, text(each.target), each.unit, each.growth, each.section];
        sheet.push(cells.map((value) => (value === null ? "" : value)));
      }
      for (const each of said) rules.push([title, config.policies[each.kind], name(each.sectors), each.words, each.where || "", each.section]);
      const groups = [...new Set(set.filter((each) => each.target).map((each) => each.unit))].flatMap((unit) =>
        [true, false].map((based) => set.filter((each) => each.target && each.unit === unit && Boolean(each.base) === based)).filter((each) => each.length));
      const common = set.length ? set[0].scope : null;
      parts.push(el("section", { class: "of-plan", "data-plan": plan },
        el("h3", {}, zh(title), " ", el("small", {}, t("指标 {targets} 项，规则 {rules} 条", { targets: set.length, rules: said.length }) + (left ? t("；另有 {n} 项属于其他门类，未列出", { n: left }) : ""))),
        window.Chart ? el("div", { class: "charts" }, ...groups.map((group) => growth(group, config, common))) : null,
        set.length ? el("details", { open: window.Chart ? null : "" }, el("summary", {}, t("指标表（{n} 项，附出处）", { n: set.length })),
          table([t("指标"), t("门类"), t("基期"), t("目标"), t("增速"), t("出处")], set, (each) => [
            zh(each.indicator), [name(each.sectors), el("small", {}, zh(each.scope))], stated(each.base, each.baseYear, each.unit),
            stated(each.target, each.targetYear, each.unit), zh(each.growth) || "—", place(each.section)])) : null,
        said.length ? table([t("类别"), t("门类"), t("规划原文用语"), t("范围"), t("出处")], said, (each) => [
          el("span", { class: "action policy-" + each.kind }, config.policies[each.kind]), name(each.sectors), zh(each.words), zh(each.where) || "—", place(each.section)]) : null));
    }
    if (!parts.length) return null;
    const note = t("数字与用语均为规划原文；“未写”是原文没有写，不是零。同一单位的指标画在一张图里。");
    return { sheet: [...sheet, [], ...rules], parts: [el("p", { class: "fine" }, note), ...parts] };
  }

  /* Targets of one unit, with the bases where the plan states them. */
  function growth(items, config, common) {
    const { unit } = items[0];
    const based = Boolean(items[0].base);
    const series = (label, key, colour) => ({
      label, data: items.map((each) => size(each[key])), backgroundColor: colour, maxBarThickness: 13,
      texts: items.map((each) => each[key].text + (each[key + "Year"] ? t("（{year}）", { year: each[key + "Year"] }) : "")),
    });
    const data = [...(based ? [series(t("基期"), "base", "#a9c9c8")] : []), series(t("目标"), "target", DRAWN.all)];
    const about = (each) => [...each.sectors.map((code) => config.sectors[code].name), ...(each.scope && each.scope !== common ? [each.scope] : [])];
    const labels = items.map((each) => [each.indicator, ...about(each)].flatMap((words) => split(words, 9)))
      .map(cut);
    const height = Math.max(...labels.map((lines) => Math.max(lines.length * 15, data.length * 16) + 8)) * items.length;
    return el("div", {}, el("h4", {}, zh(unit) || t("（无单位）"), " ", el("small", {}, based ? t("浅色：基期；深色：目标") : t("目标；基期原文未写"))),
      bars(unit || "", labels, data, height, 86));
  }

  /* A canvas that draws itself once it is in the page. */
  function bars(title, labels, data, height, room, click) {
    const words = labels.map((lines, index) => lines.join("") + " " + data.map((each) => (each.label || "") + each.texts[index]).join(t("，"))).join(t("；"));
    if (!window.Chart) return null;
    const canvas = el("canvas", { role: "img", "aria-label": title + t("：") + words });
    const box = el("div", { class: "chart" }, canvas);
    box.style.height = height + 30 + "px";
    canvas.start = () => new Chart(canvas, {
      type: "bar", data: { labels, datasets: data }, plugins: [{ id: "texts", afterDatasetsDraw: label }],
      options: {
        indexAxis: "y", animation: false, maintainAspectRatio: false, layout: { padding: { right: room } },
        font: { family: getComputedStyle(document.body).fontFamily, size: 12 },
        plugins: { legend: { display: false }, tooltip: { enabled: false } },
        scales: { x: { beginAtZero: true, ticks: { maxTicksLimit: 6, precision: 0 }, grid: { color: "#e7ebe6" } }, y: { grid: { display: false }, ticks: { autoSkip: false, color: "#1d2a2e" } } },
        onClick: (event, hit, chart) => {
          const line = click ? chart.scales.y.getValueForPixel(event.y) : undefined;
          if (labels[line]) click(line);
        },
        onHover: (event, hit, chart) => { chart.canvas.style.cursor = click ? "pointer" : ""; },
      },
    });
    return box;
  }

  /* Writes each figure at the end of its bar. */
  function label(chart) {
    const { ctx } = chart;
    ctx.save();
    ctx.textBaseline = "middle";
    ctx.font = "12px " + getComputedStyle(document.body).fontFamily;
    chart.data.datasets.forEach((each, number) => chart.getDatasetMeta(number).data.forEach((bar, index) => {
      ctx.fillStyle = "#1d2a2e";
      ctx.fillText(each.texts[index], (each.data[index] === null ? chart.chartArea.left : bar.x) + 5, bar.y);
    }));
    ctx.restore();
  }

  function table(heads, items, cells) {
    return el("div", { class: "wide-table" }, el("table", { class: "figures" }, el("thead", {}, el("tr", {}, ...heads.map((head) => el("th", { scope: "col" }, head)))),
      el("tbody", {}, ...items.map((item) => el("tr", {}, ...cells(item).map((value) => el("td", {}, ...[value].flat().map(own))))))));
  }

  /* Words keep their direction and length to themselves. */
  function own(value) { return typeof value === "string" ? el("bdi", {}, value) : value; }

  function text(figure) { return figure ? figure.text : ""; }
  function missing() { return el("span", { class: "none" }, t("未写")); }
  function place(section) { return el("span", { class: "fine" }, zh(section.split("/").join(" / "))); }

  function stated(figure, year, unit) {
    if (!figure) return missing();
    return [el("span", { class: "figure" }, zh(figure.text + (unit && unit !== "%" ? " " : "") + (unit || ""))), year ? el("small", {}, t("{year} 年", { year })) : null];
  }

  function within(code, other) { return (code + ".").startsWith(other + "."); }

  function size(figure) {
    if (!figure) return null;
    const { low, high } = figure;
    return low !== null && high !== null && low !== high ? [low, high] : low !== null ? low : high;
  }

  /* Lines of even length, of some characters at most; none begins with a closing mark. Latin
     letters are half as wide, and break between words. */
  function split(label, width) {
    if (!/[\u4e00-\u9fff]/.test(label)) return label.match(new RegExp(".{1," + 2 * width + "}(?=\\s|$)|\\S+", "gu")).map((line) => line.trim());
    const even = Math.ceil(label.length / Math.ceil(label.length / width));
    return label.match(new RegExp(".{1," + even + "}[”）》、，。]*", "gu")) || [""];
  }

  function cut(lines) { return lines.length > 4 ? [...lines.slice(0, 3), lines[3] + "…"] : lines; }

  /* Draws the canvases that are now in the page. */
  function start(box) { live = [...box.querySelectorAll("canvas")].map((canvas) => canvas.start()); }

  function clear() {
    for (const chart of live) chart.destroy();
    live = [];
  }

  Caitu.charts = { counts, targets, start, clear };
})();
