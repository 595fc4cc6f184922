/* Dash's programs are a megabyte that the first picture does not need: they are brought when the page has been seen, or as
   soon as somebody wants what only Dash can do: another page, the map (docs/decisions/064). */
(function (cockpit) {
  "use strict";
  const LONGEST = 1500, IDLE = 1000, LOOK = 50;

  /** When to bring Dash: "now", "wait" while panels are on their way or somebody is typing, or "idle". */
  function turn({ isNeeded, isWaiting, isTyping, since }) {
    if (isNeeded) return "now";
    return isTyping || (isWaiting && since < LONGEST) ? "wait" : "idle";
  }

  cockpit.dash = { turn };
  if (typeof document === "undefined") return;
  const held = document.getElementById("dash"), begun = performance.now();
  let isBrought = false;

  function placed(from) {
    const made = document.createElement("script");
    [...from.attributes].forEach(({ name, value }) => made.setAttribute(name, value));
    made.textContent = from.textContent;
    made.async = false; // in their order
    document.body.append(made);
    return made;
  }

  /** Bring Dash, once. What stands in the document itself waits for the files before it. */
  function start() {
    if (isBrought || !held) return;
    isBrought = true;
    const all = [...held.content.querySelectorAll("script")];
    const last = all.filter((one) => one.src).map(placed).pop();
    last.addEventListener("load", () => all.filter((one) => !one.src).forEach(placed));
  }

  const isTyping = () => /INPUT|TEXTAREA|SELECT/.test((document.activeElement || {}).tagName);
  const isNeeded = () => !document.querySelector("#early > *") || document.querySelector("#early [data-scripts]") !== null;

  function look() {
    const step = turn({ isNeeded: isNeeded(), isWaiting: cockpit.panels.isWaiting(), isTyping: isTyping(), since: performance.now() - begun });
    if (step === "now") start();
    else if (step === "idle") whenIdle(start);
    else setTimeout(look, LOOK);
  }

  function whenIdle(work) {
    if (window.requestIdleCallback) requestIdleCallback(work, { timeout: IDLE });
    else setTimeout(work, IDLE / 5);
  }

  cockpit.dash.start = start;
  queueMicrotask(() => requestAnimationFrame(() => setTimeout(look, 0))); // the first picture stands
})(globalThis.cockpit = globalThis.cockpit || {});
