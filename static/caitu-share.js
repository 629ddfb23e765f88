"use strict";
/* What a planner takes from the map: its address, how to cite it, a sheet to print. */
(function () {
  const { el, t, zh } = Caitu;
  const said = document.getElementById("said");

  async function copy(text, done) {
    const area = el("textarea", { readonly: "", rows: 4, "aria-label": t("要复制的文字") });
    area.value = text;
    said.replaceChildren(area, el("p", { role: "status" }, done), el("button", { type: "button", class: "button quiet", on: { click: hide } }, t("关闭")));
    said.hidden = false;
    if (await Caitu.copy(text)) return;
    area.select();
    said.querySelector("p").textContent = t("请按 Ctrl+C 复制。");
  }

  function hide() { said.hidden = true; }

  /* A directional mark in a name turns no more than the name: isolates of Unicode around it. */
  function apart(name) {
    return /[\u061c\u200e\u200f\u202a-\u202e]/.test(name) ? "\u2068" + name + "\u2069" : name;
  }

  /* The filter in words, in the order of the form. */
  function words(view) {
    const names = [...view.form.querySelectorAll("input:checked, select")]
      .filter((field) => field.value && field.name !== "plan" && field.name !== "as_of" && field.type !== "hidden")
      .map((field) => (field.tagName === "SELECT" ? field.selectedOptions[0].textContent : field.parentElement.querySelector("span").textContent).trim());
    const q = view.form.elements.q.value.trim();
    return [...names, ...(q ? [t("“{words}”", { words: q })] : [])].map(apart).join(t("、"));
  }

  function plans(view) {
    const chosen = new Set(view.kept.map((row) => row.plan));
    return Object.keys(view.config.plans).filter((id) => chosen.has(id)).map((id) => apart(view.config.plans[id]));
  }

  function day() {
    const now = new Date();
    return [now.getFullYear(), String(now.getMonth() + 1).padStart(2, "0"), String(now.getDate()).padStart(2, "0")].join("-");
  }

  function citation(view) {
    const place = view.selected ? view.byId.get(view.selected) : null;
    const sections = place ? [...new Set((view.byPlace.get(place.id) || []).map((row) => apart(view.config.plans[row.plan]) + t("，") + apart(row.section)))] : [];
    return t("材图 · 材料产业规划布局地图：") + [
      place ? apart(place.name) : "", words(view), (place ? sections : plans(view)).join(t("；")), t("行政区划 {day}", { day: view.urls.asOf }),
      t("{n} 条布局任务", { n: view.kept.length }), t("数据版本 {id}", { id: view.urls.snapshot }),
    ].filter(Boolean).join(t("，")) + t("。{address}，{day} 查阅。", { address: Caitu.address.shared(), day: day() });
  }

  document.getElementById("copy-link").addEventListener("click", () => copy(Caitu.address.shared(), t("链接已复制：打开它就是现在这张图。")));
  document.getElementById("cite").addEventListener("click", () => copy(citation(Caitu.view), t("引用格式已复制。")));
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());

  /* The sheet is laid out on the screen in millimetres, so that the print is what was seen. */
  const sheet = document.getElementById("sheet");
  const form = document.getElementById("sheet-form");

  function lay(size) {
    const view = Caitu.view;
    const { map, moved } = view;
    const bounds = map.getBounds();
    document.body.classList.remove("on-sheet", "sheet-a3", "sheet-a4");
    if (size) document.body.classList.add("on-sheet", "sheet-" + size);
    sheet.hidden = form.hidden = !size;
    map.invalidateSize({ animate: false });
    if (moved) map.fitBounds(bounds, { animate: false });
    else view.fit();
    view.moved = moved;
    view.remember("replaceState");
    if (size) {
      hide();
      const found = words(view);
      sheet.replaceChildren(
        el("h2", {}, form.elements.title.value || t("材料产业规划布局图")),
        el("p", {}, ...[zh(found), zh(plans(view).join(t("；"))), t("行政区划 {day}", { day: view.urls.asOf }), t("{n} 条布局任务", { n: view.kept.length })]
          .filter(Boolean).flatMap((part, number) => (number ? [" · ", part] : [part]))),
        el("p", { class: "fine" }, t("材图，数据版本 {id}，{day} 制图，{address}", { id: view.urls.snapshot, day: day(), address: Caitu.address.shared() })));
      document.getElementById("legend").open = true;
    }
  }

  document.getElementById("show-sheet").addEventListener("click", () => { lay("a4"); form.elements.title.focus(); });
  form.addEventListener("change", () => lay(form.elements.size.value));
  form.addEventListener("submit", (event) => { event.preventDefault(); window.print(); });
  form.addEventListener("reset", () => lay(null));
})();
