// The pure half of the map's scripts: escaping, clusters, fading, areas, the address, labels, replay frames.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import vm from "node:vm";

const load = (name) => vm.runInThisContext(readFileSync(fileURLToPath(new URL(`../../assets/${name}`, import.meta.url)), "utf8"));
["40-clock.js", "85-map-door.js", "map-1-text.js", "map-2-archive.js", "map-2-plane.js", "map-3-heat.js", "map-3-points.js", "map-4-tools.js", "map-5-regions.js", "map-6-lists.js", "map-8-events.js"].forEach(load);
const { map, mapDoor, clock } = globalThis.cockpit;
const { plane, html, regions, lists } = map;
const PAYLOAD = `<img src=x onerror="alert(1)">'&`;

test("whatever is put into a popup or list is text", () => {
  assert.equal(String(html`<b>${PAYLOAD}</b>`), "<b>&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&#39;&amp;</b>");
  assert.equal(String(html`${[PAYLOAD, html`<i>${"<"}</i>`]}`), "&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&#39;&amp;<i>&lt;</i>");
  assert.equal(String(html`${null}${undefined}${0}`), "0");
  assert.throws(() => map.write({}, `<b>${PAYLOAD}</b>`), TypeError);
});

test("an object's popup escapes every field", () => {
  const found = Object.fromEntries(["name", "kind", "layer_name", "town_name", "theme_name", "note"].map((key) => [key, PAYLOAD]));
  const told = String(map.spot({ ...found, mark: "模拟", lon: 116.6, lat: 23.6, heard_at: "2026-11-22T06:00:00Z", silent: true }, clock));
  assert.ok(!told.includes("<img"));
  assert.equal(told.split("&lt;img").length, 7);
  assert.match(told, /静默/);
});

test("clusters keep every point and stand apart", () => {
  const count = 100000, lon = [], lat = [];
  for (let index = 0; index < count; index += 1) { lon.push(116.4 + (index * 7919 % 1000) / 1000); lat.push(23.4 + (index * 104729 % 997) / 997); }
  const columns = plane.project(lon, lat);
  const times = [1, 2, 3, 4].map(() => { const started = performance.now(); plane.clusters(columns, 11, 80); return performance.now() - started; });
  assert.ok(Math.min(...times) < 200, `${times}`);
  const found = plane.clusters(columns, 11, 80);
  assert.equal(found.reduce((sum, one) => sum + one.count, 0), count);
  assert.ok(found.length < 600);
  assert.deepEqual(found, plane.clusters(columns, 11, 80));
});

test("a lone point is no cluster and stays where it is", () => {
  const columns = plane.project([116.6, 117.1], [23.6, 23.9]);
  const found = plane.clusters(columns, 12, 80);
  assert.deepEqual(found.map((one) => one.count), [1, 1]);
  const first = found.find((one) => one.first === 0);
  assert.ok(Math.abs(first.x - columns.x[0] * 4096) < 1e-6 && Math.abs(first.y - columns.y[0] * 4096) < 1e-6);
});

test("two neighbours on either side of a cell's edge are one cluster", () => {
  const scale = 2 ** 12, columns = { x: Float64Array.from([799 / scale, 801 / scale]), y: Float64Array.from([400 / scale, 400 / scale]) };
  assert.deepEqual(plane.clusters(columns, 12, 80).map((one) => one.count), [2]);
});

test("projection is web Mercator", () => {
  const { x, y } = plane.project([0, 180, 116.64], [0, 0, 23.67]);
  assert.ok(Math.abs(x[0] - 128) < 1e-9 && Math.abs(y[0] - 128) < 1e-9 && Math.abs(x[1] - 256) < 1e-9);
  assert.ok(Math.abs(x[2] - 210.9440) < 1e-3 && Math.abs(y[2] - 110.6757) < 0.2);
});

test("an object fades when it misses reports, vanishes after a day's worth, and never fades without a promise", () => {
  assert.equal(plane.strength(0, 600), 1);
  assert.equal(plane.strength(1200, 600), 1);
  const fading = [1500, 2400, 3600, 6000].map((age) => plane.strength(age, 600));
  fading.slice(1).forEach((one, index) => assert.ok(one < fading[index]));
  assert.equal(plane.strength(600 * 24, 600), 0.25);
  assert.equal(plane.strength(600 * 24 + 1, 600), 0);
  assert.equal(plane.strength(1e9, null), 1);
});

test("distances are those of the server", () => {
  assert.ok(Math.abs(plane.distance([116.6, 23], [116.6, 24]) - 111195) < 1);
  assert.ok(Math.abs(plane.length([[116, 23.6], [117, 23.6], [116, 23.6]]) - 2 * 101892) < 200);
});

