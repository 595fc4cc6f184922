/* Several events dispatched at once: each to the department proposed for it, shown first, confirmed once, and with five
   seconds to take it back. Whoever leaves the page in that time has sent nothing. */
(function (cockpit) {
  "use strict";
  const SECONDS = 5, AT_ONCE = 4, BESIDE = new Set(["joint", "territorial"]);

  /** Who leads and who assists, from the crews proposed for one event; null if nobody is proposed. */
  function proposal(items) {
    const lead = (items || []).find((one) => one.part === "lead");
    if (!lead) return null;
    const joint = [...new Set(items.filter((one) => BESIDE.has(one.part)).map((one) => one.department))];
    return { department: lead.department, joint: joint.filter((one) => one !== lead.department), why: (lead.reasons || [])[0] || "" };
  }

  cockpit.bulk.proposal = proposal;
  if (typeof document === "undefined") return;

  const make = (tag, props, ...children) => { const made = Object.assign(document.createElement(tag), props); made.append(...children.filter(Boolean)); return made; };
  const titleOf = (row) => row.querySelector("a[data-open]").textContent;

  async function asked(row) {
    try {
      const answer = await fetch(`/api/v1/events/${encodeURIComponent(row.dataset.row)}/crews`);
      return answer.ok ? proposal((await answer.json()).items) : null;
    } catch (unreachable) { return null; }
  }

  async function all(rows) {
    const found = new Map(), waiting = [...rows];
    const work = async () => { for (let row = waiting.shift(); row; row = waiting.shift()) found.set(row.dataset.row, await asked(row)); };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return found;
  }

  /** The lines to be confirmed; resolves to true when confirmed and the seconds are over, to false when taken back. */
  function confirmed(place, count) {
    return new Promise((resolve) => {
      const yes = make("button", { type: "button", className: "act pri", textContent: `确认派遣 ${count} 件` });
      const no = make("button", { type: "button", className: "act", textContent: "取消" });
      const bar = make("li", { className: "sure" }, yes, no);
      const end = (isSent) => { clearInterval(ticking); bar.remove(); resolve(isSent); };
      let ticking = 0;
      place.append(bar);
      yes.focus({ preventScroll: true });
      no.addEventListener("click", () => end(false));
      yes.addEventListener("click", () => {
        const until = Date.now() + SECONDS * 1000;
        no.textContent = "撤销";
        yes.disabled = true;
        no.focus({ preventScroll: true });
        const tick = () => {
          if (!bar.isConnected) end(false);
          else if (Date.now() >= until) end(true);
          else yes.textContent = `${Math.ceil((until - Date.now()) / 1000)} 秒后派遣`;
        };
        tick();
        ticking = setInterval(tick, 200);
      });
    });
  }

  /** What goes along with the dispatch of each row; null if it was taken back. Rows nobody is proposed for stay ticked. */
  async function planned(rows, place) {
    place.replaceChildren(make("li", { textContent: "正在取建议单位…" }));
    const found = await all(rows), known = JSON.parse(place.closest("form").dataset.units || "{}");
    const name = (key) => known[key] || key, usable = new Map();
    place.replaceChildren(...rows.map((row) => {
      const plan = found.get(row.dataset.row);
      if (plan) usable.set(row.dataset.row, { department: plan.department, joint: plan.joint });
      const words = plan ? `${name(plan.department)} 主办${plan.joint.length ? `，${plan.joint.map(name).join("、")} 协办` : ""}` : "没有建议单位，请单独派遣";
      const line = make("li", { title: plan ? plan.why : "" }, make("b", { textContent: titleOf(row) }), ` ${words}`);
      line.dataset.tone = plan ? "" : "bad";
      return line;
    }));
    if (!usable.size || !(await confirmed(place, usable.size))) return null;
    return usable;
  }

  cockpit.bulk.planned = planned;
})(globalThis.cockpit = globalThis.cockpit || {});
