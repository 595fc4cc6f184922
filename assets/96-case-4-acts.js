/* The action bar of an event: a button opens its form, a form hands its act to the outbox, the answer is said in place.
   The open form is this script's own (data-own): news about the event redraw the bar around it, never the typed text. */
(function (cockpit) {
  "use strict";
  const NUMBERS = new Set(["amount", "score", "plan_step", "impact", "urgency"]), LISTS = new Set(["joint", "attachments"]);

  /** A step as the interface wants it, from texts: numbers, true and false, city time. */
  function step(action, version, fields) {
    const made = { action, version };
    Object.entries(fields).forEach(([name, value]) => {
      if (value === "" || value === undefined || (Array.isArray(value) && !value.length)) return;
      if (NUMBERS.has(name)) made[name] = Number(value);
      else if (name === "satisfied") made[name] = value === "true";
      else if (name === "due") made[name] = `${value}:00+08:00`;
      else if (LISTS.has(name)) made[name] = [].concat(value);
      else made[name] = typeof value === "string" ? value.trim() : value;
    });
    return made;
  }

  /** Who leads and who assists, from the rows chosen. */
  function crew(fields) {
    const department = fields.other_lead || fields.lead || "";
    const joint = [].concat(fields.joint || [], fields.other_joint || []).filter((one) => one !== department);
    return { department, joint: [...new Set(joint)] };
  }

  /** What is said after an answer that refused: words, what others did, which field. */
  function refusal(status, body) {
    const told = body || {}, errors = told.errors || [];
    if (status === 409) return { words: "办理期间他人已有操作，您填的内容都在。请看过后再决定：", list: errors.map((one) => one.message), version: told.version };
    return { words: told.detail || "没有办成，请稍后再试", fields: errors.map(({ where, message }) => [where, message]) };
  }

  cockpit.acts = { step, crew, refusal };
  if (typeof document === "undefined") return;

  const { drafts, outbox } = cockpit;
  const bar = () => document.querySelector(".abar");
  const own = () => document.querySelector(".abar .aform");
  const note = () => document.querySelector(".abar .anote");
  const make = (tag, props, ...children) => { const made = Object.assign(document.createElement(tag), props); made.append(...children.filter(Boolean)); return made; };
  const nameOf = (form) => drafts.key(bar().dataset.person, own().dataset.event, form.dataset.action);

  function fold() {
    own().replaceChildren();
    document.querySelectorAll(".abar [aria-expanded]").forEach((one) => one.removeAttribute("aria-expanded"));
  }

  function open(action) {
    const source = [...bar().querySelectorAll(".asrc form")].find((one) => one.dataset.action === action);
    if (!source) return;
    const standing = own().querySelector("form"), isSame = standing && standing.dataset.action === action;
    fold();
    if (isSame) return;
    const form = source.cloneNode(true), place = own();
    Object.assign(place.dataset, { event: bar().dataset.event, version: bar().dataset.version });
    place.append(form);
    document.querySelectorAll(`.abar [data-do="${action}"]`).forEach((one) => one.setAttribute("aria-expanded", "true"));
    const draft = drafts.of(nameOf(form));
    if (draft) {
      drafts.fill(form, draft);
      (draft.files || []).forEach(([hash, name]) => cockpit.uploads.show(form, hash, name, bar().dataset.files));
      say(form, "good", "已恢复上次未送出的内容");
    }
    sayCrew();
    const first = form.querySelector("textarea") || form.querySelector("select,input:not([type=hidden]):not([type=file])") || form.querySelector("[type=submit]");
    first.focus({ preventScroll: true });
    form.scrollIntoView({ block: "nearest" });
  }

  function say(form, tone, words, list) {
    const place = form.querySelector(".said2");
    place.dataset.tone = tone;
    place.replaceChildren(words);
    if (list && list.length) place.append(make("ul", {}, ...list.map((one) => make("li", { textContent: one }))));
  }

  function remark(words, isBad, ...more) {
    const place = note();
    if (!place) return;
    place.replaceChildren(...(words ? [make("div", { className: isBad ? "apend bad" : "apend" }, make("b", { textContent: words }), make("span", { className: "sp" }), ...more)] : []));
  }

  // Whom to send

  const chosen = () => { const form = document.querySelector("form.crews"); return form ? crew(drafts.gathered([...new FormData(form)])) : { department: "", joint: [] }; };

  function unit(key) {
    const form = document.querySelector("form.crews"), picked = form && form.querySelector(`[data-unit][value="${key}"]`);
    if (picked) return picked.dataset.unit;
    const option = form && form.querySelector(`option[value="${key}"]`);
    return option ? option.textContent : key;
  }

  function crewWords() {
    const { department, joint } = chosen();
    return department ? `${unit(department)} 主办${joint.length ? `，${joint.map(unit).join("、")} 协办` : ""}` : "";
  }

  function sayCrew() {
    const place = document.querySelector(".aform [data-chosen]");
    if (place) place.textContent = crewWords() || "未选主办单位，请在上方选一个";
  }

  // Sending

  function stepOf(form) {
    const fields = drafts.gathered([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    const files = [...form.querySelectorAll("[data-uploads] li[data-hash]")].map((one) => one.dataset.hash);
    if (form.querySelector("[data-chosen]")) Object.assign(fields, chosen());
    return step(form.dataset.action, Number(own().dataset.version), Object.assign(fields, files.length ? { attachments: files } : {}));
  }

  function clean(form) { form.querySelectorAll("[data-wrong]").forEach((one) => { one.textContent = ""; }); }

  function submit(form) {
    if (form.dataset.busy || !form.reportValidity()) return;
    clean(form);
    if (form.querySelector("[data-chosen]") && !chosen().department) { wrong(form, "department", "请选择主办单位"); return; }
    if (form.querySelector("li[data-busy]")) { say(form, "bad", "照片还在上传，传完再送出"); return; }
    form.dataset.busy = "true";
    form.querySelector("[type=submit]").disabled = true;
    const { event } = own().dataset, { person, post } = bar().dataset;
    const seconds = Number(form.dataset.undo || 0), name = form.getAttribute("aria-label");
    outbox.put({
      key: crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`, person, event, action: form.dataset.action, name,
      url: form.dataset.post || post, body: form.dataset.post ? second(form) : stepOf(form), until: seconds ? Date.now() + seconds * 1000 : 0,
      words: form.querySelector("[data-chosen]") ? crewWords() : "",
    });
  }

  /** A form with an address of its own (splitting) sends its fields and the version as they are. */
  function second(form) {
    const fields = drafts.gathered([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    return Object.assign({ version: Number(own().dataset.version) }, fields);
  }

  function wrong(form, where, message) {
    const place = [...form.querySelectorAll("[data-wrong]")].find((one) => one.dataset.wrong === where)
      || (["department", "joint"].includes(where) && form.querySelector("[data-wrong=crew]"));
    if (place) place.textContent = message;
    return Boolean(place);
  }

  function free(form) { delete form.dataset.busy; form.querySelector("[type=submit]").disabled = false; }

  const openForm = (entry) => { const form = own() && own().dataset.event === entry.event && own().querySelector("form"); return form && form.dataset.action === entry.action ? form : null; };

  let ticking = 0;

  function countdown(entry) {
    clearInterval(ticking);
    const left = make("b", { className: "n" });
    const undo = make("button", { type: "button", className: "act", textContent: "撤销" });
    undo.addEventListener("click", () => outbox.undo(entry.key));
    const tick = () => { left.textContent = `${Math.max(0, Math.ceil((entry.until - Date.now()) / 1000))} 秒后送出`; if (Date.now() >= entry.until) clearInterval(ticking); };
    remark(`${entry.name}${entry.words ? `：${entry.words}` : ""}`, false, left, undo);
    tick();
    ticking = setInterval(tick, 250);
    undo.focus({ preventScroll: true });
  }

  const NEWS = {
    kept(entry) { if (entry.until) { const form = openForm(entry); if (form) fold(); countdown(entry); } },
    sending(entry) { const form = openForm(entry); clearInterval(ticking); if (form) say(form, "good", "正在送出…"); else remark(`正在送出 ${entry.name}…`, false); },
    again(entry, { tries }) {
      const form = openForm(entry), words = `未送达，正在重试（已试 ${tries} 次）`;
      if (form) say(form, "bad", words); else remark(`${entry.name}：${words}`, true);
    },
    undone(entry) { clearInterval(ticking); remark(`已撤销${entry.name}，没有送出`, false); open(entry.action); },
    done(entry) {
      const form = openForm(entry);
      drafts.drop(drafts.key(entry.person, entry.event, entry.action));
      if (form) fold();
      remark(`已${entry.name}`, false);
      cockpit.live.announce(["events:real", "events:demo"]);
    },
    refused(entry, { status, body }) {
      const told = refusal(status, body);
      if (!openForm(entry)) open(entry.action);
      const form = openForm(entry);
      if (!form) { remark(`${entry.name}没有办成：${told.words}`, true); return; }
      remark("");
      free(form);
      if (told.version) { own().dataset.version = told.version; form.querySelector("[type=submit]").textContent = `已看过，仍要${entry.name}`; }
      const rest = (told.fields || []).filter(([where, message]) => !wrong(form, where, message));
      say(form, "bad", told.words, told.list || (rest.length > 1 ? rest.map(([, message]) => message) : []));
      cockpit.live.announce(["events:real", "events:demo"]);
    },
  };
  outbox.listen((entry, news) => { if (bar() && bar().dataset.event === entry.event && NEWS[news.state]) NEWS[news.state](entry, news); });

  // A personal field in full, for a reason

  async function reveal(form) {
    const body = drafts.gathered([...new FormData(form)]);
    try {
      const answer = await fetch("/api/v1/personal/reveal", { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
      const told = await answer.json();
      if (!answer.ok) { say(form, "bad", told.detail || "没有取到"); return; }
      say(form, "good", "");
      form.querySelector(".said2").append(/^[\d+ -]{5,}$/.test(told.value) ? make("a", { href: `tel:${told.value}`, textContent: told.value, target: "_self" }) : make("span", { textContent: told.value }));
      form.reset();
      setTimeout(() => { if (form.isConnected) say(form, "good", "已收起，需要时请再次查看"); }, 60000);
    } catch (unreachable) { say(form, "bad", "没有连上服务器，请稍后再试"); }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form.cf,form.crews");
    if (!form) return;
    event.preventDefault();
    if (form.dataset.reveal) reveal(form);
    else if (form.closest(".aform")) submit(form);
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest(".abar [data-do]"), form = event.target.closest(".aform form");
    if (button) {
      if (button.getAttribute("aria-disabled")) remark(`现在不能办：${button.title}`, true);
      else { if (!outbox.waiting(bar().dataset.event).length) remark(""); open(button.dataset.do); }
      return;
    }
    if (!form) return;
    const text = event.target.closest("[data-text]");
    if (text) {
      const field = form.elements.note;
      field.value = field.value.trim() ? `${field.value.trim()}\n${text.dataset.text}` : text.dataset.text;
      drafts.keep(nameOf(form), form);
      field.focus();
    } else if (event.target.closest("[data-fold]")) fold();
    else if (event.target.closest("[data-drop]")) { drafts.drop(nameOf(form)); fold(); }
  });

  document.addEventListener("input", (event) => {
    const form = event.target.closest(".aform form");
    if (form && !form.dataset.reveal && event.target.type !== "file") drafts.keep(nameOf(form), form);
    if (event.target.closest("form.crews")) { event.target.closest("form.crews").dataset.dirty = "true"; sayCrew(); }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !event.target.closest || !event.target.closest(".aform form")) return;
    event.stopPropagation();
    fold();
  }, true);

  /** Another event in the column: its bar begins empty; an act that waits to be taken back leaves now. */
  let shown = "", offered = "";
  new MutationObserver(() => {
    const now = bar(), crews = document.querySelector("form.crews");
    if (crews && crews.dataset.event !== offered) {
      offered = crews.dataset.event;
      delete crews.dataset.dirty;
      crews.reset();
      sayCrew();
    }
    if (!now || now.dataset.event === shown) return;
    if (shown) outbox.hasten(shown);
    shown = now.dataset.event;
    own().replaceChildren();
    remark("");
    outbox.resume(now.dataset.person);
    outbox.waiting(shown).filter((one) => one.until > Date.now()).forEach(countdown);
  }).observe(document.documentElement, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-event"] });
})(globalThis.cockpit = globalThis.cockpit || {});
