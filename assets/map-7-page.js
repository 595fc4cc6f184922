/* The map page: what the address says is what the map shows; every move of the map goes into the address. */
(function (cockpit) {
  "use strict";
  const { plane, html, write, spot, json } = cockpit.map;
  const FRAME_MS = 700, REFRESH = 60000, PLACE_ZOOM = 15;
  let waiting = null, page = null, told = { where: null, notice: null };

  /** Called by the door before the frame is put in place: the next map of Leaflet is ours. */
  cockpit.map.await = function (place, where, notice) {
    told = { where, notice };
    if (!waiting) window.L.Map.addInitHook(function () { this.whenReady(() => adopt(this)); });
    waiting = place;
  };

  /** The address or the data changed. */
  cockpit.map.told = function (where, notice) {
    const isMove = where !== told.where, isNews = notice && notice !== told.notice;
    told = { where, notice };
    if (page && (isMove || isNews)) page.show(isMove ? "move" : "news", notice);
  };

  function adopt(map) {
    if (!waiting || !waiting.contains(map.getContainer())) return;
    if (page) page.leave();
    page = open(map, waiting);
    page.show("open");
  }

  function here(changes) {
    return location.pathname + plane.changed(location.search, changes);
  }

  function go(changes) {
    history.pushState({}, "", here(changes));
    cockpit.navigate.show();
  }

  function note(changes) { history.replaceState(history.state, "", here(changes)); }

  function query(state, more) {
    const asked = new URLSearchParams();
    ["indicator", "region", "world"].forEach((key) => { if (state[key]) asked.set(key, state[key]); });
    Object.entries(more || {}).forEach(([key, value]) => { if (value) asked.set(key, value); });
    return asked.toString();
  }

  function hatching(container) {
    if (document.getElementById("map-hatch")) return;
    const made = document.createElement("div");
    made.className = "unseen";
    write(made, html`<svg width="0" height="0" aria-hidden="true"><defs><pattern id="map-hatch" width="6" height="6"
      patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" class="hg"/><rect width="1.4" height="6" class="hl"/></pattern></defs></svg>`);
    container.append(made);
  }

  function open(map, place) {
    const L = window.L, byId = (id) => document.getElementById(id), names = new Map();
    const points = new (cockpit.map.makePoints(L))().addTo(map);
    const tools = cockpit.map.makeTools(L, map, (area) => go({ area }));
    const regions = cockpit.map.makeRegions(L, map, { open: region, addresses: JSON.parse(place.dataset.shapes) });
    const watched = cockpit.map.makeAreas(L, map, { say, isFilm: () => Boolean(film), found: () => { if (state.ready) fit("move"); } });
    const time = cockpit.map.makeTime(byId("map-time"), { start, play, scrub, live });
    let state = plane.read(location.search), film = null, ticking = 0, serial = 0, fitted, isMoving = false, shownArea = null, shownEvent = null;

    hatching(place.parentNode);
    if (place.dataset.tiles) cockpit.map.makeBase(L, place.dataset.tiles).addTo(map);
    [["in", "放大"], ["out", "缩小"]].forEach(([way, title]) => place.querySelectorAll(`.leaflet-control-zoom-${way}`).forEach((one) => {
      one.title = title;
      one.setAttribute("aria-label", title);
    }));
    cockpit.map.makeSearch(byId("map-search"), go);
    const ground = regions.base().catch(() => failed("底图轮廓没有取到"));

    function failed(words) { byId("map-mark").textContent = words; byId("map-mark").dataset.tone = "bad"; }

    function mark(words) {
      const sign = byId("map-mark");
      delete sign.dataset.tone;
      sign.textContent = words || "";
      place.closest(".mapwork").dataset.replaying = String(Boolean(words));
    }

    /** A click on a region: an object in the way wins, a tool takes the click as its own. */
    function region(code, event) {
      L.DomEvent.stop(event);
      if (tools.isActive()) { tools.click(event); return; }
      if (!object(event)) go({ region: code, z: null, c: null });
    }

    function object(event) {
      const found = points.hit(event.containerPoint);
      if (!found) return false;
      if (found.group) map.setView(map.unproject([found.group.x, found.group.y], map.getZoom()), Math.min(16, map.getZoom() + 2));
      else popup(points.object(found));
      return true;
    }

    async function popup({ key, number, lat, lon, set, index }) {
      const box = L.popup({ className: "map-popup", closeButton: true }).setLatLng([lat, lon]);
      const fill = document.createElement("div");
      if (key === "devices") { box.setContent(write(fill, cockpit.map.areas.device(set, index, cockpit.clock))).openOn(map); return; }
      if (key === "events") { box.setContent(write(fill, cockpit.map.events.told(set, index, cockpit.clock))).openOn(map); return; }
      box.setContent(write(fill, html`<span class="mut">正在取…</span>`)).openOn(map);
      try { write(fill, spot(await json(`/api/v1/layers/${encodeURIComponent(key)}/points/${number}?${query({ world: state.world })}`), cockpit.clock)); }
      catch (problem) { write(fill, html`<span>${problem.message}</span>`); }
      box.update();
    }

    map.on("click", (event) => { if (tools.isActive()) tools.click(event); else object(event); });
    map.on("mousemove", (event) => {
      if (!tools.isActive()) map.getContainer().classList.toggle("over", Boolean(points.hit(event.containerPoint)));
    });
    map.on("moveend", () => {
      if (!isMoving && state.ready) {
        const centre = map.getCenter();
        note({ z: map.getZoom().toFixed(2).replace(/\.?0+$/, ""), c: `${centre.lng.toFixed(4)},${centre.lat.toFixed(4)}` });
      }
      isMoving = false;
    });

    /** The whole region in view, unless the address holds a view of its own. */
    function fit(way) {
      const wanted = `${state.region || ""} ${state.watch || ""}`, area = watched.bounds();
      if (fitted === wanted && (way !== "move" || !state.view)) return;
      const kept = state.view;
      isMoving = true;
      if (kept) map.setView([kept.lat, kept.lon], kept.zoom, { animate: false });
      else if (area) map.fitBounds(area, { padding: [60, 60], maxZoom: 15, animate: false });
      else if (regions.bounds()) map.fitBounds(regions.bounds(), { padding: [24, 24], animate: false });
      fitted = wanted;
      isMoving = false;
      state.ready = true;
    }

    async function values(mine, way) {
      const answer = await json(`/api/v1/map/values?${query(state)}`);
      if (mine !== serial) return;
      await ground;
      if (!(film && way === "news")) {
        await regions.draw(answer);
        cockpit.map.showLegend(byId("map-legend"), answer, false);
      }
      fit(way);
      state.ready = true;
    }

    async function layers(mine) {
      const { items } = await json(`/api/v1/layers?${query({ world: state.world, region: state.region })}`);
      if (mine !== serial) return;
      items.forEach((one) => names.set(one.key, one.name));
      points.keys().filter((key) => !state.layers.includes(key)).forEach((key) => points.set(key, null));
      points.heat(state.heat);
      if (state.layers.includes("events")) await events(mine);
      if (state.layers.includes("devices")) await devices(mine);
      await Promise.all(items.filter((one) => state.layers.includes(one.key)).map(async (one) => {
        const columns = await json(one.url);
        if (mine === serial) points.set(one.key, columns);
      }));
      pressed();
    }

    /** Open events; the one the address names is shown. */
    async function events(mine) {
      const found = await json(`/api/v1/map/events?${query({ world: state.world, region: state.region })}`);
      if (mine !== serial) return;
      names.set("events", "在办事件");
      points.set("events", found);
      const index = found.number.indexOf(state.event);
      if (index < 0 || shownEvent === state.event) return;
      shownEvent = state.event;
      map.setView([found.lat[index], found.lon[index]], Math.max(map.getZoom(), PLACE_ZOOM - 2), { animate: false });
      popup({ key: "events", set: found, index, lat: found.lat[index], lon: found.lon[index] });
    }

    /** What moves or measures, where it was last heard of. */
    async function devices(mine) {
      const found = await json(`/api/v1/devices?${query({ world: state.world })}`);
      if (mine !== serial) return;
      names.set("devices", "车船巡查与传感");
      points.set("devices", cockpit.map.areas.columns(found));
    }

    /** A word on the map for some seconds. */
    function say(words) { mark(words); setTimeout(() => mark(film ? byId("map-mark").textContent : ""), 6000); }

    function pressed() {
      const button = document.querySelector("[data-tool=heat]");
      if (button) button.setAttribute("aria-pressed", String(state.heat));
      document.querySelectorAll("[data-layer]").forEach((one) => {
        const is = String(state.layers.includes(one.dataset.layer));
        if (one.getAttribute("aria-pressed") !== is) one.setAttribute("aria-pressed", is);
      });
    }

    async function area(mine) {
      tools.show(state.area);
      if (!state.area) { shownArea = null; cockpit.map.showArea(byId("map-area"), null, names); return; }
      const asked = query({ world: state.world }, { area: state.area, layer: state.layers.filter((key) => key !== "events" && key !== "devices").join(",") });
      if (shownArea === asked) return;
      const found = await json(`/api/v1/map/inside?${asked}`).catch((problem) => ({ problem: problem.message }));
      if (mine !== serial) return;
      shownArea = asked;
      cockpit.map.showArea(byId("map-area"), found, names);
    }

    /* Replay: frames of the last 24 hours in place of the present; objects have no past and step aside. */
    async function replay(mine) {
      if (!state.at) { stop(); return; }
      const answer = await json(`/api/v1/map/replay?${query(state)}`);
      if (mine !== serial) return;
      if (!answer.instants.length) { stop(); time.state({ replaying: false, why: answer.reason }); note({ at: null }); return; }
      const last = film && film.index < answer.instants.length ? film.index : null;
      film = { ...answer, index: state.at === "start" ? 0 : cockpit.map.lists.frameAt(answer.instants, state.at) };
      if (last !== null && ticking) film.index = last;
      points.hide(true);
      frame();
    }

    function frame() {
      const { instants, values: known, texts, steps, index, classes } = film, said = cockpit.clock.when(Date.parse(instants[index]), cockpit.clock.now());
      const now = Object.fromEntries(Object.keys(known).map((code) => [code, { step: steps[code][index], value: known[code][index],
        text: texts[code][index], reason: known[code][index] === null ? "此刻没有数据" : null }]));
      regions.repaint(now, classes.length);
      cockpit.map.showLegend(byId("map-legend"), film, true);
      time.state({ replaying: true, playing: Boolean(ticking), count: instants.length, index, said });
      mark(`回放 ${said}${film.mark ? " · 模拟" : ""}`);
    }

    function start() { go({ at: "start" }); ticking = ticking || setInterval(step, FRAME_MS); }
    function pause() { clearInterval(ticking); ticking = 0; }

    function step() {
      if (!film) return;
      if (film.index + 1 >= film.instants.length) { pause(); frame(); return; }
      film.index += 1;
      frame();
    }

    function play() {
      if (ticking) { pause(); note({ at: film.instants[film.index] }); frame(); return; }
      if (film.index + 1 >= film.instants.length) film.index = 0;
      ticking = setInterval(step, FRAME_MS);
      frame();
    }

    function scrub(index) { pause(); film.index = index; note({ at: film.instants[index] }); frame(); }
    function live() { go({ at: null }); }

    function stop() {
      pause();
      film = null;
      points.hide(false);
      mark("");
      time.state({ replaying: false });
    }

    async function show(way) {
      const mine = serial += 1, before = state;
      state = { ...plane.read(location.search), ready: before.ready };
      pressed();
      if (state.asOf) { failed("历史快照：地图只有现在和近 24 小时回放，此处不画数值"); return; }
      watched.address(state);
      const parts = [values(mine, way).then(() => replay(mine)), layers(mine).then(() => area(mine))];
      const problem = (await Promise.allSettled(parts)).find((one) => one.status === "rejected");
      if (problem && mine === serial) failed(problem.reason.message);
    }

    /** One level up. The breadcrumb may still be of the region just left: then wait for the new one. */
    function rise(patience = 30) {
      const link = document.querySelector("a[data-up]"), there = link && new URL(link.href);
      if (!link) return;
      const isOld = there.pathname === location.pathname && there.searchParams.get("region") === plane.read(location.search).region;
      if (isOld && patience) setTimeout(rise, 100, patience - 1);
      else link.click();
    }

    function keys(event) {
      if (location.pathname !== "/map" || /INPUT|TEXTAREA|SELECT/.test(document.activeElement.tagName)) return;
      if (document.querySelector("dialog[open]")) return;
      if (event.key === "Escape") {
        event.stopImmediatePropagation();
        if (tools.isActive()) { tools.cancel(); return; }
        rise();
      }
      if (event.key === "Enter" && tools.isActive()) { event.preventDefault(); tools.finish(); }
      if ((event.key === "r" || event.key === "R") && film && !event.ctrlKey && !event.metaKey) live();
    }

    function clicks(event) {
      const button = event.target.closest("[data-tool],[data-layer],[data-object]");
      if (button) { pushed(button.dataset); return; }
      const link = event.target.closest("a[href^='/map']");
      if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      const to = plane.carried(location.search, link.getAttribute("href"));
      history.pushState({}, "", to);
      cockpit.navigate.show();
    }

    function pushed({ tool, layer, object: chosen, lon, lat }) {
      if (tool === "clear") tools.clear();
      else if (tool === "print") window.print();
      else if (tool === "heat") go({ heat: state.heat ? null : "1" });
      else if (tool === "watch") { if (!watched.begin(state.area)) say("先圈选一个区域，再点关注"); }
      else if (tool) tools.put(tool);
      if (layer) {
        const on = state.layers.includes(layer) ? state.layers.filter((key) => key !== layer) : [...state.layers, layer];
        go({ layer: on.join(",") });
      }
      if (!chosen) return;
      const [key, number] = chosen.split("/");
      map.setView([Number(lat), Number(lon)], Math.max(map.getZoom(), PLACE_ZOOM));
      popup({ key, number: Number(number), lat: Number(lat), lon: Number(lon) });
    }

    const resized = () => { map.invalidateSize({ pan: false }); points.redraw(); };
    const panel = new MutationObserver(pressed);
    panel.observe(byId("panel-map-layers"), { childList: true, subtree: true, attributes: true, attributeFilter: ["aria-pressed"] });
    const again = setInterval(() => { if (!document.hidden && state.layers.length) layers(serial).catch(() => {}); }, REFRESH);
    document.addEventListener("keydown", keys, true);
    document.addEventListener("click", clicks, true);
    addEventListener("beforeprint", resized);
    addEventListener("afterprint", resized);

    map.on("unload", () => { if (page && page.map === map) { page.leave(); page = null; } });

    function leave() {
      serial += 1;
      pause();
      clearInterval(again);
      panel.disconnect();
      watched.leave();
      document.removeEventListener("keydown", keys, true);
      document.removeEventListener("click", clicks, true);
      removeEventListener("beforeprint", resized);
      removeEventListener("afterprint", resized);
    }

    return { show, leave, map, points };
  }

  cockpit.map.page = () => page;
})(globalThis.cockpit = globalThis.cockpit || {});
