"use strict";
/* Building elements. Every value enters as text, never as markup. */
window.Caitu = window.Caitu || {};

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
