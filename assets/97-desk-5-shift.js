/* Handover of the shift: an item is ticked off, the next shift is told; the note is kept in this browser until then. */
(function (cockpit) {
  "use strict";
  if (typeof document === "undefined") return;
  const KEPT = "desk.handover";
  const note = () => document.querySelector("textarea[data-keep=handover]");

  async function post(address, body) {
    try {
      const answer = await fetch(address, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
      return cockpit.actions.said(answer.status, await answer.json().catch(() => null));
    } catch (unreachable) { return cockpit.actions.said(0, null); }
  }

  function tell({ tone, words }) {
    const place = document.querySelector("#hand-over .said") || document.getElementById("desk-said");
    if (place) { place.dataset.tone = tone; place.textContent = words; }
  }

  async function acknowledge(box) {
    box.disabled = true;
    const outcome = await post(box.dataset.acknowledge, undefined);
    if (outcome.tone !== "good") { box.checked = false; box.disabled = false; tell(outcome); }
    cockpit.live.announce(["panel:desk-handover"]);
  }

  async function handOver(button) {
    const sheet = button.closest("#hand-over"), field = note();
    const left_out = [...sheet.querySelectorAll("input[data-kind]:not(:checked)")]
      .map((box) => ({ kind: box.dataset.kind, ref: box.dataset.ref }));
    button.disabled = true;
    const { region, world } = sheet.dataset;
    const outcome = await post("/api/v1/handovers", { region, world, note: field.value.trim(), left_out });
    button.disabled = false;
    if (outcome.tone === "good") { field.value = ""; keep(""); outcome.words = "已交班，等待下一班逐项知悉"; }
    tell(outcome);
    cockpit.live.announce(["panel:desk-handover"]);
  }

  function keep(text) {
    try { if (text) localStorage.setItem(KEPT, text); else localStorage.removeItem(KEPT); } catch (refused) { /* private window */ }
    document.dispatchEvent(new CustomEvent("text-kept"));
  }

  function restore() {
    const field = note();
    if (!field || field.dataset.restored) return;
    field.dataset.restored = "true";
    try { if (!field.value) field.value = localStorage.getItem(KEPT) || ""; } catch (refused) { /* nothing kept */ }
  }

  document.addEventListener("change", (event) => {
    const box = event.target.closest("[data-acknowledge]");
    if (box && box.checked) acknowledge(box);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-hand-over]");
    if (button) handOver(button);
  });
  document.addEventListener("input", (event) => { if (event.target === note()) keep(event.target.value); });
  document.addEventListener("desk-drawn", restore);
})(globalThis.cockpit = globalThis.cockpit || {});
