// The pure half of watched areas, frozen pages and pages of an earlier moment.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import vm from "node:vm";

const load = (name) => vm.runInThisContext(readFileSync(fileURLToPath(new URL(`../../assets/${name}`, import.meta.url)), "utf8"));
["40-clock.js", "60-panels.js", "70-navigate.js", "99-snapshot.js", "map-1-text.js", "map-2-plane.js", "map-9-areas.js"].forEach(load);
const { map, snapshot, navigate, panels, clock } = globalThis.cockpit;
const PAYLOAD = `<img src=x onerror="alert(1)">'&`;

test("an area pulses for what is newer than what was seen, never when it is seen first", () => {
  const now = [{ id: "1", news: 5 }, { id: "2", news: 9 }, { id: "3", news: 4 }];
  const { fresh } = map.areas;
  assert.deepEqual(fresh(new Map(), now), []);
  assert.deepEqual(fresh(new Map([["1", 5], ["2", 7], ["3", 6]]), now).map((one) => one.id), ["2"]);
});

test("a device's popup escapes what its system wrote, and columns fade by their last report", () => {
  const found = { key: [PAYLOAD], kind: ["boat"], name: [PAYLOAD], text: [PAYLOAD], over: [true], at: ["2026-11-22T06:00:00Z"], mark: "模拟", lon: [1], lat: [2] };
  const told = String(map.areas.device(found, 0, clock));
  assert.ok(!told.includes("<img") && told.includes("越限") && told.includes("船只"));
  const columns = map.areas.columns(found);
  assert.deepEqual([columns.number, columns.heard, columns.symbol], [[PAYLOAD], [Date.parse("2026-11-22T06:00:00Z") / 1000], "square"]);
});

test("a polygon with holes comes back from its text with them", () => {
  const told = map.plane.figure("polygon:1,2;3,4;5,6|1.5,2.5;2,3;2.5,2.5");
  assert.deepEqual([told.points.length, told.holes.length, told.holes[0].length], [3, 1, 3]);
  assert.equal(map.plane.figure("polygon:1,2;3,4;5,6").holes, undefined);
  assert.equal(map.plane.figure("polygon:1,2;3,x;5,6|1,2"), null);
});

test("freezing says where the page is kept, what is missing, or why it is not", () => {
  assert.deepEqual(snapshot.said(201, { missing: [], address: "/snapshot/a" }), { words: "已存为快照", href: "/snapshot/a" });
  assert.match(snapshot.said(201, { missing: [{}, {}], address: "/snapshot/a" }).words, /2 块未冻结/);
  assert.equal(snapshot.said(403, { detail: "没有权限" }).words, "没有权限");
  assert.match(snapshot.said(0).words, /没有连上/);
  assert.equal(snapshot.said(500).href, undefined);
});

test("the moment goes along from page to page and to every panel, not to files, and a frozen page is left to the browser", () => {
  const here = new URL("https://c.test/theme/x?world=demo&as_of=2026-11-20T08:00"), to = (path) => navigate.carried(here, new URL(path, here));
  assert.equal(snapshot.moment(here.search), "2026-11-20 08:00");
  assert.equal(snapshot.moment("?world=demo"), "");
  assert.equal(to("/wall").searchParams.get("as_of"), "2026-11-20T08:00");
  assert.equal(to("/api/v1/indicators/A/readings").searchParams.get("as_of"), null);
  assert.equal(navigate.manner(here, new URL("/snapshot/abc", here)), "leave");
  assert.equal(navigate.manner(here, new URL("/snapshots", here)), "go");
  assert.match(panels.address("theme-tiles", { path: "/theme/x", search: here.search }, "id focus"), /as_of=2026-11-20T08%3A00/);
});
