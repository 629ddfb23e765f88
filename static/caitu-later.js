"use strict";
/* What may wait until the map has been painted. */
(function () {
  const tasks = new Map(); // by name: a later one takes the place of an earlier
  let asked = false;

  function add(name, task) {
    tasks.set(name, task);
    if (!asked) requestAnimationFrame(() => setTimeout(run));
    asked = true;
  }

  function run() {
    asked = false;
    for (const name of tasks.keys()) now(name);
  }

  /* Does at once what was put off; false if nothing was. */
  function now(name) {
    const task = tasks.get(name);
    tasks.delete(name);
    if (task) task();
    return Boolean(task);
  }

  Caitu.later = { add, now };
})();
