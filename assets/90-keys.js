/* Keys: one table of rows per page from which the help sheet is drawn and by which keys act.

   Any script may add rows, whenever it is loaded:
     (cockpit.keyRows = cockpit.keyRows || []).push({ page: "wall", keys: ["f"], says: "远看档", act: () => … });
   `page` is "*", or the first part of the path ("wall", "map", "county" …; the overview is "wall" as well when it looks like one).
   A row without `act` describes a key that another script listens for. Letters mean both cases. */
(function (cockpit) {
  "use strict";
  const rows = cockpit.keyRows = cockpit.keyRows || [];
  const SHOWN = { escape: "Esc", arrowleft: "←", arrowright: "→", " ": "空格", enter: "回车" };

  /** Rows that hold on a page: its own first, then those of every page. */
  function of(page) { return [...rows.filter((row) => row.page === page), ...rows.filter((row) => row.page === "*")]; }

  /** The row a pressed key belongs to; null if nothing on this page answers to it. */
  function match(page, key) {
    return of(page).find((row) => row.act && row.keys.includes(key.toLowerCase())) || null;
  }

  /** How the keys of a row are written. */
  function written(row) { return row.keys.map((key) => SHOWN[key] || key.toUpperCase()).join(" / "); }

  cockpit.keys = { of, match, written };
  const add = (page, keys, says, act) => rows.push({ page, keys, says, act });
  add("*", ["?"], "按键说明", help);
  add("*", ["/"], "查找指标、地点、事件、主题", () => cockpit.search.open());
  add("*", ["escape"], "返回上一级");
  add("*", ["p"], "打印本页", () => window.print());
  add("map", ["r"], "结束回放，回到实时");
  add("map", ["enter"], "结束量距或圈选");
  add("map", ["escape"], "取消工具；无工具时返回上一级");

  if (typeof document === "undefined") return;

  const page = () => document.documentElement.dataset.page;
  const isTyping = (target) => Boolean(target && target.closest && target.closest("input,textarea,select,[contenteditable]"));
  let sheet = null, before = null;

  function line(row) {
    const made = document.createElement("tr"), keys = document.createElement("th"), says = document.createElement("td");
    keys.scope = "row";
    written(row).split(" / ").forEach((text) => keys.append(Object.assign(document.createElement("kbd"), { textContent: text }), " "));
    says.textContent = row.says;
    made.append(keys, says);
    return made;
  }

  function draw() {
    const table = document.createElement("table");
    table.append(...of(page()).map(line));
    sheet.replaceChildren(
      Object.assign(document.createElement("h2"), { textContent: "本页按键", id: "keys-title" }), table,
      Object.assign(document.createElement("p"), { className: "mut", textContent: "在输入框内打字时按键不起作用" }),
    );
  }

  function make() {
    sheet = document.createElement("dialog");
    sheet.id = "keys";
    sheet.setAttribute("aria-labelledby", "keys-title");
    sheet.addEventListener("click", (event) => { if (event.target === sheet) sheet.close(); });
    sheet.addEventListener("keydown", (event) => {
      if (!sheet.open) return; // closed, it has the focus until the next picture
      event.stopPropagation();
      if (event.key === "?") sheet.close();
    });
    sheet.addEventListener("close", () => { if (before) before.focus(); });
    document.body.append(sheet);
  }

  function help() {
    if (!sheet) make();
    before = document.activeElement;
    draw();
    sheet.showModal();
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    const row = match(page(), event.key);
    if (!row) return;
    event.preventDefault();
    row.act(event);
  });
})(globalThis.cockpit = globalThis.cockpit || {});
