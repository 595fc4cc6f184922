/* The keys of the desk: up and down, open, search, and the acts, which press the buttons of the chosen event. */
(function (cockpit) {
  "use strict";
  if (typeof document === "undefined") return;
  const rows = cockpit.keyRows = cockpit.keyRows || [];
  const ACTS = { d: "派遣", b: "退回", e: "延期", s: "督办", v: "核查", c: "结案", t: "电话", m: "地图" };
  const links = () => [...document.querySelectorAll(".ql a[data-open]")];
  const rowOf = (link) => link && link.closest("li");

  function say(words) {
    const place = document.getElementById("desk-said");
    if (place) place.textContent = words;
  }

  /** Where the keys stand: the row with the focus, else the chosen one. */
  function here(all) {
    const focused = all.findIndex((link) => rowOf(link).contains(document.activeElement));
    return focused >= 0 ? focused : all.findIndex((link) => rowOf(link).classList.contains("sel"));
  }

  function go(by) {
    const all = links(), at = cockpit.desk.step(here(all), by, all.length);
    if (at < 0) return;
    all[at].focus({ preventScroll: true });
    rowOf(all[at]).scrollIntoView({ block: "nearest" });
  }

  function press(letter) {
    const button = document.querySelector(`[data-act="${letter.toUpperCase()}"]`);
    if (!cockpit.desk.chosen()) say("请先选择一件事件");
    else if (!button) say(`本件现在不能“${ACTS[letter]}”`);
    else if (button.disabled || button.getAttribute("aria-disabled") === "true") say(`${ACTS[letter]}：${button.title || button.textContent}`);
    else { say(""); button.click(); }
  }

  function tickRow() {
    const all = links(), at = here(all), box = at >= 0 && rowOf(all[at]).querySelector(".pick");
    if (box) box.click();
  }

  function search() {
    const field = document.querySelector("#panel-desk-queue input[type=search]");
    if (field) { field.focus(); field.select(); }
  }

  const add = (keys, says, act) => rows.push({ page: "desk", keys, says, act });
  add(["j"], "下一件", () => go(1));
  add(["k"], "上一件", () => go(-1));
  add(["enter"], "打开这一件");
  Object.entries(ACTS).forEach(([letter, words]) => add([letter], `${words}（对打开的事件）`, () => press(letter)));
  add(["x"], "选中这一件，用于批量办理", tickRow);
  add(["n"], "上报一件新事件", () => { const way = document.querySelector(".tabs .new"); if (way) way.click(); else say("您没有上报的权限"); });
  add(["/"], "按编号、地点、标题查找事件", search);
  add(["escape"], "取消多选，关闭事件，返回上一级");

  /** Escape goes one level up: what is ticked, then what is open, then the overview. */
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !cockpit.desk.isDesk() || document.querySelector("dialog[open]")) return;
    const field = event.target.closest && event.target.closest("input,textarea,select");
    if (field) { if (field.closest(".queue,.ho")) field.blur(); return; }
    if (cockpit.desk.unpick && cockpit.desk.unpick()) event.stopImmediatePropagation();
  }, { capture: true });

  function way() {
    const up = document.querySelector("footer.keys a[data-up]");
    if (!up) return;
    const there = new URL(location.href);
    there.searchParams.delete("event");
    up.setAttribute("href", cockpit.desk.chosen() ? there.pathname + there.search : "/");
  }
  document.addEventListener("desk-drawn", way);

  cockpit.desk.say = say;
})(globalThis.cockpit = globalThis.cockpit || {});
