/* One answer of the server kept up with, outside of the panels: asked for at once, after each notice that concerns it,
   and once more after an answer that rested (X-Again: it is older than the notice that asked for it) or failed. */
(function (cockpit) {
  "use strict";
  const RETRY = 5000, REFUSED = [400, 403, 404];

  /** `address()` gives what to ask for now, or "" for nothing; `take(text, isFirst)` gets each new answer, isFirst for
      the first one of an address or after a refusal; `refuse()` is told that there is nothing for us there. Gives
      {ask, look}: `look` asks if the address is another one by now. */
  cockpit.keepUp = function ({ address, take, refuse }) {
    let shown = "", etag = null, topics = [], asking = "", isStale = false, isRefused = false, later = 0;

    function askIn(milliseconds) {
      clearTimeout(later);
      if (milliseconds > 0) later = setTimeout(ask, milliseconds);
    }

    async function hear(url, answer) {
      topics = (answer.headers.get("X-Topics") || "").split(" ").filter(Boolean);
      if (answer.status === 200) {
        const text = await answer.text(), isFirst = shown !== url || isRefused;
        if (asking !== url) return;
        etag = answer.headers.get("ETag");
        isRefused = false;
        shown = url;
        take(text, isFirst);
      }
      if (REFUSED.includes(answer.status)) { shown = url; etag = null; isRefused = true; if (refuse) refuse(); }
      askIn(answer.status >= 500 || answer.status === 429 ? RETRY : Number(answer.headers.get("X-Again")));
    }

    async function ask() {
      const url = address();
      if (!url) return;
      if (asking === url) { isStale = true; return; }
      asking = url;
      try {
        const answer = await fetch(url, { headers: etag && shown === url ? { "If-None-Match": etag } : {}, cache: "no-store" });
        if (asking === url) await hear(url, answer);
      } catch (unreachable) { askIn(RETRY); /* the link says so itself; what is shown stays */ } finally {
        if (asking === url) {
          asking = "";
          if (isStale) { isStale = false; ask(); }
        }
      }
    }

    function look() { if (address() !== (asking || shown)) ask(); }

    cockpit.live.listen((changed) => { if (!topics.length || cockpit.live.concerns(topics, changed)) ask(); else look(); });
    ask();
    return { ask, look };
  };
})(globalThis.cockpit = globalThis.cockpit || {});
