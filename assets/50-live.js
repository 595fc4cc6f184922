/* The live link: hears which topics changed, knows when it hears nothing, falls back to asking every five seconds. */
(function (cockpit) {
  "use strict";
  const SILENCE = 15000, GIVE_UP = 10000, POLL = 5000, REOPEN = 20000, REVIEW = 60000, PROBE = 15000;
  const EVERYTHING = "*";

  /** What the screen should say: `last` is when anything was last heard, `frameAt` the age of degraded answers. */
  function verdict(now, last, frameAt) {
    if (now - last > SILENCE) return { link: "lost", since: last };
    return frameAt ? { link: "stale", since: frameAt } : { link: "live", since: null };
  }

  /** True if a panel that watches `topics` must be fetched again after a notice about `changed`. */
  function concerns(topics, changed) {
    return changed.some((topic) => topic === EVERYTHING || topics.includes(topic));
  }

  cockpit.live = { verdict, concerns, EVERYTHING };
  if (typeof document === "undefined") return;

  const listeners = new Set();
  let last = Date.now(), opened = 0, failing = 0, serial = 0, etag = null, stream = null, held = null, wasLost = false,
    reviewed = Date.now() + Math.random() * REVIEW, probed = Date.now(),
    version = Number(document.documentElement.dataset.version) || null; // of what the document brought along

  function announce(topics) {
    serial += 1;
    listeners.forEach((listener) => listener(topics, serial));
  }

  function beat() {
    last = Date.now();
    if (wasLost) { wasLost = false; announce([EVERYTHING]); }
    show();
  }

  /** Something came by the stream itself: no need to ask. */
  function hear() { failing = 0; beat(); }

  function open() {
    opened = Date.now();
    if (stream) stream.close();
    stream = new EventSource(version === null ? "/live" : `/live?since=${version}`);
    stream.addEventListener("open", hear);
    stream.addEventListener("heartbeat", (event) => { hear(); compare(JSON.parse(event.data).version); });
    stream.addEventListener("changed", (event) => {
      const news = JSON.parse(event.data);
      version = news.version;
      hear();
      if (news.topics.length) announce(news.topics);
    });
    stream.addEventListener("ended", () => cockpit.door.ended());
    stream.onerror = () => { failing = failing || Date.now(); };
  }

  /** A heartbeat carries the version: another one than the last heard means that a notice was missed. */
  function compare(heardVersion) {
    if (version !== null && version !== heardVersion) announce([EVERYTHING]);
    version = heardVersion;
  }

  async function ask() {
    try {
      const answer = await fetch("/live/version", { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store" });
      if (answer.status === 200) {
        const changed = etag !== null && etag !== answer.headers.get("ETag");
        etag = answer.headers.get("ETag");
        beat();
        if (changed) announce([EVERYTHING]);
      } else if (answer.status === 304) beat();
    } catch (unreachable) { /* silence is measured by `last` */ }
  }

  function show() {
    const found = verdict(Date.now(), last, held), page = document.documentElement, bar = document.getElementById("banner");
    if (found.link === "lost") wasLost = true;
    if (page.dataset.link !== found.link) page.dataset.link = found.link;
    if (!bar) return;
    bar.classList.toggle("on", found.link !== "live");
    const offset = cockpit.clock.now() - Date.now();
    const at = found.since && cockpit.clock.when(found.since + (found.link === "lost" ? offset : 0), cockpit.clock.now());
    const [title, remark] = {
      lost: () => [`连接中断 ${cockpit.clock.span(Date.now() - found.since)}`, `画面停在 ${at}，正在重连`],
      stale: () => [`数据库中断 · 数据截至 ${at}`, "页面显示最近一次取得的数据，恢复后自动更新"],
      live: () => ["", ""],
    }[found.link]();
    bar.querySelector("b").textContent = title;
    bar.querySelector("span").textContent = remark;
  }

  /** A panel's answer says whether it is the newest that can be had. */
  cockpit.live.degraded = function (frameAt) { held = frameAt; show(); };
  cockpit.live.announce = announce;

  /** Have `listener(topics)` told of every notice; gives the function that ends it. */
  cockpit.live.listen = function (listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };

  /** Ask for one panel: its answer tells whether the server itself sees the newest data. */
  function probe() {
    const panel = document.querySelector("[id^=panel-]:not([data-asleep])");
    if (panel) announce([panel.id.replace("panel-", "panel:")]);
  }

  function watch() {
    const now = Date.now();
    if (stream && stream.readyState === EventSource.CLOSED && now - opened > REOPEN) open();
    if (now - probed > PROBE) { probed = now; probe(); }
    if (now - reviewed > REVIEW) { reviewed = now; announce([EVERYTHING]); }
    show();
  }

  open();
  setInterval(watch, 1000);
  setInterval(() => {
    const deaf = (failing && Date.now() - failing > GIVE_UP) || stream.readyState === EventSource.CLOSED;
    if (deaf || Date.now() - last > GIVE_UP) ask();
  }, POLL);
  addEventListener("online", open);
})(globalThis.cockpit = globalThis.cockpit || {});
