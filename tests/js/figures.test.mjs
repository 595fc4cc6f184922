// Charts as figures: what is drawn follows from the data and the look; labels keep clear; no colour but the tokens'.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import vm from "node:vm";

const load = (name) => vm.runInThisContext(readFileSync(fileURLToPath(new URL(`../../assets/${name}`, import.meta.url)), "utf8"));
["63-figure-parts.js", "64-figures.js", "65-charts.js"].forEach(load);
const { figureParts: parts, figures, charts } = globalThis.cockpit;
// plain values: what a script made in another realm is compared by content
const same = (one, other, words) => assert.deepEqual(JSON.parse(JSON.stringify(one)), other, words);

const ink = { tx1: "#010101", tx2: "#020202", tx3: "#030303", ac: "#040404", line: "#050505", line2: "#060606", bg1: "#070707", bg2: "#080808" };
const look = { ink, rem: 16, width: 800, height: 400, template: parts.template(ink, 16, "Barlow") };
const axis = { low: 2.5, high: 6.5, at: [3, 4, 5, 6], words: ["3", "4", "5", "6"] };
const series = (more = {}) => ({
  kind: "trend", unit: "%", names: ["一月", "二月", "三月", "四月"], ticks: [[0, "2026-01"], [3, "04"]], axis, values: [6, 5, 4, 3.7],
  texts: ["6.0%", "5.0%", "4.0%", "3.7%"], last: { at: 3, words: "3.7%" }, before: null, goal: { value: 5, words: "目标 5.0" }, ahead: null, notes: [], ...more,
});
const ahead = { at: [3, 4, 5], middle: [3.7, 4, 4.3], low: [3.7, 3.2, 2.8], high: [3.7, 4.8, 5.8], words: "预测 4.3", texts: ["", "4.0%", "4.3%"] };

