/* Regions on the map: outlines by versioned address, one ink for values, hatching for what is missing, names that do not collide. */
(function (cockpit) {
  "use strict";
  const { html, write } = cockpit.map;
  const SHADES = 5;

  /** Which of the five inks a step is drawn with: few classes are spread over the whole ramp. */
  function inkOf(step, classes) {
    if (step === null || step === undefined) return "none";
    return String(classes > 1 ? Math.round(step * (SHADES - 1) / (classes - 1)) : Math.floor(SHADES / 2));
  }

  /** Regions by the shape that stands for them; a shape several regions share has no single value. */
  function byShape(shades) {
    const found = new Map();
    shades.filter((one) => one.shape).forEach((one) => {
      const there = found.get(one.shape);
      found.set(one.shape, there ? { ...there, shared: [...there.shared, one] } : { ...one, shared: [one] });
    });
    return found;
  }

  /** Positions of labels that keep clear of those before them: [{x, y, w, h}] → [true, false, …]. */
  function clear(boxes) {
    const placed = [];
    return boxes.map((box) => {
      const isFree = placed.every((other) => Math.abs(other.x - box.x) * 2 >= other.w + box.w || Math.abs(other.y - box.y) * 2 >= other.h + box.h);
      if (isFree) placed.push(box);
      return isFree;
    });
  }

  cockpit.map.regions = { inkOf, byShape, clear };

  cockpit.map.makeRegions = function (L, map, { open, addresses }) {
    const shapes = new Map(), ground = L.layerGroup().addTo(map), active = L.featureGroup().addTo(map), names = L.layerGroup().addTo(map);
    let told = [], drawn = new Map();

    async function fetched(name) {
      if (!shapes.has(name)) shapes.set(name, fetch(addresses[name]).then((answer) => answer.json()));
      return shapes.get(name).catch((error) => { shapes.delete(name); throw error; });
    }

    async function base() {
      const [cities, counties, rivers] = await Promise.all([fetched("neighbours"), fetched("counties"), fetched("rivers")]);
      const drawnAs = (data, className) => L.geoJSON(data, { interactive: false, style: { className } }).addTo(ground);
      drawnAs(cities, "map-city");
      drawnAs(counties, "map-county");
      const water = map.getPane("water") || map.createPane("water");
      water.style.zIndex = 410;
      water.style.pointerEvents = "none";
      L.geoJSON(rivers, { interactive: false, pane: "water", style: { className: "map-river" } }).addTo(ground);
    }

    async function outlines() {
      const all = await Promise.all([fetched("counties"), fetched("towns")]);
      return new Map(all.flatMap((one) => one.features).map((feature) => [feature.properties.code, feature]));
    }

    function paint(layer, found, classes) {
      const path = layer.getElement && layer.getElement();
      if (path) path.dataset.ink = found.shared.length > 1 ? shared(found.shared, classes) : inkOf(found.step, classes);
    }

    function shared(regions, classes) {
      const inks = new Set(regions.map((one) => inkOf(one.step, classes)));
      return inks.size === 1 ? [...inks][0] : "none";
    }

    function words(found) {
      const rows = found.shared.map((one) => html`<b>${one.name}</b><span>${one.value === null ? one.reason : one.text}${
        one.mark ? html` <i class="pv m">模</i>` : ""}</span>${one.value !== null && one.reason ? html`<em>${one.reason}</em>` : ""}`);
      return html`<div class="mr">${rows}${found.shared.length > 1 ? html`<em>几个街道共用一格，逐个数值见左侧列表</em>` : ""}</div>`;
    }

    function area(feature, found, classes) {
      const isCell = feature.properties.approximate;
      const layer = L.geoJSON(feature, { style: { className: `map-region${isCell ? " cell" : ""}` } }).addTo(active);
      layer.eachLayer((one) => {
        one.bindTooltip(() => write(document.createElement("div"), words(layer.found || found)), { sticky: true, className: "map-said" });
        one.on("click", (event) => open(found.shared[0].region, event));
        paint(one, found, classes);
        const path = one.getElement();
        if (path) path.dataset.region = found.shared[0].region;
      });
      drawn.set(found.shape, layer);
    }

    function label(found, at) {
      const place = document.createElement("div"), single = found.shared.length === 1;
      const value = single && found.value !== null ? html`<span>${found.text}</span>` : "";
      write(place, html`<b>${single ? found.name : `${found.shared.length} 个街道`}</b>${value}`);
      place.className = "map-name";
      L.marker(at, { interactive: false, keyboard: false, icon: L.divIcon({ className: "map-names", html: place, iconSize: [0, 0] }) }).addTo(names);
    }

    /** Hide labels that would lie on others. */
    function tidy() {
      const all = [...map.getContainer().querySelectorAll(".map-name")];
      const boxes = all.map((one) => one.getBoundingClientRect())
        .map((box) => ({ x: box.left + box.width / 2, y: box.top + box.height / 2, w: box.width + 6, h: box.height + 2 }));
      clear(boxes).forEach((isFree, index) => { all[index].style.visibility = isFree ? "" : "hidden"; });
    }

    function labels() {
      names.clearLayers();
      byShape(told).forEach((found, shape) => {
        const layer = drawn.get(shape);
        if (!layer) return;
        const own = found.shared.length === 1 && found.lat !== null;
        label(found, own ? [found.lat, found.lon] : layer.getBounds().getCenter());
      });
      requestAnimationFrame(tidy);
    }

    map.on("zoomend moveend", () => requestAnimationFrame(tidy));

    return {
      base,
      /** Draw the regions of an answer anew. */
      async draw(values) {
        const outline = await outlines();
        told = values.shades.map((one) => ({ ...one, mark: values.mark }));
        active.clearLayers();
        drawn = new Map();
        const classes = values.classes.length, found = byShape(told);
        [...found].sort(([a], [b]) => a.length - b.length).forEach(([shape, one]) => {
          if (outline.has(shape)) area(outline.get(shape), one, classes);
        });
        labels();
      },
      /** Other values on the same regions: {code: {step, text, value, reason}}. */
      repaint(values, classes) {
        told = told.map((one) => ({ ...one, ...(values[one.region] || { step: null, value: null, text: "—", reason: "此刻没有数据" }) }));
        byShape(told).forEach((found, shape) => {
          const layer = drawn.get(shape);
          if (!layer) return;
          layer.found = found;
          layer.eachLayer((one) => paint(one, found, classes));
        });
        labels();
      },
      bounds: () => (active.getLayers().length ? active.getBounds() : null),
    };
  };
})(globalThis.cockpit = globalThis.cockpit || {});
