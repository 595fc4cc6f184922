/* Forms that hand something in: one JSON request, the answer said beside the button, typed text never lost. */
(function (cockpit) {
  "use strict";

  const NUMBERS = new Set(["value", "numerator", "denominator"]);

  /** The JSON of a form: trimmed texts, numbers where the field is one, and the decision of the button. */
  function message(fields, decision) {
    const made = {};
    fields.forEach(({ name, value, isNumber }) => {
      const text = String(value).trim();
      if (text) made[name] = isNumber ? Number(text.replace(/,/g, "")) : text;
    });
    if (decision) made.decision = decision;
    return made;
  }

  /** What an answer says to the person: done, or why not. */
  function said(status, body) {
    if (status >= 200 && status < 300) return { tone: "good", words: "已提交" };
    if (status === 0) return { tone: "bad", words: "没有连上服务器，内容仍在，请稍后再试" };
    return { tone: "bad", words: (body && (body.detail || body.title)) || "没有提交成功，请稍后再试" };
  }

  cockpit.actions = { message, said };
  if (typeof document === "undefined") return;

  function fields(form) {
    return [...form.elements].filter((field) => field.name)
      .map((field) => ({ name: field.name, value: field.value, isNumber: NUMBERS.has(field.name) }));
  }

  function tell(form, { tone, words }) {
    const place = form.querySelector(".said");
    place.dataset.tone = tone;
    place.textContent = words;
  }

  async function send(form, { post: address, decision }) {
    const body = JSON.stringify(message(fields(form), decision));
    try {
      const answer = await fetch(address, { method: "POST", body, headers: { "Content-Type": "application/json" } });
      return said(answer.status, await answer.json().catch(() => null));
    } catch (unreachable) { return said(0, null); }
  }

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form.fm");
    if (!form) return;
    event.preventDefault();
    const button = event.submitter;
    if (!form.reportValidity() || !button || form.dataset.busy) return;
    form.dataset.busy = "true";
    const outcome = await send(form, button.dataset);
    delete form.dataset.busy;
    tell(form, outcome);
    if (outcome.tone === "good") { delete form.dataset.dirty; form.reset(); cockpit.live.announce(["*"]); }
  });

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form.fm");
    if (form) form.dataset.dirty = "true";
  });
})(globalThis.cockpit = globalThis.cockpit || {});
