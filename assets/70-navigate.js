/* Links: within a page only the address changes and panels follow; to another page the router is told. Also the look. */
(function (cockpit) {
  "use strict";
  const LIGHT = new Set(["county", "desk", "event", "m", "report"]), PATIENCE = 4000;

  /** How to follow a link from `here` to `there` (URL objects): "stay" in the page, "go" to another, or "leave" to the browser. */
  function manner(here, there) {
    if (here.origin !== there.origin || /^\/(api|snapshot)\//.test(there.pathname)) return "leave";
    return here.pathname === there.pathname ? "stay" : "go";
  }

  /** The kind of page by its path, for the style sheet. */
  function kind(path) { return path === "/" ? "wall" : path.split("/")[1]; }

  /** `there` in the world of `here` and at its moment, unless it names them itself; files know no other moment. */
  function carried(here, there) {
    const known = new URL(here.href).searchParams, isPage = !/^\/(api|snapshot)\//.test(there.pathname);
    const carry = (key) => { if (known.get(key) && here.origin === there.origin && !there.searchParams.has(key)) there.searchParams.set(key, known.get(key)); };
    carry("world");
    if (isPage) carry("as_of");
    return there;
  }

  /** The look of a page nobody has chosen one for: screens that are watched are dark, pages that are worked on are light. */
  function usual(path) { return LIGHT.has(kind(path)) ? "light" : "dark"; }

  cockpit.navigate = { manner, kind, carried, usual };
  if (typeof document === "undefined") return;

  const page = document.documentElement, set = (id, props) => window.dash_clientside.set_props(id, props);
  let isStanding = false, wanted = null;

  /** To another page by Dash's router; a link followed before that listens waits for it, but not for ever. */
  function go(href) {
    if (isStanding) { set("_pages_location", { href }); return; }
    cockpit.dash.start();
    if (!wanted) setTimeout(() => { if (!isStanding) location.assign(wanted); }, PATIENCE);
    wanted = href;
  }

  /** The address changed within the page. */
  function show() {
    const where = { path: location.pathname, search: location.search };
    if (isStanding) set("where", { data: where });
    else cockpit.panels.look(where);
  }

  /** Dash has started and the page in view is its own. */
  function stands() {
    if (isStanding) return;
    isStanding = true;
    if (wanted) go(wanted);
  }

  Object.assign(cockpit.navigate, { show, stands });

  function follow(href) {
    const there = carried(location, new URL(href, location.href)), how = manner(location, there);
    if (how === "leave") { location.assign(href); return; }
    if (how === "go") { go(there.href); return; }
    history.pushState({}, "", there.href);
    show();
  }

  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest("a[href],[data-href]");
    if (!link || link.target || link.hasAttribute("download")) return;
    event.preventDefault();
    follow(link.getAttribute("href") || link.dataset.href);
  });

  /** Back and forward within a page: the router does not know addresses that only this script wrote. */
  addEventListener("popstate", show);

  document.addEventListener("change", (event) => {
    const field = event.target.closest("form[data-query]");
    if (!field) return;
    const there = new URL(location.href);
    new FormData(field).forEach((value, key) => { if (value) there.searchParams.set(key, value); else there.searchParams.delete(key); });
    follow(there.href);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || /INPUT|TEXTAREA|SELECT/.test(document.activeElement.tagName)) return;
    const up = document.querySelector("a[data-up]");
    if (up) follow(up.getAttribute("href"));
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest(".scheme")) return;
    look(page.dataset.scheme === "light" ? "dark" : "light");
  });

  function look(scheme) {
    page.dataset.scheme = scheme;
    try { localStorage.setItem("scheme", scheme); } catch (refused) { /* private window: lasts until the page closes */ }
  }

  function remembered() { try { return localStorage.getItem("scheme"); } catch (refused) { return null; } }

  page.dataset.scheme = remembered() || usual(location.pathname);
  page.dataset.page = kind(location.pathname);

  window.dash_clientside = Object.assign(window.dash_clientside || {}, {
    cockpit: Object.assign((window.dash_clientside || {}).cockpit || {}, {
      where(path, search) {
        page.dataset.page = kind(path || "/");
        page.dataset.scheme = remembered() || usual(path || "/");
        return { path: path || "/", search: search || "" };
      },
    }),
  });
})(globalThis.cockpit = globalThis.cockpit || {});
