"use strict";
/* Where the page comes from: a server, or one file that holds everything (web/standalone.py).
   A file has neither query nor server: its filter stands behind the # beside the view. */
(function () {
  const { server, query: made } = document.body.dataset; // a file names the server it is from
  const file = server !== undefined;

  function inlined(url) {
    return [...document.querySelectorAll("script[data-url]")].find((node) => node.dataset.url === url);
  }

  /* A resource in JSON. */
  Caitu.load = async function (url) {
    const held = inlined(url);
    if (held) return JSON.parse(held.textContent);
    if (file) throw new Error(url);
    const answer = await fetch(url);
    if (!answer.ok) throw new Error("HTTP " + answer.status);
    return answer.json();
  };

  /* A script that is loaded when first needed. */
  const running = new Map();
  Caitu.run = function (url) {
    if (!running.has(url)) {
      const held = inlined(url);
      const script = Caitu.el("script", held ? {} : { src: url });
      running.set(url, new Promise((done, fail) => {
        script.addEventListener("load", done);
        script.addEventListener("error", () => { running.delete(url); fail(new Error(url)); });
        if (held) script.textContent = held.textContent;
        document.head.append(script);
        if (held) done(); // it has run already
      }));
    }
    return running.get(url);
  };

  /* The view, which is no filter: position, place, open panel. */
  function view() {
    return new URLSearchParams(location.hash.slice(1));
  }

  /* The filter, as a query without its question mark. */
  function query() {
    if (!file) return location.search.slice(1);
    const own = view().get("filter");
    return own === null ? made : own;
  }

  function remember(search, hash, how) {
    const parts = [hash.slice(1), search === made ? "" : "filter=" + encodeURIComponent(search)];
    const address = file ? "#" + parts.filter(Boolean).join("&") : location.pathname + (search ? "?" + search : "") + hash;
    if (address === (file ? location.hash || "#" : location.pathname + location.search + location.hash)) return;
    try {
      history[how](null, "", address);
    } catch (error) {
      if (!file) throw error; // to a file a browser may forbid it
    }
  }

  /* The page anew, with what only a server knows. */
  function open(search, hash) {
    location.href = location.pathname + (search ? "?" + search : "") + (hash || "");
  }

  /* What others can open: the server's address of what a file shows. */
  function shared() {
    if (!file) return location.href;
    const hash = location.hash.slice(1).split("&").filter((part) => part && !part.startsWith("filter=")).join("&");
    return server + (query() ? "?" + query() : "") + (hash ? "#" + hash : "");
  }

  Caitu.address = { file, view, query, remember, open, shared };
})();
