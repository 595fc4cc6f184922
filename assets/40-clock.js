/* The clock of the city: server time, Asia/Shanghai whatever the browser's zone; it stops when the link is lost. */
(function (cockpit) {
  "use strict";
  const ZONE = "Asia/Shanghai";
  const FORMAT = new Intl.DateTimeFormat("en-GB", {
    timeZone: ZONE, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit",
    hour: "2-digit", minute: "2-digit", second: "2-digit", weekday: "short",
  });
  const DAYS = { Mon: "周一", Tue: "周二", Wed: "周三", Thu: "周四", Fri: "周五", Sat: "周六", Sun: "周日" };
  let offset = 0;

  /** The city's civil time of an instant in milliseconds since 1970. */
  function civil(instant) {
    const part = {};
    FORMAT.formatToParts(new Date(instant)).forEach((piece) => { part[piece.type] = piece.value; });
    return { time: `${part.hour}:${part.minute}`, seconds: part.second, date: `${part.month}-${part.day}`,
      weekday: DAYS[part.weekday] };
  }

  /** The city's year of an instant. */
  function year(instant) { return FORMAT.formatToParts(new Date(instant)).find((piece) => piece.type === "year").value; }

  /** HH:MM on the city's today, MM-DD HH:MM before. */
  function when(instant, now) {
    const then = civil(instant), today = civil(now);
    return then.date === today.date && now - instant < 86400000 ? then.time : `${then.date} ${then.time}`;
  }

  /** A span in milliseconds as 00:01:24. */
  function span(length) {
    const seconds = Math.max(0, Math.floor(length / 1000));
    return [seconds / 3600, (seconds / 60) % 60, seconds % 60]
      .map((part) => String(Math.floor(part)).padStart(2, "0")).join(":");
  }

  /** Server time; `heard` is what the server said it was when it answered, which was at `at` by our own clock. */
  function heard(serverInstant, at = Date.now()) { if (Number.isFinite(serverInstant)) offset = serverInstant - at; }
  function now() { return Date.now() + offset; }

  function write(selector, text) {
    document.querySelectorAll(selector).forEach((place) => { if (place.textContent !== text) place.textContent = text; });
  }

  function tick() {
    if (document.documentElement.dataset.link === "lost") return;
    const shown = civil(now());
    write("[data-clock=time]", shown.time);
    write("[data-clock=seconds]", `:${shown.seconds}`);
    write("[data-clock=date]", `${shown.date} ${shown.weekday}`);
  }

  cockpit.clock = { civil, year, when, span, heard, now, tick };
  if (typeof document !== "undefined") setInterval(tick, 500);
})(globalThis.cockpit = globalThis.cockpit || {});
