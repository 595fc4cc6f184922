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
  let known = null, topics = [], etag = null, asking = false;

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

  async function ask() {
    if (asking || !concerns()) return;
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
    } catch (unreachable) { /* the link says so itself */ } finally { asking = false; }
  }

  cockpit.news.ask = ask;
  cockpit.live.listen((changed) => { if (!topics.length || cockpit.live.concerns(topics, changed)) ask(); });
  ask();
})(globalThis.cockpit = globalThis.cockpit || {});
