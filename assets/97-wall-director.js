/* Director mode: the desk puts a view on this wall. The wall asks for itself alone, shows from whom, and goes back after. */
(function (cockpit) {
  "use strict";
  const RETRY = 20000;

  /** What the wall does about an answer: "go" to a view, "return" home, or "stay". `now` and `until` in milliseconds. */
  function verdict(view, shown, now) {
    const path = view && view.path && Date.parse(view.until) > now ? view.path : null;
    if (path && path !== shown) return { act: "go", path };
    return path || !shown ? { act: "stay", path: shown } : { act: "return", path: null };
  }

  /** What the sign says while the desk steers. */
  function sign(view, clock) { return `由 ${view.by} 推送 · ${clock(Date.parse(view.since))} 起 · ${clock(Date.parse(view.until))} 恢复`; }

  cockpit.director = { verdict, sign, isSteered: () => false };
  if (typeof document === "undefined" || !document.documentElement.dataset.kiosk) return;
  let shown = null, view = null, home = "/wall";

  function tell() {
    if (!shown) return;
    const place = cockpit.carousel.place();
    place.classList.add("on");
    place.textContent = sign(view, (instant) => cockpit.clock.civil(instant).time);
  }

  function obey(found) {
    const next = verdict(found, shown, cockpit.clock.now());
    if (next.act === "stay") return;
    if (!shown) home = location.pathname === "/wall" ? location.pathname + location.search : "/wall";
    shown = next.path;
    view = found;
    cockpit.screen.follow(next.act === "go" ? cockpit.screen.homeward(next.path, true) : home);
    if (next.act === "return") cockpit.carousel.place().classList.remove("on");
  }

  async function ask() {
    try {
      const answer = await fetch("/api/v1/screens/mine", { cache: "no-store" });
      if (answer.ok) obey(await answer.json());
    } catch (unreachable) { /* the wall stays as it is */ }
  }

  cockpit.director.isSteered = () => shown !== null;
  cockpit.live.listen((topics) => { if (topics.some((topic) => topic.startsWith("screen:"))) ask(); });
  setInterval(() => { if (shown && verdict(view, shown, cockpit.clock.now()).act === "return") ask(); tell(); }, 1000);
  setInterval(ask, RETRY * 3);
  ask();
})(globalThis.cockpit = globalThis.cockpit || {});
