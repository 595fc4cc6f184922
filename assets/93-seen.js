/* When the viewer last looked at a page: remembered here, put into the address as `since` before the panels ask. */
(function (cockpit) {
  "use strict";
  const PAGES = new Set(["", "county"]), LOOKED = 20000;

  /** An instant as the address writes it: UTC to the minute. */
  function written(instant) { return new Date(instant).toISOString().replace(/:\d\d\.\d+Z$/, "Z"); }

  /** What is remembered under for a path: one mark per page and region. */
  function mark(path) { return `seen:${path.replace(/\/+$/, "") || "/"}`; }

  /** True if the page of this path shows a digest. */
  function shows(path) { return PAGES.has(path.split("/")[1] || ""); }

  cockpit.seen = { written, mark, shows };
  if (typeof document === "undefined") return;

  const store = {
    get(key) { try { return localStorage.getItem(key); } catch (refused) { return null; } },
    set(key, value) { try { localStorage.setItem(key, value); } catch (refused) { /* private window: the usual shift is shown */ } },
  };
  let arrived = Date.now();

  /** Put the remembered moment into the address of a page that has none. */
  function recall() {
    const here = new URL(location.href), known = store.get(mark(here.pathname));
    arrived = Date.now();
    if (!shows(here.pathname) || here.searchParams.has("since") || !known) return;
    here.searchParams.set("since", known);
    history.replaceState(history.state, "", here.href);
  }

  function looked() {
    if (shows(location.pathname) && Date.now() - arrived > LOOKED) store.set(mark(location.pathname), written(cockpit.clock.now()));
  }

  recall();
  addEventListener("pagehide", looked);
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-seen]")) return;
    const now = written(cockpit.clock.now()), here = new URL(location.href);
    store.set(mark(location.pathname), now);
    here.searchParams.set("since", now);
    history.replaceState(history.state, "", here.href);
    cockpit.navigate.show();
  });
})(globalThis.cockpit = globalThis.cockpit || {});
