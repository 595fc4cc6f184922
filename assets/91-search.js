/* Find: an indicator, place, theme or event by name, pinyin or initials, from every page. The key is `/`. */
(function (cockpit) {
  "use strict";
  const PAUSE = 150, MOST = 12;
  const KINDS = { region: "区域", village: "村居", indicator: "指标", theme: "主题", event: "事件" };
  const ADDRESS = {
    region: (hit) => (hit.what.startsWith("全市") ? "/" : `/county/${encodeURIComponent(hit.code)}`),
    village: (hit) => `/map?region=${encodeURIComponent(hit.region)}`,
    indicator: (hit) => `/indicator/${encodeURIComponent(hit.code)}`,
    theme: (hit) => `/theme/${encodeURIComponent(hit.code)}`,
    event: (hit) => `/event/${encodeURIComponent(hit.code)}`,
  };

  /** Where a hit leads; on the phone to the phone's own view where it has one. */
  function address(hit, onPhone) {
    if (onPhone && hit.kind === "theme") return `/m?theme=${encodeURIComponent(hit.code)}`;
    if (onPhone && hit.kind === "event") return `/m?event=${encodeURIComponent(hit.code)}`;
    return ADDRESS[hit.kind](hit);
  }

  /** The index after a step up or down a list of `count`; it runs round. */
  function step(index, by, count) { return count ? (index + by + count) % count : -1; }

  cockpit.search = { address, step, open() {} };
  if (typeof document === "undefined") return;

  const make = (tag, props, ...children) => {
    const made = Object.assign(document.createElement(tag), props);
    made.append(...children);
    return made;
  };
  let box = null, field, list, hits = [], chosen = -1, waiting = 0, asking = null;

  function build() {
    field = make("input", { type: "search", maxLength: 40, autocomplete: "off", placeholder: "指标、区县、镇街、村、主题、事件" });
    [["role", "combobox"], ["aria-label", "查找"], ["aria-expanded", "false"], ["aria-controls", "found"], ["aria-autocomplete", "list"]]
      .forEach(([name, value]) => field.setAttribute(name, value));
    list = make("ul", { id: "found" });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "查找结果");
    box = make("dialog", { id: "search" }, field, list, make("p", { className: "mut", textContent: "可用名称、全拼或首字母；↑↓ 选择，回车打开，Esc 关闭" }));
    box.setAttribute("aria-label", "查找");
    field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, PAUSE); });
    box.addEventListener("keydown", keys);
    box.addEventListener("click", (event) => {
      if (event.target === box) box.close();
      const one = event.target.closest("[role=option]");
      if (one) take(Number(one.dataset.hit));
    });
    document.body.append(box);
  }

  function choose(index) {
    chosen = index;
    [...list.children].forEach((one, position) => one.setAttribute("aria-selected", String(position === index)));
    const there = list.children[index];
    if (there) { field.setAttribute("aria-activedescendant", there.id); there.scrollIntoView({ block: "nearest" }); }
    else field.removeAttribute("aria-activedescendant");
  }

  function show(found, words) {
    hits = found;
    list.replaceChildren(...found.map((hit, index) => {
      const one = make("li", { id: `found-${index}` }, make("b", { textContent: hit.name }), make("span", { className: "mut", textContent: hit.what || KINDS[hit.kind] }));
      one.setAttribute("role", "option");
      one.dataset.hit = String(index);
      return one;
    }));
    box.dataset.said = words || "";
    field.setAttribute("aria-expanded", String(found.length > 0));
    choose(found.length ? 0 : -1);
  }

  async function ask() {
    if (asking) asking.abort();
    asking = new AbortController();
    const q = field.value.trim(), world = new URL(location.href).searchParams.get("world");
    if (!q) { show([]); return; }
    try {
      const query = new URLSearchParams({ q, limit: String(MOST), ...(world ? { world } : {}) });
      const answer = await fetch(`/api/v1/search?${query}`, { signal: asking.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const { items } = await answer.json();
      show(items, items.length ? "" : `没有找到“${q}”`);
    } catch (problem) { if (problem.name !== "AbortError") show([], "查找没有应答，请重试"); }
  }

  function take(index) {
    const hit = hits[index];
    if (!hit) return;
    box.close();
    const link = make("a", { href: address(hit, document.documentElement.dataset.page === "m"), hidden: true });
    document.body.append(link);
    link.click();
    link.remove();
  }

  function keys(event) {
    if (!box.open) return; // closed, it has the focus until the next picture
    event.stopPropagation();
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) { event.preventDefault(); choose(step(chosen, move, hits.length)); }
    if (event.key === "Enter") { event.preventDefault(); take(chosen); }
  }

  cockpit.search.open = function () {
    if (!box) build();
    if (box.open) return;
    box.showModal();
    field.select();
  };

  document.addEventListener("click", (event) => { if (event.target.closest("[data-search]")) cockpit.search.open(); });
})(globalThis.cockpit = globalThis.cockpit || {});
