/* Freezing the page in view: one press, and a word with the way to what was kept. */
(function (cockpit) {
  "use strict";
  const KEPT = 30000, REMARK = "按当时入库所知还原；事件、预警、预测等未保存过去状态的部分不显示";

  /** What is said after an answer: words, and where the frozen page stands. */
  function said(status, body) {
    if (status === 201) return { words: body.missing.length ? `已存为快照（${body.missing.length} 块未冻结）` : "已存为快照", href: body.address };
    if (status === 0) return { words: "没有连上服务器，快照没有保存" };
    return { words: (body && body.detail) || "快照没有保存，请稍后再试" };
  }

  /** The moment a page address shows, in words; "" for the present. */
  function moment(search) {
    const found = new URLSearchParams(search).get("as_of") || "";
    return found.replace("T", " ").slice(0, 16);
  }

  cockpit.snapshot = { said, moment };
  if (typeof document === "undefined") return;

  function tell({ words, href }) {
    document.querySelectorAll(".frozensaid").forEach((one) => one.remove());
    const place = Object.assign(document.createElement("div"), { className: "frozensaid" });
    place.setAttribute("role", "status");
    place.append(words);
    if (href) place.append(" ", Object.assign(document.createElement("a"), { href, target: "_blank", rel: "noopener", textContent: "打开" }));
    document.body.append(place);
    setTimeout(() => place.remove(), KEPT);
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-freeze]");
    if (!button || button.disabled) return;
    button.disabled = true;
    const body = JSON.stringify({ path: location.pathname + location.search, scheme: document.documentElement.dataset.scheme });
    try {
      const answer = await fetch("/snapshot", { method: "POST", body, headers: { "Content-Type": "application/json" } });
      tell(said(answer.status, await answer.json().catch(() => null)));
    } catch (unreachable) { tell(said(0)); }
    button.disabled = false;
  });

  /* A page of an earlier moment says so on top, for as long as its address names the moment. */
  const page = document.documentElement;

  function bar() {
    const when = moment(location.search), place = document.getElementById("asof");
    if (!place || (page.dataset.asof || "") === when) return;
    if (when) page.dataset.asof = when; else delete page.dataset.asof;
    place.querySelector("b").textContent = when ? `历史快照 截至 ${when}，不是现在` : "";
    dispatchEvent(new Event("resize"));
  }

  const place = Object.assign(document.createElement("div"), { id: "asof" });
  place.setAttribute("role", "status");
  place.append(document.createElement("b"), Object.assign(document.createElement("span"), { textContent: REMARK }),
    Object.assign(document.createElement("button"), { type: "button", className: "act", textContent: "回到现在" }));
  place.querySelector("button").addEventListener("click", () => {
    const now = new URL(location.href);
    now.searchParams.delete("as_of");
    location.assign(now);
  });
  document.body.prepend(place);
  new MutationObserver(bar).observe(page, { attributes: true, attributeFilter: ["data-page"] });
  addEventListener("popstate", bar);
  document.addEventListener("click", () => setTimeout(bar, 50));
  bar();
})(globalThis.cockpit = globalThis.cockpit || {});
