// What walls and desks read out: numbers as they are said, each matter once, a few in ten minutes, mute and quiet hours.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import vm from "node:vm";

const load = (name) => vm.runInThisContext(readFileSync(fileURLToPath(new URL(`../../assets/${name}`, import.meta.url)), "utf8"));
["94-speech-1-words.js", "94-speech-2-plan.js"].forEach(load);
const { reading, speechPlan } = globalThis.cockpit;
const plain = (value) => JSON.parse(JSON.stringify(value));
const MINUTE = 60000, START = 1_700_000_000_000;
const red = (key, level = 1) => ({ key, level, say: `红色警情，${key}` });
const at = (now, more = {}) => ({ now, hour: 10, isOn: true, quiet: [22, 6], isFirst: false, ...more });
const blank = () => ({ ...speechPlan.remembered(null), at: START });

test("whole numbers are said as people say them", () => {
  const said = { 0: "零", 7: "七", 10: "十", 12: "十二", 20: "二十", 101: "一百零一", 110: "一百一十", 1000: "一千", 1001: "一千零一",
    10000: "一万", 10010: "一万零一十", 10234: "一万零二百三十四", 100000: "十万", 20300: "二万零三百", 1000000: "一百万",
    1000001: "一百万零一", 120003400: "一亿二千万三千四百", 100000000: "一亿", 100000005: "一亿零五" };
  Object.entries(said).forEach(([digits, words]) => assert.equal(reading.whole(digits), words, digits));
});

test("texts are read out in administrative Chinese", () => {
  const said = [
    ["水位3.5 m", "水位三点五米"], ["超警戒0.62米", "超警戒零点六二米"], ["湿度95.1%", "湿度百分之九十五点一"], ["14:30", "十四时三十分"], ["8:00", "八时整"],
    ["2026年11月22日", "二零二六年十一月二十二日"], ["2026-11-22", "二零二六年十一月二十二日"], ["12345话务量43.97倍", "幺二三四五话务量四十三点九七倍"],
    ["流量9,820 m³/s", "流量九千八百二十立方米每秒"], ["PM2.5 38 μg/m³", "PM二点五 三十八微克每立方米"], ["-2℃", "负二摄氏度"], ["2件", "两件"], ["2月", "二月"], ["12件", "十二件"],
    ["3-5米", "三至五米"], ["Ⅰ级响应", "一级响应"], ["红色：内涝 CZ-20261118-0001", "红色：内涝"], ["雨量63.0 mm", "雨量六十三点零毫米"], ["没有数字", "没有数字"],
  ];
  said.forEach(([text, words]) => assert.equal(reading.spoken(text), words, text));
});

test("no digit is left for the voice to guess at", () => {
  for (let n = 0; n < 3000; n += 1) {
    const text = `${Math.floor(Math.random() * 10 ** (1 + n % 12))}${n % 3 ? "" : `.${n % 100}`}${["件", " mm", "%", "", "年", "℃"][n % 6]}`;
    assert.doesNotMatch(reading.spoken(text), /[\d]/, text);
  }
});

test("a new screen takes all as known; what comes after is said once, and once only across reloads", () => {
  const first = speechPlan.plan(speechPlan.remembered(null), [red("a")], at(START, { isFirst: true }));
  assert.equal(first.words, "");
  const second = speechPlan.plan(first.state, [red("a"), red("b")], at(START + MINUTE));
  assert.match(second.words, /红色警情，b/);
  assert.doesNotMatch(second.words, /，a/);
  const reloaded = speechPlan.remembered(JSON.parse(JSON.stringify(second.state)));
  const third = speechPlan.plan(reloaded, [red("a"), red("b")], at(START + 2 * MINUTE, { isFirst: true }));
  assert.equal(third.words, "");
  assert.equal(third.rings, false);
  const graver = speechPlan.plan(speechPlan.plan(blank(), [red("c", 2)], at(START)).state, [red("c", 1)], at(START + MINUTE));
  assert.match(graver.words, /c/);
});

test("what came while the page was reloaded is said, what came while the screen was away is not", () => {
  const before = speechPlan.plan(blank(), [red("a")], at(START)).state;
  assert.match(speechPlan.plan(before, [red("a"), red("b")], at(START + MINUTE, { isFirst: true })).words, /b/);
  assert.equal(speechPlan.plan(before, [red("a"), red("b")], at(START + 40 * MINUTE, { isFirst: true })).words, "");
});

test("several at once are merged, and no more than six in ten minutes", () => {
  const many = speechPlan.plan(blank(), ["a", "b", "c", "d"].map((key) => red(key)), at(START + 1));
  assert.match(many.words, /另有2条/);
  let state = blank(), spoken = 0;
  for (let n = 0; n < 20; n += 1) {
    const made = speechPlan.plan(state, Array.from({ length: n + 1 }, (_, i) => red(`k${i}`)), at(START + n * 20000));
    spoken += made.words ? 1 : 0;
    state = made.state;
  }
  assert.equal(spoken, speechPlan.MOST);
  const later = speechPlan.plan(state, [red("z")], at(START + speechPlan.SPAN + 20 * 20000));
  assert.match(later.words, /z。另有14条/);
});

