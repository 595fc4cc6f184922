/* Tone and voice of walls and desks: two notes made here, the browser's own voice in Chinese, and a line that says what
   was read out. Off until a person switches it on for this screen; kiosks are switched on by `sound=1` in their address. */
(function (cockpit) {
  "use strict";
  if (typeof document === "undefined") return;
  const PLACE = "speech", NOTES = [880, 660], MUTE = 600000, QUIET_HOURS = [22, 6];
  const { remembered, plan } = cockpit.speechPlan;
  let audio = null, memory = null, isSaying = false, next = "", isFirst = true;

  function stored() { try { return remembered(JSON.parse(localStorage.getItem(PLACE))); } catch (refused) { return remembered(null); } }
  function keep(state) { memory = state; try { localStorage.setItem(PLACE, JSON.stringify(state)); } catch (refused) { /* lasts until it closes */ } }
  const state = () => memory || (memory = { ...stored(), waiting: 0 });

  const isWall = () => document.documentElement.dataset.page === "wall" || document.documentElement.dataset.kiosk;
  const wish = () => (cockpit.screen ? cockpit.screen.known.sound : "0");
  const isOn = () => audio !== null || (isWall() && (wish() === "1" || wish() === "tone"));
  const mayTalk = () => "speechSynthesis" in globalThis && wish() !== "tone";

  /** Two short notes; no file is loaded. */
  function ring() {
    const player = audio || (audio = new AudioContext());
    if (player.state === "suspended") player.resume().catch(() => {});
    NOTES.forEach((pitch, index) => {
      const tone = player.createOscillator(), gain = player.createGain(), start = player.currentTime + index * 0.22;
      tone.frequency.value = pitch;
      gain.gain.setValueAtTime(0.0001, start);
      gain.gain.exponentialRampToValueAtTime(0.2, start + 0.02);
      gain.gain.exponentialRampToValueAtTime(0.0001, start + 0.2);
      tone.connect(gain).connect(player.destination);
      tone.start(start);
      tone.stop(start + 0.21);
    });
  }

  /** The first voice of this machine in Chinese; none: the line on screen and the tone have to do. */
  function voice() {
    const voices = speechSynthesis.getVoices().filter((one) => /^zh/i.test(one.lang));
    return voices.find((one) => one.localService && /cn|hans/i.test(one.lang)) || voices.find((one) => one.localService) || null;
  }

  /** One after the other: what comes while something is being said waits, and the newest of that is what counts. */
  function say(words) {
    if (!mayTalk()) return;
    const found = voice();
    if (!found) return;
    if (isSaying) { next = words; return; }
    const told = new SpeechSynthesisUtterance(cockpit.reading.spoken(words));
    Object.assign(told, { lang: "zh-CN", voice: found, rate: 1 });
    told.onend = told.onerror = () => { isSaying = false; const more = next; next = ""; if (more) say(more); };
    isSaying = true;
    speechSynthesis.speak(told);
  }

  function line() {
    const known = document.getElementById("speech");
    if (known) return known;
    const made = Object.assign(document.createElement("div"), { id: "speech", className: "speechline", hidden: true });
    made.append(Object.assign(document.createElement("span"), { className: "w" }), Object.assign(document.createElement("button"), { type: "button", className: "act" }));
    made.setAttribute("role", "status");
    return document.body.appendChild(made);
  }

  /** What was said and when, and if this screen is muted. */
  function show(words) {
    const place = line(), now = cockpit.clock.now(), muted = state().mutedUntil > now;
    const until = muted ? `静音至 ${cockpit.clock.civil(state().mutedUntil).time}` : "";
    if (words) place.querySelector(".w").textContent = `${cockpit.clock.civil(now).time} 播报：${words}`;
    place.querySelector("button").textContent = muted ? `${until}，点此恢复` : "静音 10 分钟";
    place.hidden = !isOn() || !(words || muted || place.querySelector(".w").textContent);
    place.dataset.muted = String(muted);
  }

  /** Everything red and orange that is known now: [{key, level, say}]; says what is new. Returns what it said. */
  function hear(found) {
    const now = cockpit.clock.now(), hour = Number(cockpit.clock.civil(now).time.slice(0, 2));
    const made = plan(state(), found, { now, hour, isOn: isOn(), quiet: QUIET_HOURS, isFirst });
    isFirst = false;
    keep(made.state);
    if (made.rings) { ring(); say(made.words); show(made.words); }
    return made.words;
  }

  /** A person switched it on or off on this screen. */
  function toggle() {
    if (audio) { audio.close(); audio = null; if ("speechSynthesis" in globalThis) speechSynthesis.cancel(); isSaying = false; next = ""; } else ring();
    show("");
    return audio !== null;
  }

  /** Silent for ten minutes, or again aloud. */
  function mute() {
    const now = cockpit.clock.now(), isMuted = state().mutedUntil > now;
    keep({ ...state(), mutedUntil: isMuted ? 0 : now + MUTE });
    if (!isMuted && "speechSynthesis" in globalThis) speechSynthesis.cancel();
    isSaying = false;
    next = "";
    show("");
  }

  document.addEventListener("click", (event) => { if (event.target.closest("#speech button")) mute(); });
  setInterval(() => { if (!isFirst) keep({ ...state(), at: cockpit.clock.now() }); if (memory && memory.mutedUntil) show(""); }, 30000);
  if ("speechSynthesis" in globalThis) speechSynthesis.getVoices();
  cockpit.speech = { hear, toggle, mute, isOn };
})(globalThis.cockpit = globalThis.cockpit || {});
