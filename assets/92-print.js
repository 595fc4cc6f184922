/* What a printed sheet says of itself: when, from where, for whom. Written just before printing. */
(function (cockpit) {
  "use strict";

  /** The foot of a sheet: page, address without the host, city time. */
  function foot(title, path, when) { return [title, `数据来源：潮州市城市运行管理平台 ${path}`, `打印于 ${when}`]; }

  /** The watermark: whoever printed it, and when. */
  function mark(who, when) { return [who, when].filter(Boolean).join("  "); }

  cockpit.print = { foot, mark };
  if (typeof document === "undefined") return;

  function stamp() {
    const now = cockpit.clock.now(), { time, date } = cockpit.clock.civil(now);
    return `${cockpit.clock.year(now)}-${date} ${time}`;
  }

  addEventListener("beforeprint", () => {
    let place = document.querySelector(".printed");
    if (!place) {
      place = Object.assign(document.createElement("footer"), { className: "printed" });
      document.body.append(place);
    }
    const simulated = document.querySelector(".sample") ? "（演示数据 · 模拟）" : "";
    place.replaceChildren(...foot(document.title + simulated, location.pathname + location.search, stamp())
      .map((text) => Object.assign(document.createElement("span"), { textContent: text })));
    const person = document.querySelector("[data-actor]");
    document.body.dataset.watermark = mark(person ? person.dataset.actor : "", `${stamp()}${simulated}`);
  });
})(globalThis.cockpit = globalThis.cockpit || {});
