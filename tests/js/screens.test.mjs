// The pure half of keys, finding, print and the memory of the last look.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import vm from "node:vm";

globalThis.cockpit = { keyRows: [{ page: "wall", keys: ["f"], says: "远看档", act: () => "far" }] };
const load = (name) => vm.runInThisContext(readFileSync(fileURLToPath(new URL(`../../assets/${name}`, import.meta.url)), "utf8"));
["40-clock.js", "70-navigate.js", "90-keys.js", "91-search.js", "92-print.js", "93-seen.js"].forEach(load);
const { keys, search, print, seen, navigate } = globalThis.cockpit;

test("a page's own keys come first, those of every page after, those of others not at all", () => {
  const of = keys.of("wall").map((row) => row.says);
  assert.equal(of[0], "远看档");
  assert.ok(of.includes("按键说明") && of.includes("返回上一级"));
  assert.ok(!keys.of("county").some((row) => row.says === "远看档"));
});

test("a key means the same in both cases and nothing on a page that does not know it", () => {
  assert.equal(keys.match("wall", "F").act(), "far");
  assert.equal(keys.match("county", "f"), null);
  assert.equal(keys.match("wall", "Escape"), null, "described here, done elsewhere");
});

test("rows pushed later count as well", () => {
  globalThis.cockpit.keyRows.push({ page: "wall", keys: ["arrowleft", "arrowright"], says: "换主题", act() {} });
  assert.ok(keys.match("wall", "ArrowLeft"));
  assert.equal(keys.written(keys.of("wall").find((row) => row.says === "换主题")), "← / →");
});

test("a hit leads to its page, on the phone to the phone's", () => {
  assert.equal(search.address({ kind: "region", code: "445102", what: "县区 · 潮州市" }), "/county/445102");
  assert.equal(search.address({ kind: "region", code: "445100", what: "全市" }), "/");
  assert.equal(search.address({ kind: "indicator", code: "ECO-01" }), "/indicator/ECO-01");
  assert.equal(search.address({ kind: "theme", code: "culture" }, true), "/m?theme=culture");
  assert.equal(search.address({ kind: "event", code: "a/b&c" }), "/event/a%2Fb%26c");
});

test("the choice runs round the list", () => {
  assert.equal(search.step(0, -1, 3), 2);
  assert.equal(search.step(2, 1, 3), 0);
  assert.equal(search.step(-1, 1, 0), -1);
});

test("the foot of a sheet says what, from where and when; the watermark who", () => {
  assert.deepEqual(print.foot("湘桥区", "/county/445102", "2026-11-22 14:32"), ["湘桥区", "数据来源：潮州市城市运行管理平台 /county/445102", "打印于 2026-11-22 14:32"]);
  assert.equal(print.mark("", "2026"), "2026");
  assert.equal(print.mark("许某", "2026"), "许某  2026");
});

test("what was looked at is kept by page and region, to the minute", () => {
  assert.equal(seen.written(Date.parse("2026-11-22T06:32:41.5Z")), "2026-11-22T06:32Z");
  assert.notEqual(seen.mark("/county/445102"), seen.mark("/county/445103"));
  assert.equal(seen.mark("/"), "seen:/");
  assert.deepEqual(["/", "/county/445102", "/wall", "/m"].map(seen.shows), [true, true, false, false]);
});

test("watched screens start dark, worked ones light", () => {
  assert.deepEqual(["/", "/wall", "/map", "/county/445102", "/m"].map(navigate.usual), ["dark", "dark", "dark", "light", "light"]);
});
