/* Panels: each is fetched as ready bytes, on load, on a new address and when its topics change. A failure blanks nothing.
   A panel the screen has no room for is not displayed and not fetched; it wakes when the screen changes.
   The page stands in the document before Dash starts (#early), with the panels the server had at hand; the others are asked
   for at once. Their content moves into Dash's own page when that has come. Panels are no callbacks of Dash
   (docs/decisions/057, 064). */
(function (cockpit) {
  "use strict";
  const JITTER = 300, RETRY = 4000, TIMEOUT = 8000;
  const MARKS = ["shown", "failed", "held", "asleep", "page"];
  const seen = new Map(), flying = new Map(), degraded = new Map(), resting = new Map();

  /** The address of a panel for a page address: the last part of a path such as /theme/<id> travels as `id`. Of the query
      only what the panel asks for travels along, where it says so: it need not follow what does not concern it. */
  function address(name, where, wanted) {
    const query = new URLSearchParams((where && where.search) || "");
    const id = ((where && where.path) || "/").split("/")[2];
    if (id) query.set("id", decodeURIComponent(id));
    if (wanted !== undefined) {
      const known = new Set(["world", "region", "as_of", ...wanted.split(" ")]);
      [...query.keys()].forEach((key) => { if (!known.has(key)) query.delete(key); });
    }
    query.sort();
    const text = query.toString();
    return `/panel/${name}${text ? "?" + text : ""}`;
  }

  /** What to do with an answer: draw it, keep what is shown, or say that it failed. */
  function decide(status, isShown) {
    if (status === 200) return "draw";
    if (status === 304) return "keep";
    return isShown ? "hold" : "fail";
  }

  /** What a notice means for a panel: nothing, a flight, or another one after the flight that is under way; one that
      still waits to start brings the news along. `under`: {url, isOut} or undefined. */
  function turn(under, url) {
    if (!under || under.url !== url) return "fly";
    return under.isOut ? "again" : "join";
  }

  /** What to do with a panel: "fetch", or "sleep" while it takes no room on the screen. */
  function duty(boxes) { return boxes > 0 ? "fetch" : "sleep"; }

  cockpit.panels = { address, decide, duty, turn };
  if (typeof document === "undefined") return;

  const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
  const nameOf = (place) => place.id.replace(/^panel-/, ""), placeOf = (name) => document.getElementById(`panel-${name}`);
  const addressOf = (place) => address(nameOf(place), where, place.dataset.params);
  const early = () => document.getElementById("early");
  const standing = () => [...(early() || document).querySelectorAll(".panel[id]")];
  let where = { path: location.pathname, search: location.search };

  function fade(places) {
    places.forEach((place) => place.classList.add("changed"));
  }

  function escaped(text) {
    const said = document.createElement("span");
    said.textContent = text;
    return said.innerHTML;
  }

  /** What stands where a panel cannot: asking again helps against trouble of ours, never against a wrong address. */
  function failure(name, title, why, isWrong) {
    const out = isWrong ? '<a class="retry" href="/">返回总览</a>' : `<button class="retry" type="button" data-retry="${name}">重试</button>`;
    return `<div class="er" role="alert"><b>${escaped(title || "取数失败")}</b><span class="sub">${escaped(why)}</span>${out}</div>`;
  }

  async function request(url, etag) {
    const control = new AbortController(), limit = setTimeout(() => control.abort(), TIMEOUT);
    try {
      const answer = await fetch(url, { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store", signal: control.signal });
      return { answer, text: answer.status === 200 ? await answer.text() : "" };
    } catch (unreachable) {
      return { answer: { status: 0, headers: new Headers() }, text: "" };
    } finally { clearTimeout(limit); }
  }

  function again(name) {
    setTimeout(() => cockpit.live.announce([`panel:${name}`]), RETRY + Math.random() * RETRY);
  }

  /** Changes pour in and the server makes this panel anew only now and then: the next one is there in so many ms. */
  function rest(name, milliseconds) {
    clearTimeout(resting.get(name));
    resting.delete(name);
    if (!milliseconds) return;
    resting.set(name, setTimeout(() => { resting.delete(name); ask(placeOf(name)); }, milliseconds));
  }

  function note(place, name, url, answer) {
    const header = (key) => answer.headers.get(key);
    const frameAt = Date.parse(header("X-Frame-At") || "") || cockpit.clock.now();
    cockpit.clock.heard(Date.parse(header("X-Now") || "") || NaN);
    rest(name, Number(header("X-Again")));
    if (header("X-Degraded")) { degraded.set(name, frameAt); again(name); } else degraded.delete(name);
    cockpit.live.degraded(degraded.size ? Math.min(...degraded.values()) : null);
    seen.set(name, { url, etag: header("ETag"), frameAt, topics: (header("X-Topics") || "").split(" ") });
    if (place.dataset.shown !== url) place.dataset.shown = url;
    if (place.dataset.held) delete place.dataset.held;
    if (place.dataset.failed) delete place.dataset.failed;
  }

  /** What the document brought along counts as fetched, if it is what this address asks for. */
  function adopt() {
    const came = performance.getEntriesByType("navigation")[0];
    cockpit.clock.heard(Date.parse(document.documentElement.dataset.now), came ? performance.timeOrigin + came.responseStart : Date.now());
    standing().filter((place) => place.dataset.brought).forEach((place) => {
      const { etag, frame, topics } = JSON.parse(place.dataset.brought), url = place.dataset.shown;
      delete place.dataset.brought;
      if (url !== addressOf(place)) return;
      place.dataset.page = cockpit.navigate.kind(where.path);
      place.querySelector(".blanks").replaceChildren();
      seen.set(nameOf(place), { url, etag, frameAt: Date.parse(frame), topics });
    });
    cockpit.clock.tick();
  }

  /** True while some panel in sight has neither come nor failed. */
  function isWaiting() { return flying.size > 0; }

  function hold(place, name) {
    const known = seen.get(name);
    if (known) place.dataset.held = cockpit.clock.when(known.frameAt, cockpit.clock.now());
    again(name);
  }

  async function fail(place, name, url, answer) {
    const problem = answer.json ? await answer.json().catch(() => ({})) : {};
    if (answer.status === 0 || answer.status >= 500) hold(place, name);
    cockpit.morph(place.querySelector(".fill"), failure(name, problem.title, problem.detail || "服务器没有应答，正在重试", answer.status === 400));
    place.dataset.failed = url;
  }

  /** An answer for the panel `name`, wherever its place is by now. */
  function land(name, url, { answer, text }) {
    const place = placeOf(name);
    if (!place || leaves(place)) return;
    const isShown = place.dataset.shown === url, step = decide(answer.status, isShown);
    if (step === "fail") { fail(place, name, url, answer); return; }
    if (step === "hold") { hold(place, name); return; }
    if (step === "draw") {
      const changed = cockpit.morph(place.querySelector(".fill"), text);
      if (isShown) fade(changed);
    }
    note(place, name, url, answer);
  }

  async function fly(name, url, isNews) {
    const flight = { url, isOut: false, isStale: false }, known = seen.get(name);
    flying.set(name, flight);
    if (isNews) await wait(Math.random() * JITTER);
    if (flying.get(name) !== flight) return;
    flight.isOut = true;
    const found = await request(url, isNews && known && known.url === url ? known.etag : null);
    if (flying.get(name) !== flight) return;
    flying.delete(name);
    land(name, url, found);
    if (flight.isStale) ask(placeOf(name));
  }

  /** True for a panel of the page that is being left: its answer to the new address would be wrong. */
  function leaves(place) { return Boolean(place.dataset.page) && place.dataset.page !== cockpit.navigate.kind(where.path); }

  /** Have one panel fetched, unless it has no room, is being left, or holds what somebody is typing. */
  function ask(place) {
    if (!place || leaves(place)) return;
    if (!place.dataset.page) place.dataset.page = cockpit.navigate.kind(where.path);
    if (duty(place.getClientRects().length) === "sleep") { place.dataset.asleep = "true"; return; }
    if (place.dataset.asleep) delete place.dataset.asleep;
    const name = nameOf(place), url = addressOf(place), under = flying.get(name), isNews = place.dataset.shown === url;
    if (isNews && place.querySelector("form[data-dirty]")) return;
    const step = turn(under, url);
    if (step === "again") under.isStale = true;
    if (step === "fly") fly(name, url, isNews);
  }

  /** The address in view: whatever does not show it yet is fetched. */
  function look(found) {
    where = found || { path: location.pathname, search: location.search };
    const wanted = (place) => {
      const url = addressOf(place), under = flying.get(nameOf(place));
      return place.dataset.shown !== url && place.dataset.failed !== url && !(under && under.url === url);
    };
    standing().filter(wanted).forEach(ask);
  }

  /** Something changed: panels that watch one of the topics are fetched again. */
  function hear(topics) {
    standing().forEach((place) => {
      const known = seen.get(nameOf(place)), own = `panel:${nameOf(place)}`;
      if (resting.has(nameOf(place)) && !cockpit.live.concerns([own], topics) && !cockpit.door.wroteLately()) return;
      if (!known || cockpit.live.concerns([...known.topics, own], topics)) ask(place);
    });
  }

  /** Dash has put the page of this address in place. */
  function arrived() {
    if (!drawn()) return;
    takeOver();
    standing().filter(leaves).forEach((place) => { delete place.dataset.page; });
    look();
    cockpit.navigate.stands();
  }

  const root = document.getElementById("react-entry-point");
  const drawn = () => root.querySelector("#_pages_content > *");
  const twin = (place) => root.querySelector(`[id="${place.id}"]`);

  /** Dash's own page takes over what the early one shows by now. No moment passes in which a panel stands twice. */
  function takeOver() {
    const first = early(), focus = document.activeElement;
    if (!first) return;
    [...first.querySelectorAll(".panel[id]")].forEach((from) => { if (twin(from)) take(from, twin(from)); });
    cockpit.clock.tick();
    root.hidden = false;
    first.remove();
    if (focus && focus !== document.activeElement && focus.isConnected) focus.focus();
  }

  const handover = new MutationObserver(() => {
    const first = early();
    if (!first) { handover.disconnect(); return; }
    if (drawn() && [...first.querySelectorAll(".panel[id]")].every(twin)) takeOver();
  });
  handover.observe(root, { childList: true, subtree: true });

  /** Content moves, it is not made again: what scripts hold on to stays, lists stay where they were scrolled to. */
  function take(from, to) {
    const scrolled = [...from.querySelectorAll(".fill *")].filter((one) => one.scrollTop || one.scrollLeft)
      .map((one) => [one, one.scrollTop, one.scrollLeft]);
    to.querySelector(".fill").replaceChildren(...from.querySelector(".fill").childNodes);
    if (scrolled.length) requestAnimationFrame(() => scrolled.forEach(([one, top, left]) => { one.scrollTop = top; one.scrollLeft = left; }));
    MARKS.filter((mark) => from.dataset[mark]).forEach((mark) => { to.dataset[mark] = from.dataset[mark]; });
  }

  /** Another size, another look: what has room now is fetched. */
  function wake() {
    standing().filter((place) => place.dataset.asleep && duty(place.getClientRects().length) === "fetch").forEach(ask);
  }

  let resized = 0;
  addEventListener("resize", () => { clearTimeout(resized); resized = setTimeout(wake, 250); });

  // one listener for all: where motion is reduced no animation ends, and listeners of each place would pile up on a wall
  document.addEventListener("animationend", (event) => {
    if (event.animationName === "changed") event.target.classList.remove("changed");
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-retry]");
    if (button) cockpit.live.announce([`panel:${button.dataset.retry}`]);
  });

  /** From the document as it came to the first round of questions. */
  function begin() {
    where = { path: location.pathname, search: location.search };
    adopt();
    look();
  }

  Object.assign(cockpit.panels, { look, isWaiting });
  cockpit.live.listen(hear);
  queueMicrotask(begin); // after the scripts that come below in the same file have had their say about the address
  window.dash_clientside = Object.assign(window.dash_clientside || {}, {
    cockpit: Object.assign((window.dash_clientside || {}).cockpit || {}, { arrived, moved: look }),
  });
})(globalThis.cockpit = globalThis.cockpit || {});
