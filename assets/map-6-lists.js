/* Beside the map: search by name or pinyin, what lies in a drawn area, the legend, the bar of time. They only show. */
(function (cockpit) {
  "use strict";
  const { html, write, squareKm, metres } = cockpit.map;
  const PAUSE = 150, KIND = { region: "区域", village: "村居", indicator: "指标" };

  /** Where a search result leads: changes of the address. */
  function target(hit) {
    return hit.kind === "indicator" ? { indicator: hit.code } : { region: hit.region, z: null, c: null };
  }

  /** The index of the instant nearest to `at`; the last one if it is none. */
  function frameAt(instants, at) {
    const wanted = Date.parse(at);
    if (!Number.isFinite(wanted)) return instants.length - 1;
    const away = instants.map((one) => Math.abs(Date.parse(one) - wanted));
    return away.indexOf(Math.min(...away));
  }

  cockpit.map.lists = { target, frameAt };

  async function json(address, signal) {
    const answer = await fetch(address, { signal }), body = await answer.json();
    if (!answer.ok) throw new Error(body.detail || "没有取到");
    return body;
  }
  cockpit.map.json = json;

  cockpit.map.makeSearch = function (place, go) {
    if (place.querySelector("input")) return;
    write(place, html`<div class="ph"><h2>查找</h2><span class="sp"></span><small>名称、全拼、首字母</small></div>
      <input type="search" autocomplete="off" maxlength="40" placeholder="镇街、村、指标" aria-label="查找区域、村居、指标" aria-controls="map-hits">
      <ul id="map-hits" role="listbox" aria-label="查找结果"></ul>`);
    const field = place.querySelector("input"), list = place.querySelector("ul");
    let waiting = 0, asking = null, hits = [];

    function show(found) {
      hits = found;
      write(list, html`${found.map((hit, index) => html`<li role="option"><button type="button" data-hit="${index}">
        <b>${hit.name}</b><span class="mut">${hit.kind === "region" ? hit.what : hit.what || KIND[hit.kind]}</span></button></li>`)}`);
    }

    async function ask() {
      if (asking) asking.abort();
      asking = new AbortController();
      const q = field.value.trim();
      if (!q) { show([]); return; }
      try {
        const { items } = await json(`/api/v1/search?${new URLSearchParams({ q })}`, asking.signal);
        if (items.length) show(items); else write(list, html`<li class="mut">没有找到“${q}”</li>`);
      } catch (problem) {
        if (problem.name !== "AbortError") write(list, html`<li class="mut">查找没有应答，请重试</li>`);
      }
    }

    field.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(ask, PAUSE); });
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && hits.length) go(target(hits[0]));
      if (event.key === "Escape") { field.value = ""; show([]); field.blur(); event.stopPropagation(); }
    });
    list.addEventListener("click", (event) => {
      const button = event.target.closest("[data-hit]");
      if (button) go(target(hits[Number(button.dataset.hit)]));
    });
  };

  /** What lies in the drawn area; `found` null takes the list away. */
  cockpit.map.showArea = function (place, found, names) {
    place.hidden = !found;
    if (!found) return;
    if (found.problem) { write(place, html`<div class="ph"><h2>圈选</h2></div><p class="mut">${found.problem}</p>`); return; }
    const counts = Object.entries(found.counts).filter(([, count]) => count);
    const rest = found.total - found.listed;
    write(place, html`<div class="ph"><h2>圈选 ${found.total} 个对象</h2><span class="sp"></span><small>${squareKm(found.square_km)}</small></div>
      <p class="mut">${counts.length ? counts.map(([key, count]) => `${names.get(key) || key} ${count}`).join(" · ") : "区域内没有对象"}</p>
      ${found.towns.length ? html`<p class="mut">镇街驻地点：${found.towns.join("、")}</p>` : ""}
      <ul class="in">${found.items.map((one) => html`<li><button type="button" data-lon="${one.lon}" data-lat="${one.lat}"
        data-object="${one.layer}/${one.number}"><b>${one.mark ? html`<i class="pv m">模</i>` : ""}${one.name}</b>
        <span class="mut">${one.kind} · ${one.town_name} · ${metres(one.metres)}${one.silent ? " · 静默" : ""}</span></button></li>`)}</ul>
      ${rest > 0 ? html`<p class="mut">由近到远列出 ${found.listed} 个，另有 ${rest} 个</p>` : ""}`);
  };

  /** Classes, unit and marks of what the map shows. */
  cockpit.map.showLegend = function (place, values, replayed) {
    const count = values.classes.length;
    write(place, html`<b>${values.name}</b><span class="mut">${values.unit === "-" ? "无量纲" : `单位 ${values.unit}`}${
      values.mark ? html` <i class="pv m">模</i>模拟` : ""}${replayed ? html` <i class="pv x">回放</i>` : ""}</span>
      <ul>${values.classes.map((text, step) => html`<li><i class="sw" data-step="${cockpit.map.regions.inkOf(step, count)}"></i>${text}</li>`)}
      <li><i class="sw" data-step="none"></i>缺数或过期</li></ul>`);
  };

  /** The bar of time: live, or one instant of the last 24 hours. */
  cockpit.map.makeTime = function (place, { play, scrub, live, start }) {
    write(place, html`<button type="button" class="act" data-time="start">回放近 24 小时</button>
      <button type="button" class="act" data-time="play" hidden>暂停</button>
      <input type="range" min="0" max="0" value="0" aria-label="回放时刻" hidden><b class="n" data-time="said"></b>
      <span class="mut" data-time="why"></span><span class="sp"></span>
      <button type="button" class="act pri" data-time="live" hidden>回到实时</button><kbd hidden>R</kbd>`);
    const find = (name) => place.querySelector(`[data-time=${name}]`), range = place.querySelector("input");
    place.onclick = (event) => {
      const { time } = (event.target.closest("[data-time]") || { dataset: {} }).dataset;
      if (time === "start") start();
      if (time === "play") play();
      if (time === "live") live();
    };
    range.oninput = () => scrub(Number(range.value));
    return {
      state({ replaying, playing, count = 0, index = 0, said = "", why = "" }) {
        place.dataset.replaying = String(Boolean(replaying));
        find("start").hidden = replaying;
        [find("play"), range, find("live"), place.querySelector("kbd")].forEach((one) => { one.hidden = !replaying; });
        find("play").textContent = playing ? "暂停" : "播放";
        range.max = String(Math.max(0, count - 1));
        range.value = String(index);
        range.setAttribute("aria-valuetext", said);
        find("said").textContent = said;
        find("why").textContent = why;
      },
    };
  };
})(globalThis.cockpit = globalThis.cockpit || {});
