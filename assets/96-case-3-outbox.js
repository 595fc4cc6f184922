/* Acts on their way: written down on this machine first, sent with one key, sent again until answered. An act with time
   to be taken back is sent when that time is over, or at once when the page is left (docs/decisions/051). */
(function (cockpit) {
  "use strict";
  const PLACE = "case-outbox", FIRST = 2000, LONGEST = 30000, OLDEST = 12 * 3600000;

  /** What an answer means for an act: done, again (not answered, try later), or refused for good. */
  function meaning(status) {
    if (status >= 200 && status < 300) return "done";
    return status === 0 || status === 401 || status === 429 || status >= 500 ? "again" : "refused";
  }

  /** Milliseconds until the next try. */
  function pause(tries) { return Math.min(LONGEST, FIRST * 2 ** Math.max(0, tries - 1)); }

  /** The entries of a person that are still worth sending. */
  function mine(entries, person, now) { return entries.filter((one) => one.person === person && now - one.at < OLDEST); }

  cockpit.outbox = { meaning, pause, mine };
  if (typeof document === "undefined") return;

  const { store } = cockpit.drafts, listeners = new Set(), timers = new Map(), flying = new Set();
  const all = () => store.get(PLACE) || [];
  const keep = (entries) => { if (entries.length) store.set(PLACE, entries); else store.drop(PLACE); };
  const find = (key) => all().find((one) => one.key === key);
  const change = (key, changes) => keep(all().map((one) => (one.key === key ? Object.assign(one, changes) : one)));
  const tell = (entry, news) => listeners.forEach((listener) => listener(entry, news));

  function remove(key) {
    clearTimeout(timers.get(key));
    timers.delete(key);
    keep(all().filter((one) => one.key !== key));
  }

  function post(entry, more) {
    const headers = { "Content-Type": "application/json", "Idempotency-Key": entry.key };
    return fetch(entry.url, Object.assign({ method: "POST", body: JSON.stringify(entry.body), headers }, more));
  }

  async function answerOf(entry) {
    try {
      const answer = await post(entry);
      return { status: answer.status, body: await answer.json().catch(() => null) };
    } catch (unreachable) { return { status: 0, body: null }; }
  }

  async function send(key) {
    const entry = find(key);
    if (!entry || flying.has(key)) return;
    flying.add(key);
    tell(entry, { state: "sending" });
    const { status, body } = await answerOf(entry);
    flying.delete(key);
    const found = meaning(status);
    if (found === "again") {
      const tries = (entry.tries || 0) + 1;
      change(key, { tries, until: 0 });
      timers.set(key, setTimeout(() => send(key), pause(tries)));
      tell(entry, { state: "again", tries, status });
      return;
    }
    remove(key);
    tell(entry, { state: found, status, body });
  }

  function schedule(entry) {
    const left = (entry.until || 0) - Date.now();
    if (left <= 0) { send(entry.key); return; }
    timers.set(entry.key, setTimeout(() => send(entry.key), left));
  }

  /** What has not left yet leaves with the page; what became of it is asked at the next visit, with the same key. */
  addEventListener("pagehide", () => {
    all().filter((one) => timers.has(one.key) && one.until).forEach((one) => {
      change(one.key, { until: 0 });
      post(one, { keepalive: true }).catch(() => {});
    });
  });
  addEventListener("online", () => all().forEach((one) => { if (timers.has(one.key) && !one.until) { clearTimeout(timers.get(one.key)); send(one.key); } }));

  Object.assign(cockpit.outbox, {
    /** Hand over an act: {key, person, event, action, name, url, body, until}. */
    put(entry) { keep([...all(), Object.assign(entry, { at: Date.now() })]); tell(entry, { state: "kept" }); schedule(entry); },
    /** Take it back while there is time; true if it had not been sent. */
    undo(key) {
      const entry = find(key);
      if (!entry || !entry.until || entry.until <= Date.now()) return false;
      remove(key);
      tell(entry, { state: "undone" });
      return true;
    },
    /** Send at once what still waits for this event. */
    hasten(event) { all().filter((one) => one.event === event && one.until).forEach((one) => { clearTimeout(timers.get(one.key)); change(one.key, { until: 0 }); send(one.key); }); },
    /** Take up what an earlier visit left. */
    resume(person) { mine(all(), person, Date.now()).filter((one) => !timers.has(one.key) && !flying.has(one.key)).forEach(schedule); },
    waiting(event) { return all().filter((one) => one.event === event); },
    listen(listener) { listeners.add(listener); },
  });

  /** Whoever leaves with acts that have not arrived is asked; then drafts and acts are gone from this machine. */
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-sign-out]")) return;
    const left = all().length;
    if (left && !window.confirm(`还有 ${left} 项办理没有送达。退出后不再重试，仍要退出吗？`)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    keep([]);
    cockpit.drafts.clear();
  }, true);
})(globalThis.cockpit = globalThis.cockpit || {});
