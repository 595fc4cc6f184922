/* The roster of an office is sent as a file; what became of every row is said beside it. */
(function (cockpit) {
  "use strict";

  /** What an answer says: counts, then every row that was not taken. */
  function said(status, body) {
    if (status === 0) return { tone: "bad", words: "没有连上服务器，请稍后再试", lines: [] };
    if (status >= 300) return { tone: "bad", words: (body && (body.detail || body.title)) || "没有导入成功", lines: [] };
    const words = `共 ${body.rows} 行：采纳 ${body.taken}，未变 ${body.unchanged}，未采纳 ${body.held.length}`;
    return { tone: body.held.length ? "bad" : "good", words, lines: body.held.map((one) => `第 ${one.line} 行：${one.reason}`) };
  }

  cockpit.roster = { said };
  if (typeof document === "undefined") return;

  function tell(form, { tone, words, lines }) {
    const place = form.querySelector(".said"), list = document.createElement("ol");
    lines.slice(0, 30).forEach((line) => list.append(Object.assign(document.createElement("li"), { textContent: line })));
    place.dataset.tone = tone;
    place.replaceChildren(words, ...(lines.length ? [list] : []));
  }

  async function send(form) {
    const body = new FormData(), query = new URLSearchParams({ unit: form.dataset.unit, world: form.dataset.world });
    if (form.elements.month.value) query.set("month", form.elements.month.value);
    body.append("file", form.elements.file.files[0]);
    try {
      const answer = await fetch(`${form.dataset.roster}?${query}`, { method: "POST", body });
      return said(answer.status, await answer.json().catch(() => null));
    } catch (unreachable) { return said(0, null); }
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-roster]");
    if (!form) return;
    event.preventDefault();
    if (form.dataset.busy || !form.elements.file.files.length) return;
    form.dataset.busy = "true";
    const outcome = await send(form);
    delete form.dataset.busy;
    tell(form, outcome);
  });
})(globalThis.cockpit = globalThis.cockpit || {});
