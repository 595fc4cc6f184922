/* Reckoning of the map: projection, clusters, distances, fading, and the address that holds the view. No page needed. */
(function (cockpit) {
  "use strict";
  const RADIUS = 6371000, TILE = 256, DEGREE = Math.PI / 180;
  const NEAR = 0.6, GONE = 24, FADED = 0.25;

  /** Columns of degrees as pixels of a world 256 wide (web Mercator). */
  function project(lon, lat) {
    const x = new Float64Array(lon.length), y = new Float64Array(lon.length);
    for (let index = 0; index < lon.length; index += 1) {
      x[index] = (lon[index] / 360 + 0.5) * TILE;
      const sine = Math.sin(lat[index] * DEGREE);
      y[index] = (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * TILE;
    }
    return { x, y };
  }

  /** Points that share a cell of `radius` pixels at `zoom` become one; clusters that still touch are joined.
      Gives [{x, y, count, first}] in pixels of that zoom; `first` is the index of one member. */
  function clusters({ x, y }, zoom, radius) {
    const scale = 2 ** zoom, cells = new Map();
    for (let index = 0; index < x.length; index += 1) {
      const px = x[index] * scale, py = y[index] * scale;
      const key = Math.floor(px / radius) * 67108864 + Math.floor(py / radius), cell = cells.get(key);
      if (cell) { cell.count += 1; cell.sx += px; cell.sy += py; }
      else cells.set(key, { key, count: 1, sx: px, sy: py, first: index });
    }
    return joined(cells, radius).map((cell) => ({ x: cell.sx / cell.count, y: cell.sy / cell.count, count: cell.count, first: cell.first }));
  }

  function joined(cells, radius) {
    const order = [...cells.values()].sort((a, b) => b.count - a.count || a.key - b.key);
    order.forEach((cell) => {
      if (cell.gone) return;
      for (const step of [-67108865, -67108864, -67108863, -1, 1, 67108863, 67108864, 67108865]) {
        const other = cells.get(cell.key + step);
        if (!other || other.gone || other === cell || other.count > cell.count) continue;
        const away = Math.hypot(other.sx / other.count - cell.sx / cell.count, other.sy / other.count - cell.sy / cell.count);
        if (away > radius * NEAR) continue;
        cell.count += other.count; cell.sx += other.sx; cell.sy += other.sy; other.gone = true;
      }
    });
    return order.filter((cell) => !cell.gone);
  }

  /** How strongly an object is drawn that was heard `age` seconds ago and reports every so many: it fades from two
      missed reports on and is gone after 24. What reports nothing never fades. */
  function strength(age, every) {
    if (!every || age <= 2 * every) return 1;
    if (age > GONE * every) return 0;
    return Math.max(FADED, 1 - (age / every - 2) / 8);
  }

  /** Metres between [lon, lat] pairs along the great circle. */
  function distance([lonA, latA], [lonB, latB]) {
    const half = Math.sin((latB - latA) * DEGREE / 2) ** 2
      + Math.cos(latA * DEGREE) * Math.cos(latB * DEGREE) * Math.sin((lonB - lonA) * DEGREE / 2) ** 2;
    return 2 * RADIUS * Math.asin(Math.sqrt(Math.min(1, half)));
  }

  function length(line) {
    return line.slice(1).reduce((sum, point, index) => sum + distance(line[index], point), 0);
  }

  const short = (number) => String(Math.round(number * 1e5) / 1e5);
  const pair = (point) => point.map(short).join(",");

  /** A drawn figure as the address and the interface write it; null while it is not finished. */
  function area(kind, points) {
    if (kind === "box" && points.length === 2) {
      const [[a, b], [c, d]] = points;
      if (a === c || b === d) return null;
      return `box:${[Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)].map(short).join(",")}`;
    }
    if (kind === "circle" && points.length === 2) {
      const metres = Math.round(distance(points[0], points[1]));
      return metres > 0 ? `circle:${pair(points[0])},${metres}` : null;
    }
    return kind === "polygon" && points.length >= 3 ? `polygon:${points.map(pair).join(";")}` : null;
  }

  /** The same back: {kind, points, metres}; null if it is none. */
  function figure(text) {
    const [kind, told] = (text || "").split(":"), numbers = (told || "").split(/[,;|]/).map(Number);
    if (!told || numbers.some((number) => !Number.isFinite(number))) return null;
    if (kind === "box" && numbers.length === 4) {
      const [west, south, east, north] = numbers;
      return { kind, points: [[west, south], [east, north]] };
    }
    if (kind === "circle" && numbers.length === 3) return { kind, points: [numbers.slice(0, 2)], metres: numbers[2] };
    if (kind !== "polygon" || numbers.length < 6 || numbers.length % 2) return null;
    const [points, ...holes] = told.split("|").map((ring) => ring.split(";").map((one) => one.split(",").map(Number)));
    return holes.length ? { kind, points, holes } : { kind, points };
  }

  /** What an address says of the map: region, indicator, layers, moment, area, view. */
  function read(search) {
    const query = new URLSearchParams(search), numbers = (query.get("c") || "").split(",").map(Number);
    const zoom = Number(query.get("z")), hasView = query.has("z") && query.has("c") && numbers.length === 2
      && numbers.every(Number.isFinite) && Math.abs(numbers[0]) <= 180 && Math.abs(numbers[1]) <= 85 && zoom >= 1 && zoom <= 22;
    return {
      region: query.get("region"), indicator: query.get("indicator"), world: query.get("world"), at: query.get("at"),
      area: query.get("area"), event: query.get("event"), watch: query.get("watch"), asOf: query.get("as_of"), heat: query.get("heat") === "1", layers: (query.get("layer") || "").split(",").filter(Boolean),
      view: hasView ? { lon: numbers[0], lat: numbers[1], zoom } : null,
    };
  }

  /** `search` with some parameters changed; null or "" takes one out. Drilling keeps everything but the view. */
  function changed(search, changes) {
    const query = new URLSearchParams(search);
    Object.entries(changes).forEach(([key, value]) => { if (value) query.set(key, value); else query.delete(key); });
    const text = query.toString().replace(/%2C/g, ",").replace(/%3A/g, ":").replace(/%3B/g, ";");
    return text ? `?${text}` : "";
  }

  /** A link of the page with what the address holds and the link does not name; the view is left behind. */
  function carried(search, href) {
    const [path, own] = href.split("?"), query = new URLSearchParams(own || ""), here = new URLSearchParams(search);
    ["world", "indicator", "layer", "heat", "at"].forEach((key) => { if (!query.has(key) && here.has(key)) query.set(key, here.get(key)); });
    return path + changed(`?${query}`, {});
  }

  /** True if a view of `size` at `at` lies within the `whole` picture that is drawn. All {x, y} in pixels. */
  function covers(whole, at, size) { return at.x >= 0 && at.y >= 0 && at.x + size.x <= whole.x && at.y + size.y <= whole.y; }

  cockpit.map = Object.assign(cockpit.map || {}, { plane: { covers, project, clusters, strength, distance, length, area, figure, read, changed, carried } });
})(globalThis.cockpit = globalThis.cockpit || {});