test("muted or switched off nothing is said, and it is not told later either", () => {
  const muted = speechPlan.plan({ ...blank(), mutedUntil: START + 10 * MINUTE }, [red("a")], at(START + MINUTE));
  assert.equal(muted.words, "");
  assert.equal(speechPlan.plan(muted.state, [red("a")], at(START + 11 * MINUTE)).words, "");
  const off = speechPlan.plan(blank(), [red("a")], at(START + MINUTE, { isOn: false }));
  assert.equal(off.words, "");
  assert.doesNotMatch(speechPlan.plan(off.state, [red("a"), red("b")], at(START + 2 * MINUTE)).words, /另有/);
});

test("at night only red is read out; yellow never is", () => {
  assert.equal(speechPlan.plan(blank(), [red("a", 2)], at(START + 1, { hour: 23 })).words, "");
  assert.match(speechPlan.plan(blank(), [red("a", 1)], at(START + 1, { hour: 3 })).words, /a/);
  assert.equal(speechPlan.plan(blank(), [red("a", 3)], at(START + 1)).words, "");
  assert.ok(speechPlan.isQuiet([22, 6], 22) && speechPlan.isQuiet([22, 6], 5) && !speechPlan.isQuiet([22, 6], 6) && !speechPlan.isQuiet(null, 3));
});

test("whatever was stored, the screen starts", () => {
  [null, "x", 3, { said: 7, times: ["a"], mutedUntil: "soon" }, []].forEach((stored) => {
    const made = speechPlan.plan(speechPlan.remembered(stored), [red("a")], at(START, { isFirst: true }));
    assert.equal(made.words, "");
    assert.ok(plain(made.state).said.a);
  });
});

/** A screen with a recorder in place of voice and tone; `stored` is what its browser kept. */
function screen(stored = {}, sound = "1") {
  const heard = [], elements = {}, kept = { ...stored }, clicks = [];
  let tones = 0;
  const element = () => ({
    dataset: {}, parts: {}, textContent: "", hidden: false, append(...made) { this.parts = { ".w": made[0], button: made[1] }; }, setAttribute() {},
    querySelector(name) { return this.parts[name]; }, closest() { return null; },
  });
  const sink = { connect: () => sink, gain: { setValueAtTime() {}, exponentialRampToValueAtTime() {} } };
  const scope = vm.createContext({
    JSON, Number, Object, Date, Array, String, setInterval() {},
    localStorage: { getItem: (name) => kept[name] ?? null, setItem(name, value) { kept[name] = value; } },
    document: {
      documentElement: { dataset: { page: "wall" } }, addEventListener: (_, act) => clicks.push(act), createElement: element,
      getElementById: (id) => elements[id] || null, body: { appendChild(made) { elements[made.id] = made; return made; } },
    },
    AudioContext: function AudioContext() {
      return { currentTime: 0, state: "running", destination: {}, close() {},
        createOscillator: () => ({ frequency: {}, connect: () => sink, start() { tones += 1; }, stop() {} }), createGain: () => sink };
    },
    SpeechSynthesisUtterance: function SpeechSynthesisUtterance(text) { this.text = text; },
    speechSynthesis: { getVoices: () => [{ lang: "en-US", localService: true }, { lang: "zh-CN", localService: true }], speak: (told) => heard.push(told), cancel() {} },
    cockpit: { screen: { known: { sound } }, clock: { at: START, now() { return this.at; }, civil: () => ({ time: "10:00", seconds: "00" }) } },
  });
  ["94-speech-1-words.js", "94-speech-2-plan.js", "94-speech-3-voice.js"].forEach((name) =>
    vm.runInContext(readFileSync(fileURLToPath(new URL(`../../assets/${name}`, import.meta.url)), "utf8"), scope));
  return { speech: scope.cockpit.speech, clock: scope.cockpit.clock, heard, elements, kept, tones: () => tones };
}

test("a wall rings, speaks Chinese, shows what it said, and stays silent about it after a reload", () => {
  const one = screen();
  one.speech.hear([red("旧")]);
  assert.equal(one.heard.length, 0);
  one.speech.hear([red("旧"), red("水位3.5 m")]);
  assert.equal(one.heard.length, 1);
  assert.equal(one.heard[0].lang, "zh-CN");
  assert.match(one.heard[0].text, /水位三点五米/);
  assert.equal(one.tones(), 2);
  assert.match(one.elements.speech.parts[".w"].textContent, /10:00 播报：.*水位3.5 m/);
  const again = screen(one.kept);
  again.speech.hear([red("旧"), red("水位3.5 m")]);
  assert.equal(again.heard.length, 0);
});

test("one at a time: what comes meanwhile waits for the end", () => {
  const one = screen();
  one.speech.hear([]);
  one.speech.hear([red("甲")]);
  one.speech.hear([red("甲"), red("乙")]);
  assert.equal(one.heard.length, 1);
  one.heard[0].onend();
  assert.equal(one.heard.length, 2);
  assert.match(one.heard[1].text, /乙/);
});

test("muted it shows until when; off it is silent; tone alone does not talk", () => {
  const muted = screen();
  muted.speech.hear([]);
  muted.speech.mute();
  assert.match(muted.elements.speech.parts.button.textContent, /静音至 10:00/);
  assert.equal(muted.speech.hear([red("甲")]), "");
  const off = screen({}, "0");
  off.speech.hear([]);
  assert.equal(off.speech.hear([red("甲")]), "");
  const tone = screen({}, "tone");
  tone.speech.hear([]);
  tone.speech.hear([red("甲")]);
  assert.deepEqual([tone.heard.length, tone.tones()], [0, 2]);
});