test("what is drawn is written and read back the same", () => {
  assert.equal(plane.area("box", [[117, 24], [116, 23]]), "box:116,23,117,24");
  assert.equal(plane.area("polygon", [[116, 23], [117, 23], [117, 24]]), "polygon:116,23;117,23;117,24");
  assert.match(plane.area("circle", [[116.6, 23.6], [116.6, 23.61]]), /^circle:116.6,23.6,111\d$/);
  for (const unfinished of [["box", [[1, 1]]], ["box", [[1, 1], [1, 2]]], ["polygon", [[1, 1], [2, 2]]], ["circle", [[1, 1], [1, 1]]], ["measure", [[1, 1], [2, 2], [3, 3]]]]) {
    assert.equal(plane.area(...unfinished), null);
  }
  assert.deepEqual(plane.figure("box:116,23,117,24"), { kind: "box", points: [[116, 23], [117, 24]] });
  assert.deepEqual(plane.figure("circle:116,23,500"), { kind: "circle", points: [[116, 23]], metres: 500 });
  assert.equal(plane.figure("polygon:116,23;117,23;117,24").points.length, 3);
  for (const broken of ["", null, "box", "box:1,2", "circle:a,b,c", "polygon:1,2;3", "ring:1,2,3,4"]) assert.equal(plane.figure(broken), null);
});

test("the address holds the view and nothing broken is believed", () => {
  const told = plane.read("?region=445102&layer=a,b,,&z=11.5&c=116.6,23.7&at=x");
  assert.deepEqual(told.layers, ["a", "b"]);
  assert.deepEqual(told.view, { lon: 116.6, lat: 23.7, zoom: 11.5 });
  for (const broken of ["?z=11", "?c=1,2", "?z=11&c=1", "?z=11&c=a,b", "?z=99&c=1,2", "?z=11&c=1,99"]) assert.equal(plane.read(broken).view, null);
});

test("drilling keeps figure and layers and leaves the view behind", () => {
  const here = "?world=demo&layer=a,b&indicator=X&z=12&c=1,2&region=445102&area=box:1,2,3,4";
  assert.equal(plane.carried(here, "/map?world=demo&region=445122"), "/map?world=demo&region=445122&indicator=X&layer=a,b");
  assert.equal(plane.carried(here, "/map"), "/map?world=demo&indicator=X&layer=a,b");
  assert.equal(plane.changed(here, { z: null, c: null, area: "" }), "?world=demo&layer=a,b&indicator=X&region=445102");
  assert.equal(plane.changed("?a=1", { a: null }), "");
});

test("few classes are spread over the whole ramp, missing has none of it", () => {
  assert.deepEqual([0, 1, 2, 3, 4].map((step) => regions.inkOf(step, 5)), ["0", "1", "2", "3", "4"]);
  assert.deepEqual([0, 1].map((step) => regions.inkOf(step, 2)), ["0", "4"]);
  assert.equal(regions.inkOf(0, 1), "2");
  assert.equal(regions.inkOf(null, 5), "none");
});

test("regions that share a shape keep their own values", () => {
  const found = regions.byShape([{ region: "1", shape: "s" }, { region: "2", shape: "s" }, { region: "3", shape: null }, { region: "4", shape: "t" }]);
  assert.deepEqual([...found].map(([shape, one]) => [shape, one.shared.map((each) => each.region)]), [["s", ["1", "2"]], ["t", ["4"]]]);
});

test("labels that would cover others are left out", () => {
  assert.deepEqual(regions.clear([{ x: 0, y: 0, w: 10, h: 10 }, { x: 9, y: 9, w: 10, h: 10 }, { x: 20, y: 0, w: 10, h: 10 }]), [true, false, true]);
});

test("a replay begins at the instant of the address, else at the newest", () => {
  const instants = ["2026-11-22T01:00:00Z", "2026-11-22T02:00:00Z", "2026-11-22T03:00:00Z"];
  assert.equal(lists.frameAt(instants, "2026-11-22T01:50:00Z"), 1);
  assert.equal(lists.frameAt(instants, "nonsense"), 2);
});

test("a village leads to its town, an indicator changes the figure", () => {
  assert.deepEqual(lists.target({ kind: "village", code: "1", region: "445102007" }), { region: "445102007", z: null, c: null });
  assert.deepEqual(lists.target({ kind: "indicator", code: "ENV-01", region: null }), { indicator: "ENV-01" });
});

test("the door knows styles from scripts and keeps their order", () => {
  assert.deepEqual(mapDoor.parts("/a.js /b.css?v=1 /c.js?v=2"), [
    { href: "/a.js", isStyle: false }, { href: "/b.css?v=1", isStyle: true }, { href: "/c.js?v=2", isStyle: false }]);
});

test("lengths and sizes are written in metric words", () => {
  assert.deepEqual([map.metres(12.4), map.metres(1234), map.metres(123456)], ["12 米", "1.23 公里", "123 公里"]);
  assert.deepEqual([map.squareKm(0.05), map.squareKm(12.345), map.squareKm(1234)], ["50,000 平方米", "12.35 平方公里", "1234 平方公里"]);
});

