/* Measuring and drawing areas by clicks: distance, polygon, rectangle, circle. One tool at a time; Esc puts it away. */
(function (cockpit) {
  "use strict";
  const { plane, html, write, metres } = cockpit.map;
  const NEEDS = { box: 2, circle: 2 };

  /** Tools on a map. `finished(area)` is told the text of a drawn area, or null when it was cleared. */
  cockpit.map.makeTools = function (L, map, finished) {
    const pane = map.createPane("drawn");
    pane.style.zIndex = 460;
    pane.style.pointerEvents = "none";
    const ink = L.layerGroup().addTo(map), kept = L.layerGroup().addTo(map);
    let tool = null, points = [];

    function at(latlng) { return [latlng.lng, latlng.lat]; }
    const back = ([lon, lat]) => L.latLng(lat, lon);

    function buttons() {
      document.querySelectorAll("[data-tool]:not([data-tool=heat]):not([data-tool=watch])").forEach((one) => {
        one.setAttribute("aria-pressed", String(one.dataset.tool === tool));
      });
      map.getContainer().classList.toggle("drawing", Boolean(tool));
    }

    function say(point, words) {
      const content = write(document.createElement("span"), html`${words}`);
      L.tooltip({ permanent: true, direction: "right", className: "map-said tool", offset: [8, 0] })
        .setLatLng(back(point)).setContent(content).addTo(ink);
    }

    function outline(kind, line, radius) {
      const look = { pane: "drawn", className: "map-drawn", interactive: false };
      if (kind === "circle") return L.circle(back(line[0]), { ...look, radius: radius ?? plane.distance(line[0], line[1]) });
      if (kind === "box") return L.rectangle(L.latLngBounds(line.map(back)), look);
      return kind === "polygon" ? L.polygon(line.map(back), look) : L.polyline(line.map(back), { ...look, className: "map-drawn line" });
    }

    function sketch(hover) {
      ink.clearLayers();
      const line = hover ? [...points, hover] : points;
      if (!line.length) return;
      line.forEach((point) => L.circleMarker(back(point), { pane: "drawn", radius: 3, className: "map-drawn", interactive: false }).addTo(ink));
      if (line.length > 1) outline(tool, line).addTo(ink);
      if (tool === "measure" && line.length > 1) say(line[line.length - 1], metres(plane.length(line)));
      if (tool === "circle" && line.length > 1) say(line[1], `半径 ${metres(plane.distance(line[0], line[1]))}`);
    }

    function put(name) {
      tool = tool === name ? null : name;
      points = [];
      ink.clearLayers();
      buttons();
    }

    function finish() {
      const drawn = plane.area(tool, points);
      if (tool === "measure") { sketch(); tool = null; points = []; buttons(); return; }
      if (!drawn) return;
      put(tool);
      finished(drawn);
    }

    function click(event) {
      const point = at(event.latlng), last = points[points.length - 1];
      if (last && plane.distance(last, point) < 1e-3) return;
      points.push(point);
      sketch();
      if (NEEDS[tool] === points.length) finish();
    }

    map.on("mousemove", (event) => { if (tool && points.length) sketch(at(event.latlng)); });
    map.on("dblclick", () => { if (tool) finish(); });

    return {
      click, finish, put,
      isActive: () => Boolean(tool),
      cancel() { put(tool); },
      clear() { ink.clearLayers(); kept.clearLayers(); tool = null; points = []; buttons(); finished(null); },
      /** Show the area the address names. */
      show(text) {
        kept.clearLayers();
        const told = plane.figure(text);
        if (told) outline(told.kind, told.points, told.metres).addTo(kept);
        return told;
      },
    };
  };
})(globalThis.cockpit = globalThis.cockpit || {});
