/* The line of the response level on top of every page: asked for at the start, at every change and in another region. */
(function (cockpit) {
  "use strict";
  const MAJOR = 2;

  /** The address of the line for a page address: a county's page shows what holds in the county. */
  function address(path, search) {
    const query = new URLSearchParams(), given = new URLSearchParams(search), county = /^\/county\/([\w-]+)/.exec(path);
    const region = county ? county[1] : given.get("region");
    if (given.get("world")) query.set("world", given.get("world"));
    if (region) query.set("region", region);
    const text = query.toString();
    return `/panel/response${text ? `?${text}` : ""}`;
  }

  cockpit.response = { address };
  if (typeof document === "undefined") return;
  const place = document.getElementById("response"), page = document.documentElement;
  const RETRY = 5000;
  let shown = "", etag = null, topics = [], asking = "", isStale = false, later = 0;

  /** An answer that rested is older than the notice that asked for it; one that failed says nothing. */
  function askIn(milliseconds) {
    clearTimeout(later);
    if (milliseconds > 0) later = setTimeout(ask, milliseconds);
  }

  function draw(text) {
    cockpit.morph(place, text);
    const line = place.querySelector("[data-response]"), before = Number(page.dataset.response || 9);
    const isGraver = shown && line && Number(line.dataset.response) <= MAJOR && Number(line.dataset.response) < before;
    if (isGraver && cockpit.carousel && cockpit.carousel.happen) cockpit.carousel.happen("alert"); // the wall goes home
    if (line) page.dataset.response = line.dataset.response; else delete page.dataset.response;
    if (Boolean(line) !== (before < 9)) dispatchEvent(new Event("resize")); // maps and panels measure their room
  }

  async function ask() {
    const url = address(location.pathname, location.search);
    if (asking === url) { isStale = true; return; }
    asking = url;
    try {
      const answer = await fetch(url, { headers: etag && shown === url ? { "If-None-Match": etag } : {}, cache: "no-store" });
      if (asking !== url) return;
      topics = (answer.headers.get("X-Topics") || "").split(" ").filter(Boolean);
      if (answer.status === 200) { etag = answer.headers.get("ETag"); draw(await answer.text()); shown = url; }
      if (answer.status === 403 || answer.status === 404 || answer.status === 400) { draw(""); shown = url; }
      askIn(answer.status >= 500 || answer.status === 429 ? RETRY : Number(answer.headers.get("X-Again")));
    } catch (unreachable) { askIn(RETRY); /* the link says so itself; the line stays */ } finally {
      if (asking === url) asking = "";
      if (isStale) { isStale = false; ask(); }
    }
  }

  function moved() { if (address(location.pathname, location.search) !== (asking || shown)) ask(); }

  if (!place) return;
  place.setAttribute("aria-live", "polite");
  cockpit.live.listen((changed) => { if (!topics.length || cockpit.live.concerns(topics, changed)) ask(); else moved(); });
  new MutationObserver(moved).observe(page, { attributes: true, attributeFilter: ["data-page"] });
  addEventListener("popstate", moved);
  document.addEventListener("click", () => setTimeout(moved, 50));
  ask();
})(globalThis.cockpit = globalThis.cockpit || {});
