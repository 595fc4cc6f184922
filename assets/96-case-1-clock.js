/* The one clock of an event, counted down every second from the server's time; it stops with the link. */
(function (cockpit) {
  "use strict";
  const DAY = 86400000;

  /** 剩 00:36:12, 剩 3 天, 超 02:14:00; and how that stands. All in milliseconds. */
  function told(due, now, near) {
    const left = due - now, word = left < 0 ? "超" : "剩", length = Math.abs(left);
    const words = length >= DAY ? `${Math.floor(length / DAY)} 天` : cockpit.clock.span(length);
    return { words: `${word} ${words}`, look: left < 0 ? "over" : left <= near ? "near" : "ok" };
  }

  cockpit.countdown = { told };
  if (typeof document === "undefined") return;

  setInterval(() => {
    if (document.documentElement.dataset.link === "lost") return;
    document.querySelectorAll(".cdt [data-due]").forEach((place) => {
      const { words, look } = told(Date.parse(place.dataset.due), cockpit.clock.now(), Number(place.dataset.near) * 1000);
      if (place.textContent !== words) place.textContent = words;
      place.parentNode.className = `cdt ${look}`;
    });
  }, 1000);
})(globalThis.cockpit = globalThis.cockpit || {});
