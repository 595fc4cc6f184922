/* New red and orange: read out for screen readers, a tone if the wall may sound, and the carousel goes home. */
(function (cockpit) {
  "use strict";
  const MAJOR = 2, QUIET = 60000;

  /** What is new and major: not known before, or graver than it was. `known` and `found`: [{key, level, text}]. */
  function fresh(known, found) {
    const before = new Map(known.map((one) => [one.key, one.level]));
    return found.filter((one) => one.level <= MAJOR && !(before.get(one.key) <= one.level));
  }

  /** True if a tone may sound: at most one a minute, however many alerts come. */
  function maySound(now, last) { return now - last >= QUIET; }

  cockpit.news = { fresh, maySound };
  if (typeof document === "undefined") return;
  let known = null, topics = [], etag = null, sounded = -Infinity, asking = false;

  const concerns = () => document.documentElement.dataset.page === "wall" || document.documentElement.dataset.kiosk;

  function read(text) {
    const made = document.createElement("template");
    made.innerHTML = text;
    return [...made.content.querySelectorAll("[data-alert]")]
      .map((one) => ({ key: one.dataset.alert, level: Number(one.dataset.level), text: one.textContent }));
  }

  function say(text) {
    const place = document.getElementById("wall-said") || document.body.appendChild(Object.assign(document.createElement("div"), { id: "wall-said", className: "unseen" }));
    place.setAttribute("aria-live", "assertive");
    place.textContent = text;
  }

  /** Two short tones; browsers allow them after a gesture or by the kiosk's autoplay flag. */
  function sound() {
    if (cockpit.screen.known.sound !== "1" || !maySound(Date.now(), sounded)) return;
    sounded = Date.now();
    const audio = new AudioContext();
    [0, 0.35].forEach((at) => {
      const tone = audio.createOscillator(), loud = audio.createGain();
      tone.frequency.value = 660;
      loud.gain.setValueAtTime(0.2, audio.currentTime + at);
      loud.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + at + 0.3);
      tone.connect(loud).connect(audio.destination);
      tone.start(audio.currentTime + at);
      tone.stop(audio.currentTime + at + 0.3);
    });
    setTimeout(() => audio.close(), 1500);
  }

  function tell(news) {
    if (!news.length) return;
    say(`新增${news.map((one) => one.text).join("；")}`);
    sound();
    cockpit.carousel.happen("alert");
  }

  async function ask() {
    if (asking || !concerns()) return;
    asking = true;
    try {
      const query = new URLSearchParams(location.search).get("world");
      const answer = await fetch(`/panel/wall-news${query ? `?world=${query}` : ""}`, { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store" });
      topics = (answer.headers.get("X-Topics") || "").split(" ").filter(Boolean);
      if (answer.status === 200) {
        etag = answer.headers.get("ETag");
        const found = read(await answer.text());
        if (known) tell(fresh(known, found));
        known = found;
      }
    } catch (unreachable) { /* the link says so itself */ } finally { asking = false; }
  }

  cockpit.news.ask = ask;
  cockpit.live.listen((changed) => { if (!topics.length || cockpit.live.concerns(topics, changed)) ask(); });
  ask();
})(globalThis.cockpit = globalThis.cockpit || {});
