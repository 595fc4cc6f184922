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
  let known = [];

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

  function address() {
    if (!concerns()) return "";
    const given = new URLSearchParams(location.search), query = new URLSearchParams();
    ["world", "region", "as_of"].forEach((name) => { if (given.get(name)) query.set(name, given.get(name)); });
    return `/panel/wall-news${query.size ? `?${query}` : ""}`;
  }

  /** What is there when we come to a place is no news. */
  function take(text, isFirst) {
    const found = read(text);
    if (!isFirst) tell(fresh(known, found));
    cockpit.speech.hear(found.filter((one) => one.level <= MAJOR));
    known = found;
  }

  cockpit.news.ask = cockpit.keepUp({ address, take }).ask;
})(globalThis.cockpit = globalThis.cockpit || {});
