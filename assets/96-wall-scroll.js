/* Lists longer than their place turn their pages by themselves; a touch, a wheel or the focus stops them for a minute. */
(function (cockpit) {
  "use strict";
  const EVERY = 8000, PAUSE = 60000;

  /** Where a list stands next: a page further, its end, or from the end back to its top. Whole rows of `row` pixels. */
  function next({ top, height, whole, row }) {
    const last = whole - height;
    if (last <= row / 2) return 0;
    if (top >= last - 1) return 0;
    return Math.min(top + Math.max(Math.floor(height / row) - 1, 1) * row, last);
  }

  cockpit.scroll = { next };
  if (typeof document === "undefined") return;
  const paused = new WeakMap();

  function turn() {
    document.querySelectorAll(".scrolls").forEach((list) => {
      if (!list.getClientRects().length || (paused.get(list) || 0) > Date.now()) return;
      delete list.dataset.paused;
      const first = list.querySelector("tbody tr,li");
      if (!first) return;
      const top = next({ top: list.scrollTop, height: list.clientHeight, whole: list.scrollHeight, row: first.offsetHeight });
      if (top !== list.scrollTop) list.scrollTo({ top, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth" });
    });
  }

  function stop(event) {
    const list = event.target.closest && event.target.closest(".scrolls");
    if (!list) return;
    list.dataset.paused = "true";
    paused.set(list, Date.now() + PAUSE);
  }

  cockpit.scroll.turn = turn;
  ["pointerdown", "wheel", "touchstart", "focusin"].forEach((kind) => addEventListener(kind, stop, { passive: true, capture: true }));
  setInterval(turn, EVERY);
})(globalThis.cockpit = globalThis.cockpit || {});
