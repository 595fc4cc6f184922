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

  function draw(text, isFirst) {
    cockpit.morph(place, text);
    const line = place.querySelector("[data-response]"), before = Number(page.dataset.response || 9);
    const isGraver = !isFirst && line && Number(line.dataset.response) <= MAJOR && Number(line.dataset.response) < before;
    if (isGraver && cockpit.carousel && cockpit.carousel.happen) cockpit.carousel.happen("alert"); // the wall goes home
    if (line) page.dataset.response = line.dataset.response; else delete page.dataset.response;
    if (Boolean(line) !== (before < 9)) dispatchEvent(new Event("resize")); // maps and panels measure their room
  }

  if (!place) return;
  place.setAttribute("aria-live", "polite");
  const { look } = cockpit.keepUp({
    address: () => address(location.pathname, location.search), take: draw, refuse: () => draw("", true),
  });
  new MutationObserver(look).observe(page, { attributes: true, attributeFilter: ["data-page"] });
  addEventListener("popstate", look);
  document.addEventListener("click", () => setTimeout(look, 50));
})(globalThis.cockpit = globalThis.cockpit || {});
