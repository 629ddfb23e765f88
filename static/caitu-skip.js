"use strict";
/* The links that skip to a part of the map page leave the address alone: what stands behind # is
   the view. */
for (const link of document.querySelectorAll(".skip")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const target = document.querySelector(link.hash);
    target.focus({ preventScroll: true });
    target.scrollIntoView({ block: "nearest" });
  });
}
