/* Objects of the map on one canvas of our own: columns in, clusters of 80 pixels, a hundred thousand points without an element each. */
(function (cockpit) {
  "use strict";
  const RADIUS = 80, LONE = 14, SIZE = 5.5, REACH = 14, MARGIN = 0.25;
  const { plane } = cockpit.map;

  const PATHS = {
    circle(pen, x, y, r) { pen.arc(x, y, r, 0, 2 * Math.PI); },
    square(pen, x, y, r) { pen.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8); },
    triangle(pen, x, y, r) { pen.moveTo(x, y - r); pen.lineTo(x + r, y + r * 0.85); pen.lineTo(x - r, y + r * 0.85); pen.closePath(); },
    diamond(pen, x, y, r) { pen.moveTo(x, y - r * 1.2); pen.lineTo(x + r * 1.2, y); pen.lineTo(x, y + r * 1.2); pen.lineTo(x - r * 1.2, y); pen.closePath(); },
  };

  function ink() {
    const look = getComputedStyle(document.documentElement), value = (name) => look.getPropertyValue(name).trim();
    return { fill: value("--tx1"), edge: value("--sea"), text: value("--bg0"), soft: value("--tx2"), chosen: value("--ac") };
  }

  cockpit.map.makePoints = (L) => L.Layer.extend({
    initialize() { this._sets = new Map(); this._drawn = []; this._hidden = false; },

    onAdd(map) {
      const pane = map.getPane("objects") || map.createPane("objects");
      pane.style.zIndex = 450;
      pane.style.pointerEvents = "none";
      this._canvas = L.DomUtil.create("canvas", "leaflet-zoom-animated", pane);
      this._watch = new MutationObserver(() => this.redraw());
      this._watch.observe(document.documentElement, { attributes: true, attributeFilter: ["data-scheme"] });
      this.redraw();
    },

    onRemove() { this._watch.disconnect(); this._canvas.remove(); },

    getEvents() { return { moveend: this._moved, zoomend: this.redraw, resize: this.redraw, zoomanim: this._zooming }; },

    /** A short drag stays on what is drawn: the canvas is wider than the view. */
    _moved() {
      const { zoom, origin, whole } = this._at, map = this._map, size = map.getSize();
      const at = map.containerPointToLayerPoint([0, 0]).subtract(this._corner), isSame = zoom === map.getZoom() && origin.equals(map.getPixelOrigin());
      if (isSame && plane.covers(whole, at, size)) return;
      this.redraw();
    },

    /** Take up a layer's columns, or drop it with null. */
    set(key, columns) {
      if (columns) this._sets.set(key, { ...columns, ...plane.project(columns.lon, columns.lat), grouped: new Map() });
      else this._sets.delete(key);
      if (this._map) this.redraw();
    },

    keys() { return [...this._sets.keys()]; },
    heat(isOn) { if (this._heat === isOn) return; this._heat = isOn; if (this._map) this.redraw(); },
    hide(hidden) { this._hidden = hidden; if (this._map) this.redraw(); },
    count() { return this._drawn.length; },

    redraw() {
      const map = this._map, size = map.getSize(), pad = size.multiplyBy(MARGIN).round(), whole = size.add(pad.multiplyBy(2));
      const sharp = Math.min(2, window.devicePixelRatio || 1), canvas = this._canvas;
      this._corner = map.containerPointToLayerPoint([-pad.x, -pad.y]);
      this._at = { zoom: map.getZoom(), corner: map.layerPointToLatLng(this._corner), origin: map.getPixelOrigin(), whole };
      const pen = this._sheet(canvas, whole, sharp);
      L.DomUtil.setPosition(canvas, this._corner);
      this._drawn = [];
      if (!this._hidden) this._draw(pen, map.project(this._at.corner, this._at.zoom), whole);
    },

    /** The canvas, blank, at this size; one of the same size is wiped: making it anew costs frames. */
    _sheet(canvas, whole, sharp) {
      const pen = canvas.getContext("2d"), wide = Math.round(whole.x * sharp), high = Math.round(whole.y * sharp);
      if (canvas.width === wide && canvas.height === high) {
        pen.setTransform(1, 0, 0, 1, 0, 0);
        pen.clearRect(0, 0, wide, high);
      } else {
        canvas.width = wide; canvas.height = high;
        canvas.style.width = `${whole.x}px`; canvas.style.height = `${whole.y}px`;
      }
      pen.setTransform(sharp, 0, 0, sharp, 0, 0);
      return pen;
    },

    _draw(pen, corner, whole) {
      const zoom = this._at.zoom, colours = ink(), now = cockpit.clock.now() / 1000;
      if (this._heat) this._dense(pen, corner, whole, colours);
      this._sets.forEach((set, key) => {
        if (this._heat && !set.level) return;
        const inside = (x, y) => x > -REACH && y > -REACH && x < whole.x + REACH && y < whole.y + REACH;
        if (set.level) this._events(pen, key, set, corner, inside, now);
        else if (zoom >= LONE || set.lon.length < 60) this._single(pen, key, set, corner, inside, colours, now);
        else this._grouped(pen, key, set, corner, inside, colours, now);
      });
    },

    /** Objects of all layers that are on, as one density. */
    _dense(pen, corner, whole, colours) {
      const scale = 2 ** this._at.zoom, xs = [], ys = [];
      this._sets.forEach((set) => {
        if (set.level) return;
        for (let index = 0; index < set.lon.length; index += 1) { xs.push(set.x[index] * scale - corner.x); ys.push(set.y[index] * scale - corner.y); }
      });
      pen.fillStyle = colours.fill;
      cockpit.map.heat.paint(pen, cockpit.map.heat.density(xs, ys, whole.x, whole.y));
    },

    /** Events are never clustered: the least urgent first, so that the most urgent lie on top. */
    _events(pen, key, set, corner, inside, now) {
      const scale = 2 ** this._at.zoom, inks = cockpit.map.events.inks();
      for (let index = set.lon.length - 1; index >= 0; index -= 1) {
        const x = set.x[index] * scale - corner.x, y = set.y[index] * scale - corner.y;
        if (!inside(x, y)) continue;
        const r = cockpit.map.events.draw(pen, set, index, x, y, now, inks);
        this._drawn.push({ x, y, r: Math.max(REACH, r), key, index });
      }
    },

    _single(pen, key, set, corner, inside, colours, now) {
      const scale = 2 ** this._at.zoom;
      for (let index = 0; index < set.lon.length; index += 1) {
        const x = set.x[index] * scale - corner.x, y = set.y[index] * scale - corner.y;
        if (inside(x, y)) this._one(pen, key, set, index, x, y, colours, now);
      }
    },

    _grouped(pen, key, set, corner, inside, colours, now) {
      const zoom = this._at.zoom;
      if (!set.grouped.has(zoom)) { set.grouped.clear(); set.grouped.set(zoom, plane.clusters(set, zoom, RADIUS)); }
      set.grouped.get(zoom).forEach((group) => {
        const x = group.x - corner.x, y = group.y - corner.y;
        if (!inside(x, y)) return;
        if (group.count === 1) this._one(pen, key, set, group.first, x, y, colours, now);
        else this._many(pen, key, set, group, x, y, colours);
      });
    },

    _one(pen, key, set, index, x, y, colours, now) {
      const strong = set.heard ? plane.strength(now - set.heard[index], set.every) : 1;
      if (!strong) return;
      pen.globalAlpha = strong;
      pen.beginPath();
      PATHS[set.symbol](pen, x, y, SIZE);
      if (strong === 1) { pen.fillStyle = colours.fill; pen.fill(); }
      pen.lineWidth = strong === 1 ? 1 : 1.6;
      pen.strokeStyle = strong === 1 ? colours.edge : colours.fill;
      pen.stroke();
      pen.globalAlpha = 1;
      this._drawn.push({ x, y, r: REACH, key, index });
    },

    _many(pen, key, set, group, x, y, colours) {
      const r = Math.min(22, 10 + 3 * Math.log10(group.count) * 1.6), text = group.count > 9999 ? `${Math.round(group.count / 1000)}k` : String(group.count);
      pen.beginPath();
      PATHS[set.symbol](pen, x, y, r);
      pen.fillStyle = colours.fill; pen.fill();
      pen.lineWidth = 2; pen.strokeStyle = colours.edge; pen.stroke();
      pen.fillStyle = colours.text;
      pen.font = `600 ${text.length > 3 ? 11 : 13}px "Barlow SC", sans-serif`;
      pen.textAlign = "center"; pen.textBaseline = "middle";
      pen.fillText(text, x, y + (set.symbol === "triangle" ? 3 : 0.5));
      this._drawn.push({ x, y, r, key, group });
    },

    _zooming(event) {
      const map = this._map, scale = map.getZoomScale(event.zoom, this._at.zoom);
      const offset = map._latLngToNewLayerPoint(this._at.corner, event.zoom, event.center);
      L.DomUtil.setTransform(this._canvas, offset, scale);
    },

    /** What is drawn at a point of the container, the topmost first; null if nothing is. */
    hit(point) {
      const at = this._map.containerPointToLayerPoint(point).subtract(this._corner);
      for (let index = this._drawn.length - 1; index >= 0; index -= 1) {
        const one = this._drawn[index];
        if (Math.abs(one.x - at.x) <= one.r && Math.abs(one.y - at.y) <= one.r) return one;
      }
      return null;
    },

    /** The number and place of an object that `hit` found. */
    object({ key, index }) {
      const set = this._sets.get(key);
      return { key, index, set, number: set.number[index], lat: set.lat[index], lon: set.lon[index] };
    },
  });
})(globalThis.cockpit = globalThis.cockpit || {});
