// The desk in the browser: clocks, what moves in the list, keys of bulk acts, what is new.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import vm from "node:vm";

const load = (name) => vm.runInThisContext(readFileSync(fileURLToPath(new URL(`../../assets/${name}`, import.meta.url)), "utf8"));
["40-clock.js", "60-panels.js", "97-desk-1-queue.js", "97-desk-3-bulk.js", "97-desk-4-watch.js", "97-desk-6-dispatch.js"].forEach(load);
const { desk, bulk, watch, panels } = globalThis.cockpit;

test("a clock says what is left as the server would, and turns at the very instant", () => {
  const due = 1_000_000_000;
  assert.deepEqual(desk.standing(due - 36 * 60000, due, 3600), { look: "near", words: "剩 00:36" });
  assert.deepEqual(desk.standing(due - 5 * 3600000, due, 3600), { look: "ok", words: "剩 05:00" });
  assert.deepEqual(desk.standing(due, due, 3600), { look: "near", words: "剩 00:00" });
  assert.deepEqual(desk.standing(due + 1, due, 3600), { look: "over", words: "超 00:00" });
  assert.deepEqual(desk.standing(due + 3 * 86400000, due, 0), { look: "over", words: "超 3 天" });
  assert.equal(desk.remaining(-1), "00:00");
});

test("the bar is the part of the time used", () => {
  assert.equal(desk.used(50, 0, 100), 50);
  assert.equal(desk.used(500, 0, 100), 100);
  assert.equal(desk.used(0, 100, 100), 100);
});

test("only what would move waits for the pointer", () => {
  const before = new Map([["a", "1"], ["b", "1"]]);
  assert.deepEqual(desk.difference(before, new Map([["a", "1"], ["b", "2"]])), { count: 1, isMoved: false });
  assert.deepEqual(desk.difference(before, new Map([["b", "1"], ["a", "1"]])), { count: 0, isMoved: true });
  assert.deepEqual(desk.difference(before, new Map([["c", "1"], ["a", "1"]])), { count: 2, isMoved: true });
});

test("the list does not depend on what is open", () => {
  assert.equal(desk.shown("?event=CZ-1&level=2&layers=teams"), desk.shown("?level=2&event=CZ-9"));
  assert.notEqual(desk.shown("?level=2"), desk.shown("?level=3"));
});

test("keys stop at the ends of the list", () => {
  assert.equal(desk.step(-1, 1, 3), 0);
  assert.equal(desk.step(2, 1, 3), 2);
  assert.equal(desk.step(0, -1, 3), 0);
  assert.equal(desk.step(0, 1, 0), -1);
});

test("a panel asks only with what it depends on", () => {
  const where = { path: "/desk", search: "?event=CZ-1&level=2&world=demo" };
  assert.equal(panels.address("desk-queue", where, "tab level"), "/panel/desk-queue?level=2&world=demo");
  assert.equal(panels.address("desk-map", where, "event"), "/panel/desk-map?event=CZ-1&world=demo");
  assert.equal(panels.address("x", where, ""), "/panel/x?world=demo");
});

test("pressing twice is one act, another version is another", () => {
  assert.equal(bulk.keyOf("CZ-1", "3", "close"), bulk.keyOf("CZ-1", "3", "close"));
  assert.notEqual(bulk.keyOf("CZ-1", "3", "close"), bulk.keyOf("CZ-1", "4", "close"));
  assert.ok(bulk.outcome(200, { state_name: "已结案" }).isDone);
  assert.equal(bulk.outcome(409, { detail: "事件刚刚有变化" }).words, "事件刚刚有变化");
  assert.ok(!bulk.outcome(0, null).isDone);
});

test("nothing is new at the first look", () => {
  assert.deepEqual(watch.fresh(null, ["a"]), []);
  assert.deepEqual(watch.fresh(["a"], ["a", "b"]), ["b"]);
  assert.equal(watch.told([]), "");
  assert.equal(watch.told([{ name: "林敏", role: "县值班员" }]), "林敏（县值班员）也在查看本件");
});

test("several are dispatched to whom the power list proposes, nobody twice", () => {
  const crews = [
    { department: "water_bureau", part: "lead", reasons: ["权责清单"] },
    { department: "water_bureau", part: "lead", reasons: [] },
    { department: "police", part: "joint", reasons: [] },
    { department: "county", part: "territorial", reasons: [] },
    { department: "police", part: "joint", reasons: [] },
    { department: "fire", part: "reserve", reasons: [] },
  ];
  assert.deepEqual(bulk.proposal(crews), { department: "water_bureau", joint: ["police", "county"], why: "权责清单" });
  assert.equal(bulk.proposal([{ department: "fire", part: "reserve" }]), null);
  assert.equal(bulk.proposal(undefined), null);
});
