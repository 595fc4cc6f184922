// Every name in the browser's scripts is declared somewhere, or is one the browser has.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { undeclared } from "./scopes.mjs";

const LANGUAGE = Object.getOwnPropertyNames(globalThis).filter((name) => !["process", "global", "Buffer", "require"].includes(name));
const BROWSER = `window document location history navigator localStorage sessionStorage matchMedia getComputedStyle innerWidth innerHeight
  addEventListener removeEventListener dispatchEvent requestAnimationFrame cancelAnimationFrame requestIdleCallback alert confirm print open close
  scrollTo devicePixelRatio screen EventSource XMLHttpRequest FormData FileReader Image Option Event CustomEvent KeyboardEvent MouseEvent PointerEvent
  MutationObserver ResizeObserver IntersectionObserver PerformanceObserver Node Element HTMLElement NodeFilter DOMParser SVGElement
  HTMLInputElement HTMLTextAreaElement HTMLSelectElement HTMLFormElement HTMLButtonElement Notification speechSynthesis
  SpeechSynthesisUtterance AudioContext Audio caches indexedDB CSS self origin isSecureContext Path2D`.split(/\s+/);
const LIBRARIES = ["L", "DashRenderer"]; // Leaflet on the map page
const KNOWN = new Set([...LANGUAGE, ...BROWSER, ...LIBRARIES]);
const FOLDER = fileURLToPath(new URL("../../assets/", import.meta.url));

test("the search itself sees what is missing and nothing else", () => {
  const text = `(function (a) { const { b, c: [d], ...e } = a; let f = (g = b) => g + d; try { f(e); } catch (h) { k(h); }
    for (const i of a) { i.k = { k: i, l() { return m; } }; } var n = typeof o; label: while (n) break label; })(1);`;
  assert.deepEqual(undeclared(text, new Set()).map(({ name }) => name), ["k", "m", "o"]);
});

readdirSync(FOLDER).filter((name) => name.endsWith(".js")).forEach((name) => {
  test(`every name in ${name} is declared`, () => {
    const missing = undeclared(readFileSync(FOLDER + name, "utf8"), KNOWN);
    assert.deepEqual(missing.map((one) => `${name}:${one.line} ${one.name}`), []);
  });
});
