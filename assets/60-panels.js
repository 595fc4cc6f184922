/* Panels: each is fetched as ready bytes, on load, on a new address and when its topics change. A failure blanks nothing.
   A panel the screen has no room for is not displayed and not fetched; it wakes when the screen changes. */
(function (cockpit) {
  "use strict";
  const JITTER = 300, RETRY = 4000, TIMEOUT = 8000, LEAVING = 600;
  const seen = new Map(), flying = new Map(), degraded = new Map();
  let serial = 0;

  /** The address of a panel for a page address: the last part of a path such as /theme/<id> travels as `id`. */
  function address(name, where) {
    const query = new URLSearchParams((where && where.search) || "");
    const id = ((where && where.path) || "/").split("/")[2];
    if (id) query.set("id", decodeURIComponent(id));
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

  /** What to do with a panel: "fetch", or "sleep" while it takes no room on the screen. */
  function duty(boxes) { return boxes > 0 ? "fetch" : "sleep"; }

  cockpit.panels = { address, decide, duty };
  if (typeof document === "undefined") return;

  const NOTHING = () => window.dash_clientside.no_update;
  const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

  function fade(places) {
    places.forEach((place) => {
      place.classList.add("changed");
      place.addEventListener("animationend", () => place.classList.remove("changed"), { once: true });
    });
  }

  function failure(name, why) {
    const said = document.createElement("span");
    said.textContent = why;
    return `<div class="er" role="alert"><b>取数失败</b><span class="sub">${said.innerHTML}</span>`
      + `<button class="retry" type="button" data-retry="${name}">重试</button></div>`;
  }

  async function request(url, etag) {
    const control = new AbortController(), limit = setTimeout(() => control.abort(), TIMEOUT);
    try {
      return await fetch(url, { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store", signal: control.signal });
    } catch (unreachable) {
      return { status: 0, headers: new Headers() };
    } finally { clearTimeout(limit); }
  }

  function again(name) {
    setTimeout(() => cockpit.live.announce([`panel:${name}`]), RETRY + Math.random() * RETRY);
  }

  function note(panel, name, url, answer) {
    const header = (key) => answer.headers.get(key);
    const frameAt = Date.parse(header("X-Frame-At") || "") || cockpit.clock.now();
    cockpit.clock.heard(Date.parse(header("X-Now") || "") || NaN);
    if (header("X-Degraded")) { degraded.set(name, frameAt); again(name); } else degraded.delete(name);
    cockpit.live.degraded(degraded.size ? Math.min(...degraded.values()) : null);
    seen.set(name, { url, etag: header("ETag"), frameAt, topics: (header("X-Topics") || "").split(" ") });
    panel.dataset.shown = url;
    delete panel.dataset.held;
    delete panel.dataset.failed;
  }

  function hold(panel, name) {
    const known = seen.get(name);
    if (known) panel.dataset.held = cockpit.clock.when(known.frameAt, cockpit.clock.now());
    again(name);
  }

  async function load(name, panel, url, mine) {
    const isShown = panel.dataset.shown === url, known = seen.get(name);
    const answer = await request(url, isShown && known && known.url === url ? known.etag : null);
    if (panel.dataset.asked !== mine || !panel.isConnected) return NOTHING();
    const step = decide(answer.status, isShown);
    if (step === "keep") { note(panel, name, url, answer); return NOTHING(); }
    if (step === "hold") { hold(panel, name); return NOTHING(); }
    if (step === "fail") return fail(panel, name, url, answer);
    const changed = cockpit.morph(panel.querySelector(".fill"), await answer.text());
    if (isShown) fade(changed);
    note(panel, name, url, answer);
    return seen.get(name).etag;
  }

  async function fail(panel, name, url, answer) {
    const problem = answer.json ? await answer.json().catch(() => ({})) : {};
    if (answer.status === 0 || answer.status >= 500) hold(panel, name);
    cockpit.morph(panel.querySelector(".fill"), failure(name, problem.detail || "服务器没有应答，正在重试"));
    panel.dataset.failed = url;
    return NOTHING();
  }

  async function fly(name, place, url, isNews) {
    const mine = place.dataset.asked = String(serial += 1);
    if (isNews) await wait(Math.random() * JITTER);
    return place.dataset.asked === mine ? load(name, place, url, mine) : NOTHING();
  }

  /** A panel whose page is being left asks for nothing: Dash would wait for its answer and then not find it. If it turns
      out to belong to the new page too, it asks a moment later. */
  function leave(place, name) {
    setTimeout(() => {
      if (!place.isConnected || place.dataset.page === cockpit.navigate.kind(location.pathname)) return;
      delete place.dataset.page;
      cockpit.live.announce([`panel:${name}`]);
    }, LEAVING);
  }

  /** Clientside callback of every panel: (where, notice, id of the panel) → its frame. A call that is not concerned
      joins the one under way, because a later call makes Dash forget the answer of an earlier one. */
  function panel(where, notice, id) {
    const place = document.getElementById(id);
    if (!place || !where) return NOTHING();
    const name = id.replace(/^panel-/, ""), url = address(name, where), known = seen.get(name), under = flying.get(id);
    const page = cockpit.navigate.kind(where.path || "/");
    if (place.dataset.page && place.dataset.page !== page) { leave(place, name); return NOTHING(); }
    place.dataset.page = page;
    if (duty(place.getClientRects().length) === "sleep") { place.dataset.asleep = "true"; return NOTHING(); }
    delete place.dataset.asleep;
    const isNews = place.dataset.shown === url;
    const isConcerned = !isNews || !known || !notice
      || cockpit.live.concerns([...known.topics, `panel:${name}`], notice.topics);
    if (isNews && place.querySelector("form[data-dirty]")) return NOTHING();
    if (under && under.url === url && under.place === place && (!isNews || !isConcerned)) return under.promise;
    if (!isConcerned) return NOTHING();
    const promise = fly(name, place, url, isNews).finally(() => {
      if (flying.get(id) && flying.get(id).promise === promise) flying.delete(id);
    });
    flying.set(id, { url, place, promise });
    return promise;
  }

  /** Another size, another look: what has room now is fetched. */
  function wake() {
    const awake = [...document.querySelectorAll(".panel[data-asleep]")]
      .filter((place) => duty(place.getClientRects().length) === "fetch");
    if (awake.length) cockpit.live.announce(awake.map((place) => place.id.replace(/^panel-/, "panel:")));
  }

  let resized = 0;
  addEventListener("resize", () => { clearTimeout(resized); resized = setTimeout(wake, 250); });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-retry]");
    if (button) cockpit.live.announce([`panel:${button.dataset.retry}`]);
  });

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    cockpit: Object.assign({}, (window.dash_clientside || {}).cockpit, { panel }),
  });
})(globalThis.cockpit = globalThis.cockpit || {});
