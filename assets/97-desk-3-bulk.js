/* Several events at once: ticked rows, one act with one reason, an answer for each. Pressing again repeats nothing. */
(function (cockpit) {
  "use strict";
  const AT_ONCE = 4;

  /** The key of one act on one event as it was seen: the same press twice is one act. */
  function keyOf(number, version, action) { return `bulk-${number}-${version}-${action}`; }

  /** What an answer says about one event. */
  function outcome(status, body) {
    if (status >= 200 && status < 300) return { isDone: true, words: `已办理，${body.state_name || "完成"}` };
    if (status === 0) return { isDone: false, words: "没有连上服务器，可再按一次，不会重复办理" };
    return { isDone: false, words: (body && (body.detail || body.title)) || "没有办成，请稍后再试" };
  }

  cockpit.bulk = { keyOf, outcome };
  if (typeof document === "undefined") return;

  const picked = new Set();
  const all = (selector) => [...document.querySelectorAll(selector)];
  const form = () => document.querySelector("#panel-desk-bulk form");

  /** Boxes and bar as `picked` says; what has left the list is no longer picked. */
  function show() {
    const rows = new Map(all(".ql li[data-version]").map((row) => [row.dataset.row, row]));
    [...picked].forEach((number) => { if (!rows.has(number)) picked.delete(number); });
    rows.forEach((row, number) => {
      const box = row.querySelector(".pick");
      if (box && box.checked !== picked.has(number)) box.checked = picked.has(number);
      row.classList.toggle("picked", picked.has(number));
    });
    const bar = form();
    if (!bar) return;
    const isOut = !bar.querySelector(".out").hasChildNodes();
    bar.hidden = picked.size === 0 && isOut;
    bar.querySelector(".many").textContent = `已选 ${picked.size} 件`;
    document.documentElement.toggleAttribute("data-picking", picked.size > 0);
    phrases(bar);
  }

  function phrases(bar) {
    const option = bar.elements.action.selectedOptions[0], list = bar.querySelector("datalist");
    if (!option || list.dataset.of === option.value) return;
    list.dataset.of = option.value;
    list.replaceChildren(...(option.dataset.phrases || "").split("|").filter(Boolean)
      .map((words) => Object.assign(document.createElement("option"), { value: words })));
    bar.elements.note.required = option.hasAttribute("data-must-say");
    bar.elements.note.placeholder = bar.elements.note.required ? "说明（必填，对每件相同）" : "说明（对每件相同）";
  }

  function unpick() {
    const bar = form(), had = picked.size > 0 || Boolean(bar && bar.querySelector(".out").hasChildNodes());
    picked.clear();
    if (bar) bar.querySelector(".out").replaceChildren();
    show();
    return had;
  }

  async function act(row, action, note, more) {
    const { row: number, version } = row.dataset;
    try {
      const answer = await fetch(`/api/v1/events/${encodeURIComponent(number)}/moves`, {
        method: "POST", body: JSON.stringify({ action, version: Number(version), note, ...more }),
        headers: { "Content-Type": "application/json", "Idempotency-Key": keyOf(number, version, action) },
      });
      return outcome(answer.status, await answer.json().catch(() => ({})));
    } catch (unreachable) { return outcome(0, null); }
  }

  function tell(bar, row, said) {
    const line = document.createElement("li"), title = row.querySelector("a[data-open]").textContent;
    line.dataset.tone = said.isDone ? "good" : "bad";
    line.append(Object.assign(document.createElement("b"), { textContent: title }), ` ${said.words}`);
    bar.querySelector(".out").append(line);
  }

  async function send(bar) {
    const rows = all(".ql li[data-version]").filter((row) => picked.has(row.dataset.row));
    const action = bar.elements.action.value, note = bar.elements.note.value.trim(), waiting = [...rows];
    const plans = action === "dispatch" ? await cockpit.bulk.planned(rows, bar.querySelector(".out")) : null;
    bar.querySelector(".out").replaceChildren();
    if (action === "dispatch" && !plans) { show(); return; }
    const work = async () => {
      for (let row = waiting.shift(); row; row = waiting.shift()) {
        if (plans && !plans.has(row.dataset.row)) continue;
        const said = await act(row, action, note, plans ? plans.get(row.dataset.row) : {});
        if (said.isDone) picked.delete(row.dataset.row);
        tell(bar, row, said);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    if (picked.size === 0) bar.elements.note.value = "";
    cockpit.live.announce(["panel:desk-queue"]);
    show();
  }

  document.addEventListener("submit", async (event) => {
    const bar = event.target.closest("form.bulk");
    if (!bar) return;
    event.preventDefault();
    if (!bar.reportValidity() || bar.dataset.busy || picked.size === 0) return;
    bar.dataset.busy = "true";
    try { await send(bar); } finally { delete bar.dataset.busy; }
  });
  document.addEventListener("change", (event) => {
    const box = event.target.closest(".pick");
    if (box) { if (box.checked) picked.add(box.dataset.pick); else picked.delete(box.dataset.pick); }
    if (box || event.target.closest("form.bulk")) show();
  });
  document.addEventListener("click", (event) => { if (event.target.closest("[data-unpick]")) unpick(); });
  document.addEventListener("desk-drawn", show);

  cockpit.desk.unpick = unpick;
})(globalThis.cockpit = globalThis.cockpit || {});
