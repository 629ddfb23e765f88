"use strict";
/* The same page in another language: with what the address has by now, what stands behind # too. */
for (const link of document.querySelectorAll("[data-language]")) {
  const follow = () => {
    link.search = location.search;
    link.hash = location.hash;
  };
  for (const event of ["pointerdown", "focus", "click"]) link.addEventListener(event, follow);
}
