"use strict";
/* What a planner takes from the map: its address, how to cite it, a sheet to print. */
(function () {
  const el = Caitu.el;
  const said = document.getElementById("said");

  async function copy(text, done) {
    const area = el("textarea", { readonly: "", rows: 4, "aria-label": "要复制的文字" });
    area.value = text;
    said.replaceChildren(area, el("p", { role: "status" }, done), el("button", { type: "button", class: "button quiet", on: { click: hide } }, "关闭"));
    said.hidden = false;
    if (await Caitu.copy(text)) return;
    area.select();
    said.querySelector("p").textContent = "请按 Ctrl+C 复制。";
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
    return [...names, ...(q ? ["“" + q + "”"] : [])].map(apart).join("、");
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
    const sections = place ? [...new Set((view.byPlace.get(place.id) || []).map((row) => apart(view.config.plans[row.plan]) + "，" + apart(row.section)))] : [];
    return "材图 · 材料产业规划布局地图：" + [
      place ? apart(place.name) : "", words(view), (place ? sections : plans(view)).join("；"), "行政区划 " + view.urls.asOf,
      view.kept.length + " 条布局任务", "数据版本 " + view.urls.snapshot,
    ].filter(Boolean).join("，") + "。" + Caitu.address.shared() + "，" + day() + " 查阅。";
  }

  document.getElementById("copy-link").addEventListener("click", () => copy(Caitu.address.shared(), "链接已复制：打开它就是现在这张图。"));
  document.getElementById("cite").addEventListener("click", () => copy(citation(Caitu.view), "引用格式已复制。"));
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
        el("h2", {}, form.elements.title.value || "材料产业规划布局图"),
        el("p", {}, [found, plans(view).join("；"), "行政区划 " + view.urls.asOf, view.kept.length + " 条布局任务"].filter(Boolean).join(" · ")),
        el("p", { class: "fine" }, "材图，数据版本 " + view.urls.snapshot + "，" + day() + " 制图，" + Caitu.address.shared()));
      document.getElementById("legend").open = true;
    }
  }

  document.getElementById("show-sheet").addEventListener("click", () => { lay("a4"); form.elements.title.focus(); });
  form.addEventListener("change", () => lay(form.elements.size.value));
  form.addEventListener("submit", (event) => { event.preventDefault(); window.print(); });
  form.addEventListener("reset", () => lay(null));
})();
