/* The door as the pages see it: every request of ours carries the word against forgery and says whether a person is
   acting; a session that has ended leads to the sign-in page, on the wall to its notice. Typed text is never lost. */
(function (cockpit) {
  "use strict";
  const SAFE = new Set(["GET", "HEAD", "OPTIONS"]), PRESENT = 60_000, WROTE = 2500, WALL = "/wall";

  /** The value of a cookie in `text` (document.cookie), or "". */
  function cookie(text, name) {
    const found = text.split("; ").find((one) => one.startsWith(`${name}=`));
    return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
  }

  /** Headers to add to a request of ours. `wrote`: this page changed something a moment ago and wants to see it. */
  function marks(method, word, isPresent, wrote) {
    const made = {};
    if (!SAFE.has(method.toUpperCase()) && word) made["X-CSRFToken"] = word;
    if (isPresent) made["X-Cockpit-Act"] = "1";
    if (wrote) made["X-Cockpit-Wrote"] = "1";
    return made;
  }

  /** Where somebody goes whose session is over: the wall shows its notice, a page with typed text stays. */
  function onward(path, search, isTyped) {
    if (path === WALL || path.startsWith(`${WALL}/`)) return "again";
    if (isTyped) return "tell";
    return `/sign-in?next=${encodeURIComponent(path + search)}`;
  }

  cockpit.door = { cookie, marks, onward };
  if (typeof document === "undefined") return;

  let acted = 0, written = 0, leaving = false;
  ["keydown", "pointerdown"].forEach((kind) => addEventListener(kind, () => { acted = Date.now(); }, { capture: true, passive: true }));

  const plain = window.fetch.bind(window), wroteLately = () => Date.now() - written < WROTE;

  const address = (input) => new URL(input && typeof input === "object" && input.url ? input.url : String(input), location.href);
  const isOwn = (input) => address(input).origin === location.origin;

  window.fetch = async function (input, init) {
    if (!isOwn(input)) return plain(input, init);
    const given = Object.assign({}, init), asked = input || {}, method = given.method || asked.method || "GET";
    given.headers = new Headers(given.headers || asked.headers || {});
    const added = marks(method, cookie(document.cookie, "_csrf_token"), Date.now() - acted < PRESENT, wroteLately());
    Object.entries(added).forEach(([name, value]) => given.headers.set(name, value));
    const answer = await plain(input, given);
    if (answer.ok && !SAFE.has(method.toUpperCase()) && !address(input).pathname.startsWith("/_dash")) written = Date.now();
    if (answer.status === 401) ended();
    return answer;
  };

  /** One 401 may be a hiccup: ask again before anybody is sent away. */
  async function ended() {
    if (leaving) return;
    leaving = true;
    const again = await plain("/live/version", { cache: "no-store" }).catch(() => ({ status: 0 }));
    if (again.status !== 401) { leaving = false; return; }
    const way = onward(location.pathname, location.search, document.querySelector("form[data-dirty]") !== null);
    if (way === "again") location.reload();
    else if (way === "tell") tell();
    else location.assign(way);
  }

  function tell() {
    const bar = document.getElementById("banner");
    if (!bar) return;
    bar.classList.add("on", "over");
    bar.querySelector("b").textContent = "登录已结束";
    bar.querySelector("span").textContent = "已填内容仍在，请在新窗口登录后再提交";
    leaving = false;
  }

  Object.assign(cockpit.door, { ended, wroteLately });

  document.addEventListener("click", async (event) => {
    if (!event.target.closest("[data-sign-out]")) return;
    await window.fetch("/sign-out", { method: "POST", redirect: "manual" });
    location.assign("/sign-in?out=1");
  });

  /** Ways the viewer may not go are not shown: the panel `who` says which there are. */
  function narrow() {
    const who = document.querySelector("[data-may]");
    if (!who) return;
    const may = new Set(who.dataset.may.split(" "));
    document.querySelectorAll("nav.go a").forEach((link) => { link.hidden = !may.has(link.getAttribute("href")); });
  }
  new MutationObserver(narrow).observe(document.documentElement, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-may"] });
})(globalThis.cockpit = globalThis.cockpit || {});
