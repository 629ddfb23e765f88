"use strict";
/* Building elements. Every value enters as text, never as markup. */
window.Caitu = window.Caitu || {};

/* Says a Chinese sentence in the language of the page. {n} stands for a value, {n|place|places} in
   a translation for the word that goes with the number. */
Caitu.t = function (text, values) {
  const said = (Caitu.words || {})[text] || text;
  return said.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (all, name, one, many) => {
    if (!values || !(name in values)) return all;
    return many === undefined ? values[name] : Number(values[name]) === 1 ? one : many;
  });
};

/* Names and words of plans: they keep their direction to themselves, and are marked as Chinese
   where the page is not. */
Caitu.zh = function (text) {
  return text ? Caitu.el("bdi", { lang: Caitu.lang(text) }, text) : text;
};

Caitu.lang = function (text) {
  return Caitu.words && /[\u4e00-\u9fff]/.test(text) ? "zh-CN" : null;
};

Caitu.el = function (tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === "on") for (const [event, run] of Object.entries(value)) node.addEventListener(event, run);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
};

Caitu.node = function (tag, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
};

Caitu.swatch = function (colour) {
  return Caitu.node("svg", { viewBox: "0 0 10 10", class: "swatch", "aria-hidden": "true" },
    Caitu.node("rect", { width: 10, height: 10, fill: colour }));
};

/* Copies a text and tells whether it could. Outside HTTPS browsers offer no clipboard: the text is
   selected in a field, and the browser copies the selection. */
Caitu.copy = async function (text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const held = document.activeElement;
    const field = Caitu.el("textarea", { class: "unseen", readonly: "", tabindex: "-1", "aria-hidden": "true" });
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    if (held) held.focus({ preventScroll: true });
    return done;
  }
};