function colours(figure) {
  return [...JSON.stringify({ data: figure.data, shapes: figure.layout.shapes, notes: figure.layout.annotations }).matchAll(/#[0-9a-f]{3,6}|rgba?\([^)]*\)/g)].map(([found]) => found);
}

test("no figure names a colour of its own", () => {
  const row = { name: "湘桥区", value: 4.6, before: 5.2, words: "4.6", was: "5.2", strong: true, href: null };
  const rows = { unit: "%", axis, rows: [row], goal: { value: 5, words: "目标 5.0" } };
  const steps = [["total", 0, 5.9], ["drag", 5.9, 5], ["lift", 5, 5.3], ["level", 5.3, 5.3]].map(([sort, from, to]) => ({ name: sort, sort, from, to, words: "1" }));
  const cells = [{ name: "湘桥区", values: [6, 5, 4, 3], texts: ["", "", "", ""], words: "3.0", href: null }];
  const made = [
    figures.trend(series({ names: ["a", "b", "c", "d", "e", "f"], ahead, notes: [{ at: 1, words: "事" }] }), look),
    figures.dots(rows, look), figures.bars(rows, look), figures.waterfall({ unit: "pp", axis: { ...axis, low: 0 }, steps }, look),
    figures.multiples({ ...series(), cells }, look),
  ];
  const own = new Set([...Object.values(ink), parts.thin(ink.tx2, 0.18)]);
  made.forEach((figure) => colours(figure).forEach((colour) => assert.ok(own.has(colour), colour)));
});

test("history is solid, the forecast dashed within its band, and there is no legend", () => {
  const figure = figures.trend(series({ names: ["a", "b", "c", "d", "e", "f"], ahead }), look);
  const [low, high, history, middle, dot] = figure.data;
  assert.equal(high.fill, "tonexty");
  same([low.y, high.y], [ahead.low, ahead.high]);
  assert.equal(history.line.dash, undefined);
  assert.ok(middle.line.dash);
  assert.equal(dot.marker.color, ink.ac);
  assert.equal(figure.layout.template.layout.showlegend, false);
  same(figure.layout.annotations.map((note) => note.text), ["目标 5.0", "预测 4.3", "3.7%"]);
});

test("without a forecast the newest value stands at the end of its line", () => {
  const words = figures.trend(series(), look).layout.annotations;
  same(words.map((note) => [note.text, note.xref]), [["目标 5.0", "paper"], ["3.7%", "paper"]]);
});

test("text of the data cannot become mark-up of the figure", () => {
  const figure = figures.trend(series({ names: ["<a href='x'>", "b", "c", "d"], goal: { value: 5, words: "<b>" }, notes: [{ at: 1, words: "<img>" }] }), look);
  assert.ok(!JSON.stringify([figure.data, figure.layout.annotations]).match(/<(a|b|img)[ >]/));
});

test("labels at the end of lines keep their distance and stay inside", () => {
  same(parts.apart([10, 12, 11], 5, 0, 100), [10, 20, 15]);
  same(parts.apart([99, 98], 5, 0, 100), [100, 95]);
  const moved = parts.apart([50, 50, 50, 50], 10, 0, 60).slice().sort((one, other) => one - other);
  moved.slice(1).forEach((at, index) => assert.ok(at - moved[index] >= 10));
  assert.ok(moved.at(-1) <= 60);
});

test("two notes side by side cover neither each other nor the line", () => {
  const spec = series({ names: Array.from({ length: 21 }, (_, at) => `${at}`), values: Array.from({ length: 21 }, (_, at) => 6.2 - at * 0.12),
    notes: [{ at: 12, words: "陶瓷出口退税调整" }, { at: 14, words: "三环二期投产" }] });
  const extent = 300, across = 700, placed = parts.notes(spec, look, extent, across);
  const boxes = placed.map((note) => {
    const x = (note.x * across) / 20 + note.ax, y = ((axis.high - note.y) / 4) * extent + note.ay, wide = parts.breadth(note.text) * 16;
    return { left: x - wide / 2, right: x + wide / 2, top: y - 10, bottom: y + 10 };
  });
  const [one, other] = boxes;
  assert.ok(one.right <= other.left || other.right <= one.left || one.bottom <= other.top || other.bottom <= one.top);
  spec.values.forEach((value, at) => boxes.forEach((box) => {
    const x = (at * across) / 20, y = ((axis.high - value) / 4) * extent;
    assert.ok(x < box.left || x > box.right || y < box.top || y > box.bottom, `point ${at} lies under a note`);
  }));
});

test("the newest value covers neither its line nor the forecast", () => {
  const falling = [6.2, 5.6, 5.0, 4.4, 3.8, 3.9], spec = series({ names: Array.from({ length: 9 }, (_, at) => `${at}`), values: falling,
    last: { at: 5, words: "−3.9%" }, goal: null, ahead: { ...ahead, at: [5, 6, 7, 8], middle: [3.9, 4.6, 5.2, 5.9], low: [3.9, 4, 4, 4], high: [3.9, 5, 6, 6] } });
  const { layout } = figures.trend(spec, look), label = layout.annotations.at(-1), across = look.width - layout.margin.l - layout.margin.r;
  const extent = look.height - layout.margin.t - layout.margin.b, place = (value) => ((axis.high - value) / 4) * extent;
  const x = (5 * across) / 8 + label.xshift, y = place(3.9) - label.yshift, wide = parts.breadth(label.text) * 1.3 * 16;
  const box = { left: x - wide / 2, right: x + wide / 2, top: y - 11, bottom: y + 11 };
  const points = falling.map((value, at) => [(at * across) / 8, place(value)]);
  assert.ok(!parts.crosses(points, box));
  assert.ok(!parts.crosses([5, 6, 7, 8].map((at, rank) => [(at * across) / 8, place([3.9, 4.6, 5.2, 5.9][rank])]), box));
});

test("a gap in the series stays a gap", () => {
  const figure = figures.trend(series({ values: [6, null, 4, 3.7] }), look);
  assert.ok(figure.data.some((trace) => trace.y && trace.y[1] === null && trace.connectgaps !== true));
});

test("what drags is solid, what lifts hollow, totals grey; the number stands outside the bar", () => {
  const steps = [{ name: "上年同期", sort: "total", from: 0, to: 5.9, words: "5.9" }, { name: "陶瓷", sort: "drag", from: 5.9, to: 5, words: "−0.9" },
    { name: "食品", sort: "lift", from: 5, to: 5.3, words: "+0.3" }];
  const { data: [bars], layout } = figures.waterfall({ unit: "pp", axis: { ...axis, low: 0 }, steps }, look);
  same(bars.marker.color, [ink.line2, ink.tx1, ink.bg1]);
  same(bars.base, [0, 5, 5]);
  same(layout.annotations.map((note) => [note.y, Math.sign(note.yshift)]), [[5.9, 1], [5, -1], [5.3, 1]]);
});

test("the number below the lowest bar stays clear of the names under the axis", () => {
  const drop = (to) => [{ name: "上年同期", sort: "total", from: 0, to: 11.2, words: "11.2" }, { name: "陶瓷", sort: "drag", from: 11.2, to, words: "−11.0" }];
  const range = (steps) => figures.waterfall({ unit: "pp", axis: { ...axis, low: 0, high: 12 }, steps }, look).layout.yaxis.range;
  const [low, high] = range(drop(0.2)), extent = look.height - (1.8 + 3) * look.rem;
  assert.ok(((0.2 - low) / (high - low)) * extent >= 1.6 * look.rem);
  same(range(drop(9)), [0, 12]);
});

test("small multiples share one scale and break into rows where the page is narrow", () => {
  same(parts && figures.grid(4, 900, 16), { columns: 4, rows: 1 });
  same(figures.grid(4, 500, 16), { columns: 2, rows: 2 });
  same(figures.grid(4, 100, 16), { columns: 1, rows: 4 });
  const cells = ["湘桥区", "潮安区"].map((name) => ({ name, values: [1, 2, 3, 4], texts: ["", "", "", ""], words: "4", href: null }));
  const { layout } = figures.multiples({ ...series(), cells }, look);
  same(layout.yaxis.range, layout.yaxis2.range);
});

test("a click leads where the row leads, a cell by its own line", () => {
  const spec = { rows: [{ href: "/county/445102" }, { href: null }] };
  assert.equal(charts.target(spec, { pointNumber: 0 }), "/county/445102");
  assert.equal(charts.target(spec, { pointNumber: 1 }), null);
  assert.equal(charts.target({ cells: [{ href: "/a" }, { href: "/b" }] }, { pointNumber: 7, data: { meta: 1 } }), "/b");
  assert.equal(charts.target({ values: [] }, { pointNumber: 0 }), null);
});

test("charts stand still on walls and large touch screens only", () => {
  assert.ok(charts.isStill("wall", false, 1920) && charts.isStill("theme", true, 3840));
  assert.ok(!charts.isStill("theme", false, 1920) && !charts.isStill("m", true, 390));
});

test("long names are cut with a mark, labels of bars break in the middle", () => {
  assert.equal(parts.cut("潮州市湘桥区", 10), "潮州市湘桥区");
  assert.equal(parts.cut("潮州市湘桥区", 4), "潮州市…");
  assert.equal(parts.wrapped("服装婚纱", 2.5), "服装<br>婚纱");
  assert.equal(parts.wrapped("陶瓷", 2.5), "陶瓷");
});