test("a drag within the margin of what is drawn draws nothing, one beyond it on any side does", () => {
  const whole = { x: 150, y: 120 }, size = { x: 100, y: 80 };
  assert.ok(map.plane.covers(whole, { x: 25, y: 20 }, size));
  assert.ok(map.plane.covers(whole, { x: 0, y: 40 }, size));
  [[-1, 20], [51, 20], [25, -1], [25, 41]].forEach(([x, y]) => assert.ok(!map.plane.covers(whole, { x, y }, size), `${x} ${y}`));
});

test("tiles are numbered along the Hilbert curve as the format says", () => {
  const { number } = map.archive;
  assert.deepEqual([number(0, 0, 0), number(1, 0, 0), number(1, 0, 1), number(1, 1, 1), number(1, 1, 0), number(2, 0, 0)], [0, 1, 2, 3, 4, 5]);
  assert.equal(number(12, 3423, 1763), 19078479);
  const all = new Set();
  for (let x = 0; x < 16; x += 1) for (let y = 0; y < 16; y += 1) all.add(number(4, x, y));
  assert.deepEqual([Math.min(...all), Math.max(...all), all.size], [85, 340, 256]);
});

test("a picture is found in a packed archive through a leaf directory, another is said to be missing", async () => {
  const { gzipSync } = await import("node:zlib");
  const varint = (value) => { const bytes = []; let rest = value; while (rest > 127) { bytes.push((rest & 127) | 128); rest = Math.floor(rest / 128); } return [...bytes, rest]; };
  const packed = (entries) => gzipSync(Uint8Array.from([...varint(entries.length),
    ...entries.flatMap((one, index) => varint(one.id - (index ? entries[index - 1].id : 0))),
    ...entries.flatMap((one) => varint(one.run)), ...entries.flatMap((one) => varint(one.length)), ...entries.flatMap((one) => varint(one.offset + 1))]));
  const picture = Uint8Array.from([137, 80, 78, 71]), id = map.archive.number(10, 843, 442);
  const leaf = packed([{ id, run: 2, length: 4, offset: 0 }]), root = packed([{ id: 0, run: 0, length: leaf.length, offset: 0 }]);
  const whole = new Uint8Array(127 + root.length + leaf.length + 4), view = new DataView(whole.buffer);
  whole.set(new TextEncoder().encode("PMTiles")); whole[7] = 3; whole[97] = 2; whole[99] = 2; whole[100] = 0; whole[101] = 10;
  [[8, 127], [16, root.length], [40, 127 + root.length], [56, 127 + root.length + leaf.length]].forEach(([at, value]) => view.setBigUint64(at, BigInt(value), true));
  whole.set(root, 127); whole.set(leaf, 127 + root.length); whole.set(picture, 127 + root.length + leaf.length);
  const source = map.archive.open(async (offset, length) => whole.slice(offset, offset + length));
  assert.deepEqual(await source.tile(10, 843, 442), { bytes: picture, type: "image/png" });
  assert.equal(await source.tile(10, 1, 1), null);
  whole[99] = 1;
  await assert.rejects(map.archive.open(async (offset, length) => whole.slice(offset, offset + length)).start(), /vector/);
});

test("a density keeps its peak where the objects are and nothing outside the picture counts", () => {
  const { columns, cells, most } = map.heat.density([100, 101, 102, 300, -50, 900], [100, 101, 99, 200, 10, 10], 400, 300);
  const peak = cells.indexOf(most);
  assert.deepEqual([peak % columns, Math.floor(peak / columns)], [12, 12]);
  assert.equal(Math.round(cells.reduce((sum, one) => sum + one, 0)), 4);
  assert.equal(map.heat.density([], [], 100, 100).most, 0);
});

test("urgent events are larger, old ones smaller, fresh ones ringed", () => {
  const { look } = map.events;
  assert.ok(look(1, 5000).size > look(2, 5000).size && look(2, 5000).size > look(4, 5000).size && look(4, 5000).size > look(0, 5000).size);
  assert.ok(look(2, 90000).size < look(2, 5000).size);
  assert.deepEqual([look(3, 60).isFresh, look(3, 3700).isFresh], [true, false]);
});

test("an event's popup escapes what people wrote and leads to the event", () => {
  const set = { number: ["A<1"], title: [PAYLOAD], level: [2], stage: [PAYLOAD], overdue: [true], since: [1795330000], sure: [false], mark: "模拟" };
  const told = String(map.events.told(set, 0, clock));
  assert.ok(!told.includes("<img") && told.includes("超期") && told.includes("镇街中心"));
  assert.ok(told.includes('href="/event/A%3C1"'));
});

test("heat and an event stand in the address", () => {
  assert.equal(plane.read("?heat=1&event=E1").heat, true);
  assert.equal(plane.read("?heat=1&event=E1").event, "E1");
  assert.ok(plane.carried("?heat=1&layer=cameras", "/map?region=445102").includes("heat=1"));
});
