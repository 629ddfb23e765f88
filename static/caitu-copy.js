"use strict";
/* Buttons that copy the text before them. Outside HTTPS browsers offer no clipboard: select, and
   let the browser copy the selection. */
for (const button of document.querySelectorAll("[data-copy]")) {
  const label = button.textContent;
  const source = button.parentElement.querySelector("pre, [data-copied]");
  const say = (text) => {
    button.textContent = text;
    setTimeout(() => { button.textContent = label; }, 2500);
  };
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.textContent);
      say(Caitu.t("已复制"));
    } catch {
      getSelection().selectAllChildren(source);
      say(document.execCommand("copy") ? Caitu.t("已复制") : Caitu.t("已选中，请按 Ctrl+C"));
    }
  });
}
