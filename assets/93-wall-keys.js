/* Keys of the wall: domains, themes, carousel, layers, seen from afar. The help sheet draws them from the same table. */
(function (cockpit) {
  "use strict";

  /** The one after (`by` 1) or before (-1) `current` in a ring; the first if there is none yet. */
  function neighbour(ring, current, by) {
    const index = ring.indexOf(current);
    return index < 0 ? ring[by > 0 ? 0 : ring.length - 1] : ring[(index + by + ring.length) % ring.length];
  }

  /** Which tile of a domain a second press chooses: the next one while the focus is in the domain, else the most urgent. */
  function chosen(tiles, focused, urgency) {
    if (tiles.includes(focused)) return neighbour(tiles, focused, 1);
    return tiles.reduce((best, tile) => (urgency(tile) < urgency(best) ? tile : best), tiles[0]);
  }

  cockpit.wallKeys = { neighbour, chosen };
  const rows = cockpit.keyRows = cockpit.keyRows || [];
  const add = (page, keys, says, act) => rows.push({ page, keys, says, act });
  let order = [];

  const links = () => [...document.querySelectorAll("#panel-wall-tiles a.t")];
  const urgency = (tile) => Number((tile.className.match(/\bL([1-4])\b/) || [0, tile.classList.contains("at") ? 5 : 6])[1]);

  function domain(number) {
    const group = document.querySelectorAll("#panel-wall-tiles .dg")[number - 1];
    if (group) chosen([...group.querySelectorAll("a.t")], document.activeElement, urgency).focus();
  }

  function along(by) {
    const found = links();
    if (found.length) neighbour(found, document.activeElement, by).focus();
  }

  /** On a theme's page: the theme before or after it, in the order of the tiles last seen. */
  function turn(by) {
    const here = order.find((href) => href.split("?")[0] === location.pathname);
    if (order.length) cockpit.screen.follow(neighbour(order, here, by));
  }

  /** The next layer of the map, after the last one none. */
  function layer() {
    const found = [...document.querySelectorAll(".lg a[data-layer]")];
    const now = found.findIndex((link) => link.getAttribute("aria-current") === "true");
    const next = now < 0 ? found[0] : found[now + 1] || found[now];
    if (next) cockpit.screen.follow(cockpit.screen.homeward(next.getAttribute("href"), Boolean(document.documentElement.dataset.kiosk)));
  }

  ["1", "2", "3", "4", "5"].forEach((key, index) => add("wall", [key], `${["经济调节", "市场监管", "社会管理", "公共服务", "生态环境保护"][index]}：选中主题，再按换下一个`, () => domain(index + 1)));
  add("wall", ["arrowleft"], "上一个主题", () => along(-1));
  add("wall", ["arrowright"], "下一个主题", () => along(1));
  add("wall", ["enter"], "打开选中的主题");
  add("wall", [" "], "暂停、继续轮播", () => cockpit.carousel.toggle());
  add("wall", ["m"], "地图图层：依次显示，最后关闭", layer);
  add("wall", ["f"], "远看档", () => cockpit.screen.set("far", cockpit.screen.known.far === "1" ? "0" : "1"));
  if (typeof document === "undefined") return;
  if (document.documentElement.dataset.kiosk) {
    add("theme", ["arrowleft"], "上一个主题", () => turn(-1));
    add("theme", ["arrowright"], "下一个主题", () => turn(1));
    add("theme", [" "], "暂停、继续轮播", () => cockpit.carousel.toggle());
  }

  /** Follow a link as a click would, within the page or to another. */
  cockpit.screen.follow = function (href) {
    const link = document.createElement("a");
    link.href = href;
    link.hidden = true;
    document.body.append(link);
    link.click();
    link.remove();
  };
  setInterval(() => { const found = links().map((link) => link.getAttribute("href")); if (found.length) order = found; }, 2000);
})(globalThis.cockpit = globalThis.cockpit || {});
