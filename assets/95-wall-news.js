/* New red and orange: told to screen readers and to the voice (94-speech-3-voice.js), and the carousel goes home. */
(function (cockpit) {
  "use strict";
  const MAJOR = 2;

  /** What is new and major: not known before, or graver than it was. `known` and `found`: [{key, level, text}]. */
  function fresh(known, found) {
    const before = new Map(known.map((one) => [one.key, one.level]));
    return found.filter((one) => one.level <= MAJOR && !(before.get(one.key) <= one.level));
  }

  cockpit.news = { fresh };
  if (typeof document === "undefined") return;
  const RETRY = 5000;
  let known = null, topics = [], etag = null, asking = false, isStale = false, later = 0;

  const isWall = () => document.documentElement.dataset.page === "wall" || document.documentElement.dataset.kiosk;
  const isDesk = () => document.documentElement.dataset.page === "desk";
  const concerns = () => isWall() || isDesk();

  function read(text) {
    const made = document.createElement("template");
    made.innerHTML = text;
    return [...made.content.querySelectorAll("[data-alert]")]
      .map((one) => ({ key: one.dataset.alert, level: Number(one.dataset.level), text: one.textContent, say: one.dataset.say || one.textContent }));
  }

  function say(text) {
    const place = document.getElementById("wall-said") || document.body.appendChild(Object.assign(document.createElement("div"), { id: "wall-said", className: "unseen" }));
    place.setAttribute("aria-live", "assertive");
    place.textContent = text;
  }

  function tell(news) {
    if (!news.length) return;
    say(`新增${news.map((one) => one.text).join("；")}`);
    if (isWall()) cockpit.carousel.happen("alert");
  }

  /** An answer that rested is older than the notice that asked for it; one that failed says nothing. */
  function askIn(milliseconds) {
    clearTimeout(later);
    if (milliseconds > 0) later = setTimeout(ask, milliseconds);
  }

  async function ask() {
    if (!concerns()) return;
    if (asking) { isStale = true; return; }
    asking = true;
    try {
      const given = new URLSearchParams(location.search), query = new URLSearchParams();
      ["world", "region", "as_of"].forEach((name) => { if (given.get(name)) query.set(name, given.get(name)); });
      const answer = await fetch(`/panel/wall-news${query.size ? `?${query}` : ""}`, { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store" });
      topics = (answer.headers.get("X-Topics") || "").split(" ").filter(Boolean);
      if (answer.status === 200) {
        etag = answer.headers.get("ETag");
        const found = read(await answer.text());
        if (known) tell(fresh(known, found));
        cockpit.speech.hear(found.filter((one) => one.level <= MAJOR));
        known = found;
      }
      askIn(answer.status >= 500 || answer.status === 429 ? RETRY : Number(answer.headers.get("X-Again")));
    } catch (unreachable) { askIn(RETRY); /* the link says so itself */ } finally {
      asking = false;
      if (isStale) { isStale = false; ask(); }
    }
  }

  cockpit.news.ask = ask;
  cockpit.live.listen((changed) => { if (!topics.length || cockpit.live.concerns(topics, changed)) ask(); });
  ask();
})(globalThis.cockpit = globalThis.cockpit || {});
