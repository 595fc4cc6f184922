/* What a wall decides by itself: settings, carousel, keys, health, news, paging, whom it obeys. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

const ASSETS = new URL("../../assets/", import.meta.url);
const FILES = ["40-clock.js", "50-live.js", "60-panels.js", ...readdirSync(ASSETS).filter((name) => /^9[1-7]-wall/.test(name))];

function loaded() {
  const context = { Intl, Date, URLSearchParams };
  context.globalThis = context;
  vm.createContext(context);
  FILES.forEach((name) => vm.runInContext(readFileSync(new URL(name, ASSETS), "utf8"), context, { filename: name }));
  return context.cockpit;
}
const wall = loaded(), plain = (value) => JSON.parse(JSON.stringify(value));
const TILES = [
  { href: "/theme/a", name: "甲", level: 0, isAttention: true }, { href: "/theme/b", name: "乙", level: 3, isAttention: false },
  { href: "/theme/c", name: "丙", level: 0, isAttention: false }, { href: "/theme/d", name: "丁", level: 1, isAttention: true },
];

test("a panel without room sleeps", () => {
  assert.equal(wall.panels.duty(0), "sleep");
  assert.equal(wall.panels.duty(1), "fetch");
});

test("the address overrules what the screen remembers", () => {
  const known = plain(wall.screen.settings("?far=1&carousel=0", { far: "0", carousel: "1", dim: "auto" }));
  assert.deepEqual(known, { far: "1", carousel: "0", dim: "auto", shift: "0", sound: "0" });
});

test("night dim follows the hour of the city", () => {
  assert.deepEqual([21, 22, 5, 6].map((hour) => wall.screen.isDim("auto", hour)), [false, true, true, false]);
  assert.equal(wall.screen.isDim("1", 12), true);
  assert.equal(wall.screen.isDim("0", 23), false);
});

test("the picture drifts a few pixels, comes back, and never jumps", () => {
  const path = Array.from({ length: 97 }, (_, index) => wall.screen.drift(index));
  path.forEach(([x, y]) => assert.ok(Math.abs(x) <= 3 && Math.abs(y) <= 3, `${x} ${y}`));
  path.slice(1).forEach(([x, y], index) => assert.ok(Math.abs(x - path[index][0]) + Math.abs(y - path[index][1]) <= 1));
  assert.deepEqual(plain(path[96]), plain(path[0]));
  assert.ok(new Set(path.map(String)).size > 8);
});

test("in a kiosk the way home is the wall", () => {
  assert.equal(wall.screen.homeward("/?world=demo", true), "/wall?world=demo");
  assert.equal(wall.screen.homeward("/", true), "/wall");
  assert.equal(wall.screen.homeward("/theme/a", true), "/theme/a");
  assert.equal(wall.screen.homeward("/?world=demo", false), "/?world=demo");
});

test("stops: alerts by level, then attention, then home", () => {
  assert.deepEqual(plain(wall.carousel.stops(TILES, "/wall")).map((stop) => stop.href), ["/theme/d", "/theme/b", "/theme/a", "/wall"]);
});

test("thirty seconds at each stop, round and round", () => {
  const list = wall.carousel.stops(TILES, "/wall"), shown = [];
  let state = wall.carousel.fresh(0);
  for (let now = 0; now <= 155000; now += 1000) {
    const next = wall.carousel.step(state, "tick", now, list);
    state = next.state;
    if (next.go) shown.push([now, next.go.name]);
  }
  assert.deepEqual(shown, [[30000, "丁"], [60000, "乙"], [90000, "甲"], [120000, "总览"], [150000, "丁"]]);
});

test("a touch pauses for three minutes, then the carousel goes on by itself", () => {
  const list = wall.carousel.stops(TILES, "/wall");
  let { state } = wall.carousel.step(wall.carousel.fresh(0), "touch", 10000, list);
  assert.match(wall.carousel.sign(state, 10000, list), /已暂停 03:00/);
  for (const now of [40000, 189999, 219999]) assert.equal(wall.carousel.step(state, "tick", now, list).go, undefined);
  assert.equal(wall.carousel.step(state, "tick", 220000, list).go.name, "丁");
});

test("a new alert sends the wall home at once, keeps it there, and later it returns to its round", () => {
  const list = wall.carousel.stops(TILES, "/wall");
  const { state, go } = wall.carousel.step({ at: 1, since: 0, pausedUntil: 0, isHeld: false }, "alert", 5000, list);
  assert.equal(go.href, "/wall");
  assert.equal(wall.carousel.step(state, "tick", 100000, list).go, undefined);
  assert.equal(wall.carousel.step(state, "tick", 215000, list).go.name, "丁");
});

test("the space bar holds until it is pressed again", () => {
  const list = wall.carousel.stops(TILES, "/wall");
  const held = wall.carousel.step(wall.carousel.fresh(0), "hold", 0, list).state;
  assert.equal(wall.carousel.step(held, "tick", 9e6, list).go, undefined);
  const freed = wall.carousel.step(held, "hold", 9e6, list).state;
  assert.equal(wall.carousel.step(freed, "tick", 9e6 + 30000, list).go.name, "丁");
});

test("keys go round the ring; a second press takes the next tile of the domain", () => {
  assert.equal(wall.wallKeys.neighbour(["a", "b", "c"], "c", 1), "a");
  assert.equal(wall.wallKeys.neighbour(["a", "b", "c"], undefined, -1), "c");
  assert.equal(wall.wallKeys.chosen(["a", "b", "c"], "x", (tile) => ({ a: 6, b: 2, c: 5 }[tile])), "b");
  assert.equal(wall.wallKeys.chosen(["a", "b", "c"], "b", () => 1), "c");
});

test("the page loads anew at half past four and when it leaks, not in a loop", () => {
  const calm = { time: "12:00", openedFor: 9e7, heap: 5e7, nodes: 3000, sinceLeak: 9e7 };
  assert.equal(wall.health.reason(calm), null);
  assert.equal(wall.health.reason({ ...calm, time: "04:30" }), "night");
  assert.equal(wall.health.reason({ ...calm, time: "04:34" }), "night");
  assert.equal(wall.health.reason({ ...calm, time: "04:35" }), null);
  assert.equal(wall.health.reason({ ...calm, time: "04:31", openedFor: 60000 }), null);
  assert.equal(wall.health.reason({ ...calm, heap: 4e8 }), "leak");
  assert.equal(wall.health.reason({ ...calm, heap: null, nodes: 40000 }), "leak");
  assert.equal(wall.health.reason({ ...calm, heap: 4e8, sinceLeak: 60000 }), null);
});

test("news is what is red or orange and was not, or was less grave", () => {
  const known = [{ key: "a", level: 2 }, { key: "b", level: 4 }, { key: "c", level: 2 }];
  const found = [{ key: "a", level: 2 }, { key: "b", level: 2 }, { key: "c", level: 1 }, { key: "d", level: 3 }, { key: "e", level: 1 }];
  assert.deepEqual(plain(wall.news.fresh(known, found)).map((one) => one.key), ["b", "c", "e"]);
  assert.deepEqual(plain(wall.news.fresh([], [])), []);
});

test("a long list turns by whole rows, to its end, and back to the top", () => {
  const at = (top) => wall.scroll.next({ top, height: 100, whole: 310, row: 20 });
  assert.deepEqual([at(0), at(80), at(160), at(210)], [80, 160, 210, 0]);
  assert.equal(wall.scroll.next({ top: 0, height: 100, whole: 105, row: 20 }), 0);
});

test("a wall goes where the desk sends it, once, and comes back when the time is over", () => {
  const view = { path: "/theme/a", by: "值班长", since: "2026-11-22T06:00:00Z", until: "2026-11-22T06:30:00Z" };
  const now = Date.parse("2026-11-22T06:10:00Z"), later = Date.parse("2026-11-22T06:30:00Z");
  assert.deepEqual(plain(wall.director.verdict(view, null, now)), { act: "go", path: "/theme/a" });
  assert.equal(wall.director.verdict(view, "/theme/a", now).act, "stay");
  assert.equal(wall.director.verdict({ ...view, path: "/map" }, "/theme/a", now).act, "go");
  assert.equal(wall.director.verdict(view, "/theme/a", later).act, "return");
  assert.equal(wall.director.verdict({ path: null }, null, now).act, "stay");
  assert.match(wall.director.sign(view, (instant) => new Date(instant).toISOString().slice(11, 16)), /由 值班长 推送 · 06:00 起 · 06:30 恢复/);
});
