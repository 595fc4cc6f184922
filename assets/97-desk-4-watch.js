/* What a duty officer should notice: who else has the event open, new red and orange, when text was kept. */
(function (cockpit) {
  "use strict";
  const BEAT = 10000;

  /** Numbers that were not there before; nothing counts as new at the first look. */
  function fresh(before, after) { return before === null ? [] : after.filter((one) => !before.includes(one)); }

  /** 林敏（县值班员）、黄海（市指挥长）也在查看. */
  function told(viewers) {
    return viewers.length ? `${viewers.map((one) => `${one.name}（${one.role}）`).join("、")}也在查看本件` : "";
  }

  cockpit.watch = { fresh, told };
  if (typeof document === "undefined") return;

  const say = (id, words) => {
    const place = document.getElementById(id);
    if (place) { place.textContent = words; if (id === "viewers") place.hidden = words === ""; }
  };
  const post = (event, leaving) => fetch("/api/v1/presence", {
    method: "POST", body: JSON.stringify({ event, leaving }), headers: { "Content-Type": "application/json" }, keepalive: leaving,
  });
  let looking = "", beaten = 0, known = null;

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

  /** Red and orange events in scope are named by the head of the page. */
  function urgent() {
    const place = document.querySelector("[data-urgent]");
    if (!place) return;
    const now = place.dataset.urgent.split(" ").filter(Boolean), news = fresh(known, now);
    known = now;
    if (!news.length) return;
    say("desk-said", `新的红色、橙色事件：${news.join("、")}`);
    cockpit.news.ask(); // tone and voice are made there, for desks and walls alike
  }

  function toggle(button) {
    const isOn = cockpit.speech.toggle();
    button.setAttribute("aria-pressed", String(isOn));
    button.textContent = `新红橙播报：${isOn ? "开" : "关"}`;
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
