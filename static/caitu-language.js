"use strict";
/* The same page in another language: with what the address has by now, what stands behind # too. */
for (const link of document.querySelectorAll("[data-language]")) {
  const follow = () => {
    const here = window.Caitu && Caitu.address ? new URL(Caitu.address.shared()) : location;
    link.search = here.search;
    link.hash = here.hash;
  };
  for (const event of ["pointerdown", "focus", "click"]) link.addEventListener(event, follow);
}
