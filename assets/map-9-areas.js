/* Watched areas on the map: their lines, a pulse for what is new, the form for what is drawn; and the layer of devices. */
(function (cockpit) {
  "use strict";
  const { plane, html, write } = cockpit.map;
  const NAMED = 12, KINDS = { vehicle: "车辆", boat: "船只", patrol: "巡查人员", sensor: "传感器" };

  /** Areas whose newest notice is newer than the one seen before; an area seen for the first time is no news. */
  function fresh(before, now) { return now.filter((one) => before.has(one.id) && one.news > before.get(one.id)); }

  /** The interface's columns as a layer of the map. */
  function columns(found) {
    return { ...found, number: found.key, symbol: "square", every: 300, heard: found.at.map((at) => Date.parse(at) / 1000) };
  }

  /** The popup of a device. */
  function device(set, index, clock) {
    const rows = [["类别", KINDS[set.kind[index]]], ["编号", set.key[index]], ["测值", set.text[index] + (set.over[index] ? "（越限）" : "")],
      ["最近上报", clock.when(Date.parse(set.at[index]), clock.now())]];
    return html`<div class="mp"><b>${set.mark ? html`<i class="pv m" title="模拟数据">模</i>` : ""}${set.name[index]}</b><dl>${rows
      .filter((row) => row[1]).map(([term, said]) => html`<dt>${term}</dt><dd>${said}</dd>`)}</dl></div>`;
  }

  /** What the panel says of the areas. */
  function read(items) {
    return items.map((item) => ({
      id: item.dataset.area, shape: item.dataset.areaShape, name: item.dataset.areaName, news: Number(item.dataset.areaNews),
      isOff: item.dataset.areaOff === "true",
    }));
  }

  cockpit.map = Object.assign(cockpit.map || {}, { areas: { fresh, columns, device, read } });
  if (typeof document === "undefined") return;

  cockpit.map.makeAreas = function (L, map, { say, isFilm, found }) {
    const pane = map.createPane("watched"), place = document.getElementById("panel-map-areas");
    pane.style.zIndex = 455;
    pane.style.pointerEvents = "none";
    const lines = L.layerGroup().addTo(map), seen = new Map(), drawn = new Map();
    const back = ([lon, lat]) => L.latLng(lat, lon);
    let wanted = { watch: null, area: null, view: null }, fitted = null, shown = "";

    function outline({ shape, isOff, id }) {
      const told = plane.figure(shape), look = { pane: "watched", interactive: false,
        className: `map-watched${isOff ? " off" : ""}${id === wanted.watch ? " on" : ""}` };
      if (!told) return null;
      if (told.kind === "circle") return L.circle(back(told.points[0]), { ...look, radius: told.metres });
      if (told.kind === "box") return L.rectangle(L.latLngBounds(told.points.map(back)), look);
      return L.polygon([told.points, ...(told.holes || [])].map((ring) => ring.map(back)), look);
    }

    /** Lines are drawn again only when something about them changed: a pulse under way goes on. */
    function draw(found) {
      const now = JSON.stringify([found.map(({ news, ...rest }) => rest), wanted.watch]);
      if (now === shown) return;
      shown = now;
      lines.clearLayers();
      drawn.clear();
      found.forEach((one) => {
        const line = outline(one);
        if (!line) return;
        line.addTo(lines);
        line.bindTooltip(write(document.createElement("span"), html`${one.name}`), {
          permanent: true, direction: "top", className: `map-said watched${one.id === wanted.watch ? " on" : ""}`, pane: "watched", opacity: 1,
        });
        drawn.set(one.id, line);
      });
    }

    function pulse({ id, name }) {
      const line = drawn.get(id), path = line && line.getElement();
      if (path) {
        path.classList.remove("pulse");
        path.getBoundingClientRect();
        path.classList.add("pulse");
      }
      if (!isFilm()) say(`关注区域“${name}”有新情况`);
    }

    /** The chosen area, once its line is there. */
    function bounds() { const line = drawn.get(wanted.watch); return line ? line.getBounds() : null; }

    /** The form belongs to what is drawn: its shape goes along with it. */
    function form() {
      const made = place.querySelector("[data-area-new]");
      if (!made) return null;
      made.classList.toggle("wanted", Boolean(wanted.area));
      const shape = made.querySelector("[name=shape]");
      if (shape.value !== (wanted.area || "")) shape.value = wanted.area || "";
      return made;
    }

    function look() {
      const items = read([...place.querySelectorAll("[data-area]")]);
      draw(items);
      fresh(seen, items).forEach(pulse);
      items.forEach(({ id, news }) => seen.set(id, news));
      if (bounds() && fitted !== wanted.watch) { fitted = wanted.watch; found(); }
      form();
    }

    const watch = new MutationObserver(look);
    watch.observe(place, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-area-news", "data-area-shape", "data-area-off", "class"] });
    place.addEventListener("reset", () => queueMicrotask(form));

    const named = () => map.getContainer().classList.toggle("far", map.getZoom() < NAMED);
    map.on("zoomend", named);
    named();

    return {
      bounds,
      address({ watch: id, area, view }) {
        if (id !== wanted.watch) fitted = null;
        wanted = { watch: id, area, view };
        look();
      },
      /** Lead to the form for what is drawn; false if nothing is. */
      begin(area) {
        const made = area && form();
        if (!made) return false;
        made.scrollIntoView({ block: "nearest" });
        made.querySelector("[name=name]").focus();
        return true;
      },
      leave() { watch.disconnect(); },
    };
  };
})(globalThis.cockpit = globalThis.cockpit || {});
