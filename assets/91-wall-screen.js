/* What one wall is set to: seen from afar, carousel, night dim, pixel shift, sound. From the address, kept on this screen. */
(function (cockpit) {
  "use strict";
  const NAMES = ["far", "carousel", "dim", "shift", "sound"], KEPT = "screen-settings", DRIFT = 3;
  const NIGHT_FROM = 22, NIGHT_UNTIL = 6;

  /** Settings: the address first, then what this screen remembers. Values are "1", "0" or, for dim, "auto". */
  function settings(search, stored) {
    const asked = new URLSearchParams(search), known = {};
    NAMES.forEach((name) => { known[name] = asked.get(name) ?? stored[name] ?? "0"; });
    return known;
  }

  /** True if the wall should be dark now: always with "1", from 22 to 6 o'clock with "auto". */
  function isDim(dim, hour) { return dim === "1" || (dim === "auto" && (hour >= NIGHT_FROM || hour < NIGHT_UNTIL)); }

  /** Where the picture stands in a minute, in pixels: a slow square around its place, so that nothing burns in. */
  function drift(minute) {
    const step = Math.floor(minute / 4) % (8 * DRIFT), side = Math.floor(step / (2 * DRIFT)), along = step % (2 * DRIFT) - DRIFT;
    return [[along, -DRIFT], [DRIFT, along], [-along, DRIFT], [-DRIFT, -along]][side];
  }

  /** In a kiosk the way home is the wall, not the overview. */
  function homeward(href, isKiosk) {
    if (!isKiosk || !/^\/(\?|$)/.test(href)) return href;
    return `/wall${href.slice(1)}`;
  }

  cockpit.screen = { settings, isDim, drift, homeward };
  if (typeof document === "undefined") return;

  const page = document.documentElement;
  function stored() { try { return JSON.parse(localStorage.getItem(KEPT)) || {}; } catch (refused) { return {}; } }
  function keep(known) { try { localStorage.setItem(KEPT, JSON.stringify(known)); } catch (refused) { /* lasts until it closes */ } }

  const known = settings(location.search, stored());
  cockpit.screen.known = known;
  if (location.pathname === "/wall") { page.dataset.kiosk = "true"; keep(known); }
  const isWall = () => page.dataset.page === "wall";

  function apply() {
    const minute = Math.floor(cockpit.clock.now() / 60000), hour = Number(cockpit.clock.civil(cockpit.clock.now()).time.slice(0, 2));
    page.toggleAttribute("data-far", known.far === "1" && isWall());
    page.toggleAttribute("data-dim", isDim(known.dim, hour));
    page.toggleAttribute("data-shift", known.shift === "1");
    if (known.shift !== "1") return;
    const [x, y] = drift(minute);
    page.style.setProperty("--shift-x", `${x}px`);
    page.style.setProperty("--shift-y", `${y}px`);
  }

  /** Change one setting and remember it. */
  cockpit.screen.set = function (name, value) {
    known[name] = value;
    keep(known);
    apply();
    dispatchEvent(new Event("resize"));
  };

  /** Links home lead back to the wall while this is one; asked before anyone follows them. */
  function turn() {
    if (!page.dataset.kiosk) return;
    document.querySelectorAll("a[data-up],a[href^='/?'],a[href='/'],[data-href^='/?'],[data-href='/']").forEach((link) => {
      const name = link.hasAttribute("href") ? "href" : "data-href", href = link.getAttribute(name);
      if (homeward(href, true) !== href) link.setAttribute(name, homeward(href, true));
    });
  }
  ["click", "keydown"].forEach((kind) => document.addEventListener(kind, turn, true));

  /** A pointer shows only after it was moved. */
  let hidden = 0;
  addEventListener("pointermove", () => {
    page.dataset.touched = "true";
    clearTimeout(hidden);
    hidden = setTimeout(() => { delete page.dataset.touched; }, 5000);
  }, { passive: true });

  apply();
  setInterval(apply, 15000);
  new MutationObserver(apply).observe(page, { attributes: true, attributeFilter: ["data-page"] });
})(globalThis.cockpit = globalThis.cockpit || {});
