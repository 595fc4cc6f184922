// The pure half of the scripts of response levels and rosters.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import vm from "node:vm";

const load = (name) => vm.runInThisContext(readFileSync(fileURLToPath(new URL(`../../assets/${name}`, import.meta.url)), "utf8"));
["98-response.js", "98-duty.js"].forEach(load);
const { response, roster } = globalThis.cockpit;

test("the line of the level is asked for where the page looks: a county's page for the county", () => {
  assert.equal(response.address("/wall", ""), "/panel/response");
  assert.equal(response.address("/county/445102", "?world=demo"), "/panel/response?world=demo&region=445102");
  assert.equal(response.address("/event/445102", ""), "/panel/response");
  assert.equal(response.address("/", "?region=445122&q=x"), "/panel/response?region=445122");
});

test("every row of a file that was not taken is told with its line", () => {
  const told = roster.said(200, { rows: 3, taken: 1, unchanged: 1, held: [{ line: 5, reason: "没有日期" }] });
  assert.deepEqual(told, { tone: "bad", words: "共 3 行：采纳 1，未变 1，未采纳 1", lines: ["第 5 行：没有日期"] });
  assert.equal(roster.said(422, { detail: "没有找到表头" }).words, "没有找到表头");
  assert.equal(roster.said(0, null).tone, "bad");
});
