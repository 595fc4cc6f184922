/* What is read out and when: each matter once, one at a time, a few in ten minutes, the rest counted. Pure functions.

   `state` is what this screen remembers across reloads: {said: {key: level}, at, times: [ms], mutedUntil}. */
(function (cockpit) {
  "use strict";
  const MAJOR = 2, MOST = 6, SPAN = 600000, KEPT = 48 * 3600000, NEW_SCREEN = 1800000, AT_ONCE = 2;

  /** A state that can be used, whatever was stored. */
  function remembered(stored) {
    const known = stored && typeof stored === "object" ? stored : {};
    return {
      said: known.said && typeof known.said === "object" ? known.said : {}, at: Number(known.at) || 0,
      times: Array.isArray(known.times) ? known.times.filter(Number.isFinite) : [], mutedUntil: Number(known.mutedUntil) || 0,
    };
  }

  /** What is new and major: never said here, or graver than it was said. At its first look a screen that was long away
      takes all as known. */
  function fresh(state, found, now, isFirst) {
    if (isFirst && now - state.at > NEW_SCREEN) return [];
    return found.filter((one) => one.level <= MAJOR && !((state.said[one.key] || {}).level <= one.level));
  }

  /** True in the hours in which only red is read out; `hours` is [from, until] of the city's clock or null. */
  function isQuiet(hours, hour) {
    if (!hours) return false;
    const [from, until] = hours;
    return from < until ? hour >= from && hour < until : hour >= from || hour < until;
  }

  /** The state after a look: everything found is known, what is long gone is dropped. */
  function noted(state, found, now) {
    const said = {};
    Object.entries(state.said).forEach(([key, one]) => { if (now - one.at < KEPT) said[key] = one; });
    found.forEach((one) => { said[one.key] = { level: one.level, at: now }; });
    return { ...state, said, at: now };
  }

  /** {state, words, rings}: the state to keep, what is read out ('' for nothing), if a tone sounds. */
  function plan(state, found, { now, hour, isOn, quiet, isFirst }) {
    const news = fresh(state, found, now, isFirst), kept = noted(state, found, now);
    const times = state.times.filter((time) => now - time < SPAN && time <= now);
    const heard = news.filter((one) => !isQuiet(quiet, hour) || one.level === 1).sort((one, other) => one.level - other.level);
    if (!heard.length || !isOn || now < state.mutedUntil || times.length >= MOST) {
      return { state: { ...kept, times, waiting: waitingAfter(state, heard, isOn && now >= state.mutedUntil) }, words: "", rings: false };
    }
    const told = heard.slice(0, AT_ONCE), rest = heard.length - told.length + (state.waiting || 0);
    const words = `请注意。${told.map((one) => one.say).join("。")}。${rest ? `另有${rest}条，请查看屏幕。` : ""}`;
    return { state: { ...kept, times: [...times, now], waiting: 0 }, words, rings: true };
  }

  /** How many were held back by the pace, to be counted with the next; what was muted or switched off is not told later. */
  function waitingAfter(state, heard, isHeld) { return isHeld ? (state.waiting || 0) + heard.length : 0; }

  cockpit.speechPlan = { remembered, fresh, isQuiet, noted, plan, MOST, SPAN };
})(globalThis.cockpit = globalThis.cockpit || {});
