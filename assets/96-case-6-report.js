/* A new report: suggestions and earlier events while typing, the place by a click, sent once with one key, then photos. */
(function (cockpit) {
  "use strict";
  const PAUSE = 400, AGES = [[86400, "天"], [3600, "小时"], [60, "分钟"]];

  /** lon/lat of a point of the drawing, whose frame is true to scale at its middle latitude (components/county_map.py). */
  function spot(x, y, frame, width, margin) {
    const narrowing = Math.cos((frame.south + frame.north) / 2 * Math.PI / 180);
    const scale = (width - 2 * margin) / ((frame.east - frame.west) * narrowing);
    return { lon: frame.west + (x - margin) / (narrowing * scale), lat: frame.north - (y - margin) / scale };
  }

  /** The reverse: where a place stands on the drawing. */
  function point(lon, lat, frame, width, margin) {
    const narrowing = Math.cos((frame.south + frame.north) / 2 * Math.PI / 180);
    const scale = (width - 2 * margin) / ((frame.east - frame.west) * narrowing);
    return { x: margin + (lon - frame.west) * narrowing * scale, y: margin + (frame.north - lat) * scale };
  }

  /** 3 小时前. */
  function age(seconds) {
    const found = AGES.find(([size]) => seconds >= size);
    return found ? `${Math.floor(seconds / found[0])} ${found[1]}前` : "刚刚";
  }

  /** The body of POST /events from the fields of the form. */
  function body(fields, world, id, now) {
    const made = { origin: fields.origin || "desk", origin_id: id, reported_at: new Date(now).toISOString(), world };
    ["title", "description", "category", "region", "place"].forEach((name) => { if ((fields[name] || "").trim()) made[name] = fields[name].trim(); });
    ["impact", "urgency"].forEach((name) => { if (fields[name]) made[name] = Number(fields[name]); });
    if (fields.lon || fields.lat) ["lon", "lat"].forEach((name) => { made[name] = Number(fields[name]); });
    const reporter = {};
    ["name", "phone", "address"].forEach((name) => { const given = (fields[`reporter_${name}`] || "").trim(); if (given) reporter[name] = given; });
    if (Object.keys(reporter).length) made.reporter = reporter;
    return made;
  }

  cockpit.reporting = { spot, point, age, body };
  if (typeof document === "undefined") return;

  const WIDTH = 900, MARGIN = 24, EVENT = "report", ACTION = "report-new";
  const { drafts, outbox } = cockpit;
  const form = () => document.querySelector("form.rf");
  const make = (tag, props, ...children) => { const made = Object.assign(document.createElement(tag), props); made.append(...children.filter(Boolean)); return made; };
  const fieldsOf = () => drafts.gathered([...new FormData(form())].filter(([, value]) => typeof value === "string"));
  const name = () => drafts.key(form().dataset.person, EVENT, ACTION);
  const photos = [];
  let waiting = 0, asking = null, parent = "", mounted = null;

  function say(tone, words) { const place = form().querySelector(".said2"); place.dataset.tone = tone; place.textContent = words; }

  async function get(address, signal) {
    const answer = await fetch(address, { signal });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  // While typing

  async function ask() {
    if (!form()) return;
    if (asking) asking.abort();
    asking = new AbortController();
    const given = fieldsOf(), query = new URLSearchParams();
    ["title", "description", "category", "lon", "lat"].forEach((key) => { if (given[key]) query.set(key, given[key].slice(0, key === "title" ? 120 : 1000)); });
    if (!given.title && !given.lon) { alike([]); return; }
    const about = new URLSearchParams([...query].filter(([key]) => !["lon", "lat"].includes(key)));
    query.set("world", form().dataset.world);
    try {
      const [told, hints] = await Promise.all([
        get(`/api/v1/events/suggest?${about}`, asking.signal), get(`/api/v1/events/similar?${query}`, asking.signal),
      ]);
      suggest(told, given);
      alike(hints.items);
    } catch (missed) { /* typing goes on; the next keystroke asks again */ }
  }

  function suggest(told, given) {
    const place = form().querySelector("[data-suggest]"), level = form().querySelector("[data-level]");
    place.replaceChildren(...(given.category ? [] : told.categories.map((one) => {
      const button = make("button", { type: "button", textContent: one.name, title: one.reason });
      button.addEventListener("click", () => { form().elements.category.value = one.code; form().dispatchEvent(new Event("input", { bubbles: true })); });
      return button;
    })));
    if (!given.category && told.categories.length) place.prepend("按文字像是：");
    level.textContent = given.impact || given.urgency ? "" : `将定为${told.level_name}：${told.level_reason}`;
  }

  function alike(items) {
    const place = document.getElementById("report-alike");
    if (!place) return;
    if (!items.length) { place.replaceChildren(make("p", { className: "sub", textContent: form() && fieldsOf().title ? "没有找到相近的在办事件" : "填写标题或地点后在此提示" })); return; }
    place.replaceChildren(make("ul", { className: "alike" }, ...items.map(line)));
  }

  function line(one) {
    const face = one.photo ? make("img", { src: `/api/v1/events/${one.number}/attachments/${one.photo}`, alt: "现场照片" }) : make("span", { className: "noph" });
    const link = make("a", { href: `/event/${one.number}`, textContent: one.title });
    const told = make("div", {}, make("b", {}, link), make("span", { className: "mut", textContent: `${one.number} · ${one.state_name} · ${one.reason}` }), make("span", { className: "mut", textContent: age(one.age_seconds) }));
    const button = form().dataset.merge && one.is_likely ? make("button", { type: "button", className: "act", textContent: "并入", title: `上报后并入 ${one.number}，上报人数累加` }) : null;
    if (button) button.addEventListener("click", () => { parent = one.number; form().requestSubmit(); });
    return make("li", {}, face, told, button);
  }

  // The place

  const drawing = () => document.querySelector("svg.pick");
  const frame = () => { const { west, south, east, north } = drawing().dataset; return { west: +west, south: +south, east: +east, north: +north }; };

  function mark() {
    const svg = drawing();
    if (!svg || !form()) return;
    const { lon, lat } = form().elements, pin = svg.querySelector(".pin"), view = svg.viewBox.baseVal;
    pin.replaceChildren();
    svg.querySelectorAll(".tn text").forEach((one) => { one.style.fontSize = `${view.width / 60}px`; });
    if (!lon.value || !lat.value || Number.isNaN(+lon.value) || Number.isNaN(+lat.value)) return;
    const at = point(+lon.value, +lat.value, frame(), WIDTH, MARGIN), dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
    [["cx", at.x], ["cy", at.y], ["r", view.width / 80], ["stroke-width", view.width / 300]].forEach(([key, value]) => dot.setAttribute(key, value));
    pin.append(dot);
  }

  function zoom(box) {
    const svg = drawing(), view = svg.viewBox.baseVal;
    svg.setAttribute("viewBox", `${box.x} ${box.y} ${box.width} ${box.height}`);
    mark();
    return view;
  }

  function whole() { const svg = drawing(); if (!svg.dataset.all) svg.dataset.all = svg.getAttribute("viewBox"); const [x, y, width, height] = svg.dataset.all.split(" ").map(Number); return { x, y, width, height }; }

  function around(box, share) {
    const all = whole(), width = Math.max(box.width, box.height * all.width / all.height) * share, height = width * all.height / all.width;
    return { x: box.x + box.width / 2 - width / 2, y: box.y + box.height / 2 - height / 2, width, height };
  }

  function pick(event) {
    const svg = drawing(), click = Object.assign(svg.createSVGPoint(), { x: event.clientX, y: event.clientY });
    const at = click.matrixTransform(svg.getScreenCTM().inverse());
    const { lon, lat } = spot(at.x, at.y, frame(), WIDTH, MARGIN), { elements } = form(), town = event.target.closest("[data-town]");
    elements.lon.value = lon.toFixed(5);
    elements.lat.value = lat.toFixed(5);
    document.querySelector("[data-picked]").textContent = `${town ? town.dataset.name : "边界外"} ${elements.lon.value}, ${elements.lat.value}`;
    if (town && [...elements.region.options].some((one) => one.value === town.dataset.town)) elements.region.value = town.dataset.town;
    form().dispatchEvent(new Event("input", { bubbles: true }));
  }

  document.addEventListener("click", (event) => {
    if (!form() || !drawing()) return;
    if (event.target.closest("svg.pick")) { pick(event); return; }
    const button = event.target.closest("[data-zoom]");
    if (!button) return;
    const { x, y, width, height } = drawing().viewBox.baseVal;
    whole();
    zoom(button.dataset.zoom === "all" ? whole() : around({ x, y, width, height }, button.dataset.zoom === "in" ? 0.5 : 2));
  });

  // Sending

  function submit() {
    const here = form();
    if (here.dataset.busy || !here.reportValidity()) { parent = ""; return; }
    here.querySelectorAll("[data-wrong]").forEach((one) => { one.textContent = ""; });
    here.dataset.busy = "true";
    here.querySelector("[type=submit]").disabled = true;
    const id = crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`;
    outbox.put({ key: id, person: here.dataset.person, event: EVENT, action: ACTION, name: "上报", url: "/api/v1/events", parent, body: body(fieldsOf(), here.dataset.world, `desk-${id}`, cockpit.clock.now()), until: 0 });
  }

  function free() { delete form().dataset.busy; form().querySelector("[type=submit]").disabled = false; parent = ""; }

  function wrong(told) {
    (told.errors || []).forEach(({ where, message }) => {
      const place = [...form().querySelectorAll("[data-wrong]")].find((one) => one.dataset.wrong === where);
      if (place) place.textContent = message;
    });
    say("bad", told.detail || "没有报上，请核对后再试");
  }

  async function sendPhotos(number) {
    const base = `/api/v1/events/${number}/attachments`;
    let missed = 0;
    for (const file of photos.splice(0)) {
      say("good", `已上报 ${number}，正在传照片…`);
      const { status } = await cockpit.uploads.send(await cockpit.uploads.address(base, "report", file), file, () => {});
      if (status >= 300 || !status) missed += 1;
    }
    return missed;
  }

  async function merge(entry, told) {
    if (!entry.parent) return "";
    const step = { action: "merge", version: told.version, other: entry.parent, note: "上报时认定为同一件事" };
    const answer = await fetch(`/api/v1/events/${told.number}/moves`, { method: "POST", body: JSON.stringify(step), headers: { "Content-Type": "application/json", "Idempotency-Key": `${entry.key}-merge` } });
    if (answer.ok) return `，已并入 ${entry.parent}`;
    const why = await answer.json().catch(() => ({}));
    return `；没有并入 ${entry.parent}：${why.detail || "请在事件页合并"}`;
  }

  async function finish(entry, told) {
    drafts.drop(drafts.key(entry.person, EVENT, ACTION));
    const missed = await sendPhotos(told.number), merged = await merge(entry, told).catch(() => "；合并没有送达，请在事件页合并");
    if (!form()) return;
    free();
    form().reset();
    form().querySelector(".ups").replaceChildren();
    const again = make("button", { type: "button", className: "act", textContent: "再报一件" });
    const box = make("div", { className: "rdone" }, make("b", { className: "n", textContent: told.number }), make("span", { textContent: `${told.is_new ? "已上报" : "此前已上报"}${merged}${missed ? `，${missed} 张照片没有传上，请在事件页补传` : ""}` }), make("a", { className: "act pri", href: `/event/${told.number}`, textContent: "查看这件事" }), again);
    const fields = form().querySelector(".rf1"), send = form().querySelector(".rsend");
    fields.hidden = send.hidden = true;
    form().prepend(box);
    again.addEventListener("click", () => { box.remove(); fields.hidden = send.hidden = false; say("good", ""); form().elements.title.focus(); });
    alike([]);
    mark();
  }

  outbox.listen((entry, news) => {
    if (entry.action !== ACTION || !form()) return;
    if (news.state === "sending") say("good", "正在上报…");
    if (news.state === "again") say("bad", `未送达，正在重试（已试 ${news.tries} 次），内容已存在本机`);
    if (news.state === "refused") { free(); wrong(news.body || {}); }
    if (news.state === "done") finish(entry, news.body);
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.closest("form.rf")) return;
    event.preventDefault();
    submit();
  });

  document.addEventListener("input", (event) => {
    const here = event.target.closest("form.rf");
    if (!here || event.target.type === "file") return;
    drafts.keep(name(), here);
    if (event.target.name === "region") {
      const town = document.querySelector(`[data-town="${CSS.escape(event.target.value)}"]`);
      if (town) zoom(around(town.getBBox(), 1.3));
    }
    mark();
    clearTimeout(waiting);
    waiting = setTimeout(ask, PAUSE);
  });

  document.addEventListener("change", (event) => {
    const field = event.target.closest("form.rf [data-photos]");
    if (!field) return;
    [...field.files].forEach((file) => {
      const why = cockpit.uploads.refused(file.type, file.size), list = form().querySelector(".ups");
      const remove = make("button", { type: "button", textContent: "去掉" });
      const row = make("li", {}, why ? null : make("img", { src: URL.createObjectURL(file), alt: "" }), make("span", { textContent: file.name }), why ? make("span", { className: "bad", textContent: why }) : null, remove);
      if (!why) photos.push(file);
      remove.addEventListener("click", () => { row.remove(); if (photos.includes(file)) photos.splice(photos.indexOf(file), 1); });
      list.append(row);
    });
    field.value = "";
  });

  /** The form has come: what was typed before stands in it again. */
  new MutationObserver(() => {
    const here = form();
    if (!here || here === mounted) { if (!here) mounted = null; return; }
    mounted = here;
    const draft = drafts.of(name());
    if (draft) { drafts.fill(here, draft); say("good", "已恢复上次未送出的内容"); }
    alike([]);
    outbox.resume(here.dataset.person);
    if (draft) ask();
  }).observe(document.documentElement, { subtree: true, childList: true });
})(globalThis.cockpit = globalThis.cockpit || {});
