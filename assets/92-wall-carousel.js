/* Carousel: 30 seconds per stop, alerts first, then 关注, then home. Touching pauses it, a new red or orange sends it home. */
(function (cockpit) {
  "use strict";
  const DWELL = 30000, PAUSE = 180000, HOLD = 180000;

  /** Stops in order: tiles with an alert by level, tiles on 关注, then home. `tiles`: [{href, name, level, isAttention}]. */
  function stops(tiles, home) {
    const alerted = tiles.filter((tile) => tile.level).sort((a, b) => a.level - b.level);
    const noted = tiles.filter((tile) => !tile.level && tile.isAttention);
    return [...alerted, ...noted].map(({ href, name }) => ({ href, name })).concat({ href: home, name: "总览" });
  }

  /** A carousel that stands at home since `now`. */
  function fresh(now) { return { at: -1, since: now, pausedUntil: 0, isHeld: false }; }

  /** What happens at `now`: the next state, and `go`, the stop to show, if it changes.
      `event` is "tick", "touch" (somebody is there), "hold" (space bar), or "alert" (a new red or orange). */
  function step(state, event, now, list) {
    if (event === "touch") return { state: { ...state, since: now, pausedUntil: Math.max(state.pausedUntil, now + PAUSE) } };
    if (event === "hold") return { state: { ...state, isHeld: !(state.isHeld || now < state.pausedUntil), pausedUntil: 0, since: now } };
    if (event === "alert") return { state: { ...state, at: -1, since: now, pausedUntil: now + HOLD }, go: list[list.length - 1] };
    if (state.isHeld || now < state.pausedUntil || now - Math.max(state.since, state.pausedUntil) < DWELL || list.length < 2) return { state };
    const at = (state.at + 1) % list.length;
    return { state: { ...state, at, since: now }, go: list[at] };
  }

  /** What the sign says. */
  function sign(state, now, list) {
    if (state.isHeld) return "轮播已暂停 · 空格继续";
    if (now < state.pausedUntil) return `轮播已暂停 ${cockpit.clock.span(state.pausedUntil - now).slice(3)}`;
    const stop = list[state.at] || list[list.length - 1];
    return list.length > 1 ? `轮播 ${(state.at + list.length) % list.length + 1}/${list.length} ${stop.name}` : "轮播 · 当前无预警和关注主题";
  }

  cockpit.carousel = { stops, fresh, step, sign };
  if (typeof document === "undefined") return;

  let state = fresh(Date.now()), list = [], moving = false;
  let home = document.documentElement.dataset.kiosk ? "/wall" : "/";
  const isOn = () => cockpit.screen.known.carousel === "1";

  function tiles() {
    return [...document.querySelectorAll("#panel-wall-tiles a.t")].map((tile) => ({
      href: tile.getAttribute("href"), name: tile.querySelector("b").textContent,
      level: Number((tile.className.match(/\bL([1-4])\b/) || [])[1]) || 0, isAttention: tile.classList.contains("at"),
    }));
  }

  function show() {
    const place = document.getElementById("wall-sign") || make();
    const text = isOn() ? sign(state, Date.now(), list) : "";
    if (!cockpit.director || !cockpit.director.isSteered()) {
      place.classList.toggle("on", Boolean(text));
      if (place.textContent !== text) place.textContent = text;
    }
  }

  function make() {
    const made = Object.assign(document.createElement("div"), { id: "wall-sign" });
    made.setAttribute("role", "status");
    return document.body.appendChild(made);
  }

  function happen(event) {
    if (!isOn()) return;
    const found = tiles();
    if (document.documentElement.dataset.page === "wall") home = location.pathname + location.search;
    if (found.length) list = stops(found, home);
    if (!list.length) return;
    const next = step(state, event, Date.now(), list);
    state = next.state;
    if (next.go) { moving = true; cockpit.screen.follow(next.go.href); moving = false; }
    show();
  }

  /** The sign at the foot of the screen; it outlives the pages. */
  cockpit.carousel.place = () => document.getElementById("wall-sign") || make();
  Object.assign(cockpit.carousel, { happen, toggle: () => happen("hold"), isOn });
  ["pointerdown", "pointermove", "wheel", "touchstart"].forEach((kind) => addEventListener(kind, () => { if (!moving) happen("touch"); }, { passive: true }));
  addEventListener("keydown", (event) => { if (event.key !== " ") happen("touch"); });
  setInterval(() => happen("tick"), 1000);
})(globalThis.cockpit = globalThis.cockpit || {});
