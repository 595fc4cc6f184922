/* A wall that is never touched: it loads itself anew at 04:30 and when it grows too large, and only while the server answers. */
(function (cockpit) {
  "use strict";
  const HOUR = "04:30", HEAP = 350e6, NODES = 30000, GAP = 3600000, CHECK = 20000;

  /** True at 04:30 of the city (any moment of that minute or the four after it), once, and not right after opening. */
  function isNight(time, openedFor) { return time >= HOUR && time < "04:35" && openedFor > GAP / 2; }

  /** True if the page has grown beyond what a wall may need. Unknown sizes say nothing. */
  function isLeaking({ heap, nodes }) { return (heap || 0) > HEAP || nodes > NODES; }

  /** Why the page should load anew now: "night", "leak", or null. A leak is not answered twice within an hour. */
  function reason({ time, openedFor, heap, nodes, sinceLeak }) {
    if (isNight(time, openedFor)) return "night";
    return isLeaking({ heap, nodes }) && sinceLeak > GAP ? "leak" : null;
  }

  cockpit.health = { isNight, isLeaking, reason };
  if (typeof document === "undefined") return;
  const opened = Date.now();

  function measure() {
    const heap = performance.memory ? performance.memory.usedJSHeapSize : null;
    return { heap, nodes: document.getElementsByTagName("*").length };
  }

  function lastLeak() { try { return Number(sessionStorage.getItem("leak-reload")) || 0; } catch (refused) { return 0; } }

  /** The address, the settings and the look hold all of the wall's state; only a server that answers is asked for the page. */
  async function reload(why) {
    try {
      const answer = await fetch("/readyz", { cache: "no-store" });
      if (!answer.ok) return;
      if (why === "leak") sessionStorage.setItem("leak-reload", String(Date.now()));
      if (location.pathname === "/wall") location.reload();
      else location.assign(`/wall${location.search}`);
    } catch (unreachable) { /* tried again in twenty seconds */ }
  }

  cockpit.health.look = function (found = measure(), now = cockpit.clock.now()) {
    if (!document.documentElement.dataset.kiosk || document.documentElement.dataset.link === "lost") return null;
    const why = reason({ ...found, time: cockpit.clock.civil(now).time, openedFor: Date.now() - opened, sinceLeak: Date.now() - lastLeak() });
    if (why) reload(why);
    return why;
  };
  cockpit.health.measure = measure;
  setInterval(() => cockpit.health.look(), CHECK);
})(globalThis.cockpit = globalThis.cockpit || {});
