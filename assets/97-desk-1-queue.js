/* The desk's queue: clocks from the server's instants and the server's time, the chosen row, and no row that slips away
   from under the pointer: while it rests on the list a new order waits and says so. */
(function (cockpit) {
  "use strict";
  const QUEUE = "panel-desk-queue", CROSSED = 30000;

  /** A time left or past, as the server writes it: 05:40, from 24 hours in days. */
  function remaining(milliseconds) {
    const minutes = Math.max(Math.floor(milliseconds / 60000), 0), two = (part) => String(part).padStart(2, "0");
    return minutes >= 1440 ? `${Math.floor(minutes / 1440)} 天` : `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  }

  /** How a clock stands: over from the instant the limit has passed, near while at most `near` seconds are left. */
  function standing(now, due, near) {
    const left = due - now, look = left < 0 ? "over" : left <= near * 1000 ? "near" : "ok";
    return { look, words: `${look === "over" ? "超" : "剩"} ${remaining(Math.abs(left))}` };
  }

  /** Part of the time used, 0 to 100. */
  function used(now, from, due) { return due > from ? Math.min(100, Math.max(0, (100 * (now - from)) / (due - from))) : 100; }

  /** The rows of a drawn list in their order: number → what would be seen of it. */
  function rowsOf(place) {
    return new Map([...place.querySelectorAll("li[data-row][data-version]")].map((one) => [one.dataset.row, one.dataset.version]));
  }

  /** How many rows are new, gone or changed, and whether those that stay would move. */
  function difference(before, after) {
    const kept = [...before.keys()].filter((key) => after.has(key));
    const changed = kept.filter((key) => before.get(key) !== after.get(key)).length;
    const isMoved = [...before.keys()].join() !== [...after.keys()].join();
    return { count: changed + before.size - kept.length + after.size - kept.length, isMoved };
  }

  /** The part of an address the list depends on. */
  function shown(search) {
    const query = new URLSearchParams(search);
    ["event", "layers"].forEach((key) => query.delete(key));
    query.sort();
    return query.toString();
  }

  /** The row a step away from `index` in a list of `count`; the ends hold. */
  function step(index, by, count) { return count ? Math.min(count - 1, Math.max(0, index < 0 ? 0 : index + by)) : -1; }

  cockpit.desk = { remaining, standing, used, difference, shown, step };
  if (typeof document === "undefined") return;

  const all = (selector, place = document) => [...place.querySelectorAll(selector)];
  const chosen = () => new URL(location.href).searchParams.get("event") || "";
  const isDesk = () => document.documentElement.dataset.page === "desk";
  let held = null, applied = "", crossed = 0;

  function write(place, text) { if (place.textContent !== text) place.textContent = text; }

  function tick(row, now) {
    const due = Date.parse(row.dataset.due), found = standing(now, due, Number(row.dataset.near));
    const clock = row.querySelector("[data-left]"), bar = row.querySelector(".tb");
    write(clock, found.words);
    if (clock.className !== `sla ${found.look}`) clock.className = `sla ${found.look}`;
    if (bar) { bar.className = `tb ${found.look}`; bar.firstChild.style.width = `${used(now, Date.parse(row.dataset.from), due).toFixed(1)}%`; }
    const group = row.closest("section");
    return group && (group.dataset.row === "overdue") !== (found.look === "over");
  }

  /** All clocks; a row that has crossed into another group has the list drawn anew. */
  function ticks() {
    if (!isDesk() || document.documentElement.dataset.link === "lost") return;
    const now = cockpit.clock.now(), over = all(".ql li[data-due]").map((row) => tick(row, now)).some(Boolean);
    all(".nx li[data-due]").forEach((row) => tick(row, now));
    if (over && Date.now() - crossed > CROSSED) { crossed = Date.now(); cockpit.live.announce(["panel:desk-queue"]); }
  }

  function mark() {
    const number = chosen();
    all(".ql li[data-version]").forEach((row) => {
      const isChosen = row.dataset.row === number, link = row.querySelector("a[data-open]");
      row.classList.toggle("sel", isChosen);
      if (isChosen) link.setAttribute("aria-current", "true"); else link.removeAttribute("aria-current");
    });
  }

  /** Fields follow the address also after going back. */
  function fields() {
    const query = new URL(location.href).searchParams;
    all(`#${QUEUE} form select, #${QUEUE} form input[type=search]`).forEach((field) => {
      const wanted = query.get(field.name) || "";
      if (field.value !== wanted && field !== document.activeElement) field.value = wanted;
      field.classList.toggle("set", wanted !== "");
    });
  }

  /** After anything was drawn or chosen. */
  function dress() {
    if (!isDesk()) return;
    mark();
    fields();
    ticks();
    document.dispatchEvent(new CustomEvent("desk-drawn"));
  }

  const morph = cockpit.morph;
  const isRested = () => document.querySelector(".ql:hover") !== null;

  function apply(place, text) {
    held = null;
    applied = shown(location.search);
    const told = document.getElementById("held");
    if (told) told.hidden = true;
    const changed = morph(place, text);
    dress();
    return changed;
  }

  function hold(place, text) {
    const fresh = document.createElement("template");
    fresh.innerHTML = text;
    const news = difference(rowsOf(place), rowsOf(fresh.content));
    if (!news.isMoved) return false;
    held = { place, text };
    const told = document.getElementById("held");
    told.textContent = `有 ${news.count || 1} 件更新，移开指针后显示`;
    told.hidden = false;
    return true;
  }

  cockpit.morph = function (place, text) {
    const panel = place.closest(".panel"), name = panel ? panel.id : "";
    if (name !== QUEUE) {
      const changed = morph(place, text);
      if (name.startsWith("panel-desk-")) dress();
      return changed;
    }
    const isNews = applied === shown(location.search) && place.querySelector("li[data-version]");
    return isNews && isRested() && hold(place, text) ? [] : apply(place, text);
  };

  function release() { if (held && held.place.isConnected) apply(held.place, held.text); }

  cockpit.desk.chosen = chosen;
  cockpit.desk.isDesk = isDesk;
  cockpit.desk.release = release;

  /** What is chosen shows as soon as the address says so. */
  const look = cockpit.panels.look;
  function follow(where) { look(where); setTimeout(dress, 0); }
  cockpit.panels.look = follow;
  if (window.dash_clientside && window.dash_clientside.cockpit.moved) window.dash_clientside.cockpit.moved = follow;

  /** Return in the search is a change of the address, not another page. */
  document.addEventListener("submit", (event) => { if (event.target.closest("form[data-query]")) event.preventDefault(); });
  queueMicrotask(dress); // what the document brought along
  setInterval(ticks, 1000);
  document.addEventListener("pointermove", () => { if (held && !isRested()) release(); }, { passive: true });
  document.addEventListener("click", (event) => {
    if (event.target.closest("#held")) { release(); return; }
    const row = event.target.closest(".ql li[data-version]");
    if (row && !event.target.closest("a,input,button")) row.querySelector("a[data-open]").click();
  });
})(globalThis.cockpit = globalThis.cockpit || {});
