// One answer kept up with (assets/53-keep-up.js): nothing is lost while asking, resting or failing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readFileSync } from "node:fs";

const script = readFileSync(new URL("../../assets/53-keep-up.js", import.meta.url), "utf8");

/** The script with a server of our own: `answers` are given one after the other, each {status, text, headers}. */
function house(answers, place = { url: "/a" }) {
  const seen = { asked: [], taken: [], refused: 0, timers: [], notice: null };
  const fetch = async (url, { headers }) => {
    seen.asked.push([url, headers["If-None-Match"] || null]);
    const one = await answers.shift();
    if (!one) throw new TypeError("unreachable");
    return { status: one.status || 200, text: async () => one.text || "", headers: { get: (name) => (one.headers || {})[name] ?? null } };
  };
  const cockpit = { live: { listen: (listener) => { seen.notice = listener; }, concerns: (topics, changed) => changed.some((one) => topics.includes(one)) } };
  const setTimer = (what, after) => { seen.timers.push([what, after]); return seen.timers.length; };
  new Function("globalThis", "fetch", "setTimeout", "clearTimeout", script)({ cockpit }, fetch, setTimer, () => {});
  seen.keeper = cockpit.keepUp({
    address: () => place.url, take: (text, isFirst) => seen.taken.push([text, isFirst]), refuse: () => { seen.refused += 1; },
  });
  return seen;
}

const settled = () => new Promise((done) => setImmediate(done));

test("the first answer of an address is first, the next ones are not, and the tag goes along", async () => {
  const seen = house([{ text: "one", headers: { ETag: "1" } }, { text: "two", headers: { ETag: "2" } }]);
  await settled();
  seen.notice(["anything"]);
  await settled();
  assert.deepEqual(seen.taken, [["one", true], ["two", false]]);
  assert.deepEqual(seen.asked, [["/a", null], ["/a", "1"]]);
});

test("only what concerns it makes it ask again", async () => {
  const seen = house([{ text: "one", headers: { "X-Topics": "events warnings" } }, { text: "two" }]);
  await settled();
  seen.notice(["readings"]);
  await settled();
  assert.equal(seen.asked.length, 1);
  seen.notice(["warnings"]);
  await settled();
  assert.equal(seen.asked.length, 2);
});

test("an answer that rested is asked for again when it says so, one that failed after five seconds", async () => {
  const rested = house([{ text: "old", headers: { "X-Again": "700" } }]);
  const busy = house([{ status: 503 }]), gone = house([]);
  await settled();
  assert.deepEqual([rested, busy, gone].map((seen) => seen.timers.map(([, after]) => after)), [[700], [5000], [5000]]);
});

test("a notice while asking is not lost", async () => {
  let answer;
  const seen = house([new Promise((done) => { answer = done; }), { text: "new" }]);
  seen.notice(["anything"]);
  seen.notice(["anything"]);
  answer({ text: "old" });
  await settled();
  await settled();
  assert.deepEqual(seen.taken, [["old", true], ["new", false]]);
});

test("an answer for a place that was left meanwhile is not taken for the new place", async () => {
  let late;
  const place = { url: "/a" }, seen = house([new Promise((done) => { late = done; }), { text: "b" }], place);
  place.url = "/b";
  seen.keeper.look();
  await settled();
  late({ text: "a", headers: { ETag: "of a" } });
  await settled();
  assert.deepEqual(seen.taken, [["b", true]]);
});

test("what is refused is told, its tag is not sent, and what comes after it is a first answer", async () => {
  const seen = house([{ text: "one", headers: { ETag: "1" } }, { status: 404 }, { text: "back" }]);
  await settled();
  seen.notice(["anything"]);
  await settled();
  seen.notice(["anything"]);
  await settled();
  assert.equal(seen.refused, 1);
  assert.deepEqual(seen.asked.at(-1), ["/a", null]);
  assert.deepEqual(seen.taken.at(-1), ["back", true], "what was there all the while is no news");
});

test("another address is asked for without the tag of the one before, and its first answer is a first one", async () => {
  const place = { url: "/a" }, seen = house([{ text: "a", headers: { ETag: "of a" } }, { text: "b" }], place);
  await settled();
  place.url = "/b";
  seen.keeper.look();
  await settled();
  assert.deepEqual(seen.asked, [["/a", null], ["/b", null]]);
  assert.deepEqual(seen.taken.at(-1), ["b", true]);
});
