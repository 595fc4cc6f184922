/* What a duty officer should notice: who else has the event open, a sound for new red and orange, when text was kept. */
(function (cockpit) {
  "use strict";
  const BEAT = 10000, PAUSE = 30000, NOTES = [880, 660];

  /** Numbers that were not there before; nothing counts as new at the first look. */
  function fresh(before, after) { return before === null ? [] : after.filter((one) => !before.includes(one)); }

  /** True if a sound may be made again. */
  function mayRing(isOn, last, now) { return isOn && now - last >= PAUSE; }

  /** 林敏（县值班员）、黄海（市指挥长）也在查看. */
  function told(viewers) {
    return viewers.length ? `${viewers.map((one) => `${one.name}（${one.role}）`).join("、")}也在查看本件` : "";
  }

  cockpit.watch = { fresh, mayRing, told };
  if (typeof document === "undefined") return;

  const say = (id, words) => {
    const place = document.getElementById(id);
    if (place) { place.textContent = words; if (id === "viewers") place.hidden = words === ""; }
  };
  const post = (event, leaving) => fetch("/api/v1/presence", {
    method: "POST", body: JSON.stringify({ event, leaving }), headers: { "Content-Type": "application/json" }, keepalive: leaving,
  });
  let looking = "", beaten = 0, known = null, rang = 0, sound = null;

  async function beat() {
    beaten = Date.now();
    try {
      const answer = await post(looking, false);
      if (answer.ok) { const found = await answer.json(); if (found.event === looking) say("viewers", told(found.items)); }
    } catch (unreachable) { /* the bar over the page says it */ }
  }

  function leave() { if (looking) post(looking, true).catch(() => {}); looking = ""; say("viewers", ""); }

  function look() {
    const wanted = cockpit.desk.isDesk() && !document.hidden ? cockpit.desk.chosen() : "";
    if (wanted !== looking) { leave(); looking = wanted; beaten = 0; }
    if (looking && Date.now() - beaten >= BEAT) beat();
  }

  /** Two short notes, made here: no file is loaded. */
  function ring() {
    rang = Date.now();
    NOTES.forEach((pitch, index) => {
      const tone = sound.createOscillator(), gain = sound.createGain(), start = sound.currentTime + index * 0.22;
      tone.frequency.value = pitch;
      gain.gain.setValueAtTime(0.0001, start);
      gain.gain.exponentialRampToValueAtTime(0.2, start + 0.02);
      gain.gain.exponentialRampToValueAtTime(0.0001, start + 0.2);
      tone.connect(gain).connect(sound.destination);
      tone.start(start);
      tone.stop(start + 0.21);
    });
  }

  /** Red and orange events in scope are named by the head of the page. */
  function urgent() {
    const place = document.querySelector("[data-urgent]");
    if (!place) return;
    const now = place.dataset.urgent.split(" ").filter(Boolean), news = fresh(known, now);
    known = now;
    if (!news.length) return;
    say("desk-said", `新的红色、橙色事件：${news.join("、")}`);
    if (mayRing(sound !== null, rang, Date.now())) ring();
  }

  function toggle(button) {
    if (sound) { sound.close(); sound = null; } else { sound = new AudioContext(); ring(); }
    button.setAttribute("aria-pressed", String(sound !== null));
    button.textContent = `新红橙提示音：${sound ? "开" : "关"}`;
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("#sound");
    if (button) toggle(button);
  });
  document.addEventListener("desk-drawn", () => { urgent(); look(); });
  /** Whoever keeps unsent text tells it: document.dispatchEvent(new CustomEvent("text-kept")). */
  document.addEventListener("text-kept", () => {
    const now = cockpit.clock.now(), { time, seconds } = cockpit.clock.civil(now);
    say("kept", `自动保存 ${time}:${seconds}`);
  });
  if (cockpit.drafts) { // the forms of acts keep what is typed: the last line says when
    const { keep } = cockpit.drafts;
    cockpit.drafts.keep = (...given) => { keep(...given); document.dispatchEvent(new CustomEvent("text-kept")); };
  }
  document.addEventListener("visibilitychange", look);
  addEventListener("pagehide", leave);
  setInterval(look, 1000);
})(globalThis.cockpit = globalThis.cockpit || {});
