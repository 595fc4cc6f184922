// The pure half of an event's scripts: countdown, drafts, outbox, steps, photos, reports.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import vm from "node:vm";

const load = (name) => vm.runInThisContext(readFileSync(fileURLToPath(new URL(`../../assets/${name}`, import.meta.url)), "utf8"));
["40-clock.js", "96-case-1-clock.js", "96-case-2-drafts.js", "96-case-3-outbox.js", "96-case-4-acts.js", "96-case-5-files.js", "96-case-6-report.js"].forEach(load);
const { countdown, drafts, outbox, acts, uploads, reporting } = globalThis.cockpit;

test("a countdown tells seconds, then days, and turns at the very instant", () => {
  assert.deepEqual(countdown.told(61000, 0, 60000), { words: "剩 00:01:01", look: "ok" });
  assert.equal(countdown.told(60000, 0, 60000).look, "near");
  assert.deepEqual(countdown.told(0, 5000, 60000), { words: "超 00:00:05", look: "over" });
  assert.equal(countdown.told(3 * 86400000 + 5, 0, 1).words, "剩 3 天");
});

test("fields of one name become a list, empty ones are left out", () => {
  assert.deepEqual(drafts.gathered([["joint", "a"], ["joint", "b"], ["note", ""], ["lead", "c"]]), { joint: ["a", "b"], lead: "c" });
});

test("drafts of two people at one machine and of two acts are apart; old ones are not offered", () => {
  assert.notEqual(drafts.key("a", "CZ-1", "note"), drafts.key("b", "CZ-1", "note"));
  assert.ok(drafts.isStale({ at: 1 }, 8 * 86400000));
  assert.ok(!drafts.isStale({ at: 1 }, 86400000));
});

test("what was not answered is sent again, what was refused is not", () => {
  assert.deepEqual([200, 201, 0, 401, 429, 503, 409, 422, 403, 404].map(outbox.meaning),
    ["done", "done", "again", "again", "again", "again", "refused", "refused", "refused", "refused"]);
  assert.deepEqual([1, 2, 3, 9].map(outbox.pause), [2000, 4000, 8000, 30000]);
});

test("nobody sends what another left at this machine, nor what is too old", () => {
  const entries = [{ person: "a", at: 0 }, { person: "b", at: 0 }, { person: "a", at: -13 * 3600000 }];
  assert.equal(outbox.mine(entries, "a", 1000).length, 1);
});

test("a step has numbers, booleans and city time where the interface wants them", () => {
  const made = acts.step("dispatch", 4, { note: " 请到场 ", amount: "0.5", satisfied: "false", due: "2026-11-22T18:00", joint: "police", reason: "" });
  assert.deepEqual(made, { action: "dispatch", version: 4, note: "请到场", amount: 0.5, satisfied: false, due: "2026-11-22T18:00:00+08:00", joint: ["police"] });
});

test("the lead never assists, another lead wins over the row, a second joint is added once", () => {
  assert.deepEqual(acts.crew({ lead: "water", joint: ["water", "police"], other_joint: "police" }), { department: "water", joint: ["police"] });
  assert.deepEqual(acts.crew({ lead: "water", other_lead: "police", joint: "water" }), { department: "police", joint: ["water"] });
});

test("409 tells what others did and the version to go on from; 422 names the field", () => {
  const told = acts.refusal(409, { version: 6, errors: [{ where: "version 6", message: "林敏：受理" }] });
  assert.deepEqual([told.version, told.list], [6, ["林敏：受理"]]);
  assert.deepEqual(acts.refusal(422, { detail: "请评分", errors: [{ where: "score", message: "请评分" }] }).fields, [["score", "请评分"]]);
});

test("files are refused before they are sent", () => {
  assert.equal(uploads.refused("image/jpeg", 5), "");
  assert.match(uploads.refused("image/heic", 5), /JPEG/);
  assert.match(uploads.refused("image/png", 11 * 2 ** 20), /10 MB/);
  assert.match(uploads.refused("application/pdf", 0), /空/);
});

/** A JPEG whose Exif block says 23°41'58.2"N 116°38'25.8"E. */
function photo(little) {
  const buffer = new ArrayBuffer(220), view = new DataView(buffer), base = 12;
  const u16 = (at, value) => view.setUint16(at, value, little), u32 = (at, value) => view.setUint32(at, value, little);
  view.setUint16(0, 0xffd8); view.setUint16(2, 0xffe1); view.setUint16(4, 200); view.setUint32(6, 0x45786966); view.setUint16(10, 0);
  view.setUint16(base, little ? 0x4949 : 0x4d4d); u16(base + 2, 42); u32(base + 4, 8);
  u16(base + 8, 1); u16(base + 10, 0x8825); u16(base + 12, 4); u32(base + 14, 1); u32(base + 18, 26);
  u16(base + 26, 4);
  const tag = (index, number, kind, count, write) => { const at = base + 28 + index * 12; u16(at, number); u16(at + 2, kind); u32(at + 4, count); write(at + 8); };
  tag(0, 1, 2, 2, (at) => view.setUint8(at, "N".charCodeAt(0)));
  tag(1, 2, 5, 3, (at) => u32(at, 80));
  tag(2, 3, 2, 2, (at) => view.setUint8(at, "E".charCodeAt(0)));
  tag(3, 4, 5, 3, (at) => u32(at, 104));
  [[80, [23, 1, 41, 1, 582, 10]], [104, [116, 1, 38, 1, 258, 10]]].forEach(([at, values]) => values.forEach((value, index) => u32(base + at + 4 * index, value)));
  return buffer;
}

test("the place of a photo is read from either byte order, and nothing from what is cut short or has none", () => {
  [true, false].forEach((little) => {
    const { lon, lat } = uploads.place(photo(little));
    assert.ok(Math.abs(lat - 23.6995) < 1e-6 && Math.abs(lon - 116.6405) < 1e-6, `${lat} ${lon}`);
  });
  assert.equal(uploads.place(photo(true).slice(0, 60)), null);
  assert.equal(uploads.place(new ArrayBuffer(4)), null);
});

test("a click on the drawing is where it was drawn", () => {
  const frame = { west: 116.3, south: 23.4, east: 117.2, north: 24.2 };
  const { x, y } = reporting.point(116.6405, 23.6995, frame, 900, 24), back = reporting.spot(x, y, frame, 900, 24);
  assert.ok(Math.abs(back.lon - 116.6405) < 1e-9 && Math.abs(back.lat - 23.6995) < 1e-9);
});

test("a report carries what was filled in and nothing else; who reported it stands apart", () => {
  const made = reporting.body({ title: " 积水 ", lon: "116.64", lat: "23.7", impact: "2", reporter_phone: "13800138000", category: "" }, "real", "desk-1", 0);
  assert.deepEqual(made, { origin: "desk", origin_id: "desk-1", reported_at: "1970-01-01T00:00:00.000Z", world: "real", title: "积水", impact: 2, lon: 116.64, lat: 23.7, reporter: { phone: "13800138000" } });
  assert.deepEqual([30, 120, 7200, 172800].map(reporting.age), ["刚刚", "2 分钟前", "2 小时前", "2 天前"]);
});
