// The pure half of the browser's scripts: clock, live link, panels, links, forms.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import vm from "node:vm";

const load = (name) => vm.runInThisContext(readFileSync(fileURLToPath(new URL(`../../assets/${name}`, import.meta.url)), "utf8"));
["40-clock.js", "45-door.js", "50-live.js", "60-panels.js", "70-navigate.js", "75-dash.js", "80-actions.js"].forEach(load);
const { clock, door, live, panels, navigate, dash, actions } = globalThis.cockpit;
const at = (text) => Date.parse(text);

test("the clock tells city time whatever the zone of the browser", () => {
  const told = clock.civil(at("2026-11-22T16:30:05Z"));
  assert.deepEqual(told, { time: "00:30", seconds: "05", date: "11-23", weekday: "周一" });
});

test("an instant of today is told by the clock, an older one with its day", () => {
  const now = at("2026-11-22T06:32:00Z");
  assert.equal(clock.when(at("2026-11-22T01:05:00Z"), now), "09:05");
  assert.equal(clock.when(at("2026-11-21T15:59:00Z"), now), "11-21 23:59");
  assert.equal(clock.when(at("2025-11-22T01:05:00Z"), now), "11-22 09:05");
});

test("a span is told in hours, minutes and seconds", () => {
  assert.equal(clock.span(84000), "00:01:24");
  assert.equal(clock.span(36e5 * 30), "30:00:00");
  assert.equal(clock.span(-5), "00:00:00");
});

test("a page that changed something a moment ago says so, and nothing else names the writer", () => {
  assert.deepEqual(door.marks("GET", "word", false, true), { "X-Cockpit-Wrote": "1" });
  assert.deepEqual(door.marks("GET", "word", false, false), {});
  assert.deepEqual(door.marks("post", "word", true, true), { "X-CSRFToken": "word", "X-Cockpit-Act": "1", "X-Cockpit-Wrote": "1" });
});

test("fifteen seconds of silence and the link is lost, whatever else is known", () => {
  assert.equal(live.verdict(15000, 0, null).link, "live");
  assert.deepEqual(live.verdict(15001, 0, 99), { link: "lost", since: 0 });
  assert.deepEqual(live.verdict(1000, 0, 99), { link: "stale", since: 99 });
});

test("a notice concerns a panel by a topic it watches, by everything, by nothing else", () => {
  assert.ok(live.concerns(["readings:demo"], ["sources", "readings:demo"]));
  assert.ok(live.concerns(["readings:demo"], ["*"]));
  assert.ok(!live.concerns(["readings:demo"], ["readings:real"]));
  assert.ok(!live.concerns(["readings:demo"], []));
});

test("the address of a panel is the same however the parameters are ordered", () => {
  const one = panels.address("wall-map", { path: "/", search: "?world=demo&region=445102" });
  assert.equal(one, "/panel/wall-map?region=445102&world=demo");
  assert.equal(one, panels.address("wall-map", { path: "/", search: "?region=445102&world=demo" }));
  assert.equal(panels.address("wall-map", { path: "/", search: "" }), "/panel/wall-map");
});

test("the last part of a path travels as id, and nothing in it can break out", () => {
  assert.equal(panels.address("theme-head", { path: "/theme/environment", search: "" }), "/panel/theme-head?id=environment");
  assert.equal(panels.address("theme-head", { path: "/theme/a%26world%3Dreal", search: "" }), "/panel/theme-head?id=a%26world%3Dreal");
});

test("a failed answer never blanks what is shown", () => {
  assert.equal(panels.decide(200, true), "draw");
  assert.equal(panels.decide(304, true), "keep");
  for (const status of [0, 400, 404, 500, 503]) {
    assert.equal(panels.decide(status, true), "hold");
    assert.equal(panels.decide(status, false), "fail");
  }
});

test("news for a panel that is under way waits for its answer and asks once more, however much comes", () => {
  assert.equal(panels.turn(undefined, "/panel/a"), "fly");
  assert.equal(panels.turn({ url: "/panel/a", isOut: false }, "/panel/a"), "join");
  assert.equal(panels.turn({ url: "/panel/a", isOut: true }, "/panel/a"), "again");
  assert.equal(panels.turn({ url: "/panel/a?world=demo", isOut: true }, "/panel/a"), "fly");
});

test("links within a page stay, to another go, to other hosts and files leave", () => {
  const here = new URL("http://127.0.0.1:8050/?world=demo");
  const to = (href) => navigate.manner(here, new URL(href, here));
  assert.equal(to("/?world=real"), "stay");
  assert.equal(to("/theme/environment"), "go");
  assert.equal(to("/api/v1/openapi.json"), "leave");
  assert.equal(to("http://127.0.0.1:9999/"), "leave");
  assert.deepEqual([navigate.kind("/"), navigate.kind("/theme/x")], ["wall", "theme"]);
});

test("the world goes along to a page that does not name one", () => {
  const here = new URL("http://127.0.0.1:8050/?world=real&region=445102");
  assert.equal(navigate.carried(here, new URL("/sources", here)).search, "?world=real");
  assert.equal(navigate.carried(here, new URL("/sources?world=demo", here)).search, "?world=demo");
});

test("a form sends trimmed texts, numbers as numbers, and leaves out what is empty", () => {
  const sent = actions.message([
    { name: "note", value: "  已核实 " }, { name: "value", value: "1,234.5", isNumber: true },
    { name: "numerator", value: " ", isNumber: true }, { name: "person", value: "张三" },
  ], "release");
  assert.deepEqual(sent, { note: "已核实", value: 1234.5, person: "张三", decision: "release" });
});

test("what is said after sending is the server's own reason", () => {
  assert.equal(actions.said(201, {}).tone, "good");
  assert.deepEqual(actions.said(409, { detail: "该记录已处理" }), { tone: "bad", words: "该记录已处理" });
  assert.match(actions.said(0, null).words, /内容仍在/);
});

test("Dash comes when the page has been seen, at once when it is needed, never into somebody's typing", () => {
  const calm = { isNeeded: false, isWaiting: false, isTyping: false, since: 0 };
  assert.equal(dash.turn(calm), "idle");
  assert.equal(dash.turn({ ...calm, isWaiting: true }), "wait");
  assert.equal(dash.turn({ ...calm, isWaiting: true, since: 5000 }), "idle");
  assert.equal(dash.turn({ ...calm, isTyping: true, since: 5000 }), "wait");
  assert.equal(dash.turn({ ...calm, isTyping: true, isNeeded: true }), "now");
});
