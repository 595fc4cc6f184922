/* Reads pictures of a base map out of one .pmtiles file (version 3) by ranges: header, directories, tile. */
(function (cockpit) {
  "use strict";
  const HEADER = 16384, TYPES = { 2: "image/png", 3: "image/jpeg", 4: "image/webp", 5: "image/avif" }, GZIP = 2, DEPTH = 4;

  /** The number of a tile along the Hilbert curve, all lower zooms first. */
  function number(z, x, y) {
    let id = (4 ** z - 1) / 3, tx = x, ty = y;
    for (let side = 2 ** (z - 1); side >= 1; side /= 2) {
      const rx = Math.floor(tx / side) % 2, ry = Math.floor(ty / side) % 2;
      id += side * side * ((3 * rx) ^ ry);
      tx %= side; ty %= side;
      if (ry === 0) {
        if (rx === 1) { tx = side - 1 - tx; ty = side - 1 - ty; }
        [tx, ty] = [ty, tx];
      }
    }
    return id;
  }

  function whole(view, at) { return Number(view.getBigUint64(at, true)); }

  function header(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (new TextDecoder().decode(bytes.subarray(0, 7)) !== "PMTiles" || bytes[7] !== 3) throw new Error("not a PMTiles 3 file");
    if (!TYPES[bytes[99]]) throw new Error("only pictures are drawn, no vector tiles");
    return { root: [whole(view, 8), whole(view, 16)], leaves: whole(view, 40), data: whole(view, 56), packed: bytes[97],
      type: TYPES[bytes[99]], least: bytes[100], most: bytes[101] };
  }

  /** Entries of a directory: [{id, run, length, offset}]. */
  function directory(bytes) {
    let at = 0;
    const next = () => {
      let value = 0, place = 1, byte;
      do { byte = bytes[at]; at += 1; value += (byte & 127) * place; place *= 128; } while (byte > 127);
      return value;
    };
    const entries = Array.from({ length: next() }, () => ({}));
    let id = 0;
    entries.forEach((entry) => { id += next(); entry.id = id; });
    entries.forEach((entry) => { entry.run = next(); });
    entries.forEach((entry) => { entry.length = next(); });
    entries.forEach((entry, index) => {
      const told = next(), before = entries[index - 1];
      entry.offset = told === 0 && before ? before.offset + before.length : told - 1;
    });
    return entries;
  }

  function entryFor(entries, id) {
    const found = entries.filter((entry) => entry.id <= id).pop();
    return found && (found.run === 0 || id < found.id + found.run) ? found : null;
  }

  async function unpacked(bytes, packed) {
    if (packed !== GZIP) return bytes;
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  /** An archive read by `read(offset, length)` → bytes. `tile(z, x, y)` gives {bytes, type} or null. */
  function archive(read) {
    const kept = new Map();
    let head = null;
    const start = () => { head = head || read(0, HEADER).then(header); return head; };
    function entries(offset, length, packed) {
      const key = `${offset}`;
      if (!kept.has(key)) kept.set(key, read(offset, length).then((bytes) => unpacked(bytes, packed)).then(directory));
      return kept.get(key);
    }
    async function tile(z, x, y) {
      const told = await start(), id = number(z, x, y);
      let [offset, length] = told.root;
      for (let depth = 0; depth < DEPTH; depth += 1) {
        const found = entryFor(await entries(offset, length, told.packed), id);
        if (!found) return null;
        if (found.run) return { bytes: await read(told.data + found.offset, found.length), type: told.type };
        [offset, length] = [told.leaves + found.offset, found.length];
      }
      return null;
    }
    return { start, tile };
  }

  cockpit.map = Object.assign(cockpit.map || {}, { archive: { open: archive, number, directory } });

  function ranges(address) {
    return async (offset, length) => {
      const answer = await fetch(address, { headers: { Range: `bytes=${offset}-${offset + length - 1}` } });
      if (answer.status !== 206) throw new Error(`${address}: ${answer.status}`);
      return new Uint8Array(await answer.arrayBuffer());
    };
  }

  /** The base map of the setting as a Leaflet layer; what does not come is left blank. */
  cockpit.map.makeBase = function (L, address) {
    if (!address.split("?")[0].endsWith(".pmtiles")) return L.tileLayer(address, { maxZoom: 18, className: "map-tile" });
    const source = archive(ranges(address));
    const Layer = L.GridLayer.extend({
      createTile({ x, y, z }, done) {
        const picture = L.DomUtil.create("img", "leaflet-tile map-tile");
        picture.alt = "";
        source.tile(z, x, y).then((found) => {
          if (!found) { done(null, picture); return; }
          picture.onload = () => { URL.revokeObjectURL(picture.src); done(null, picture); };
          picture.src = URL.createObjectURL(new Blob([found.bytes], { type: found.type }));
        }).catch((error) => done(error, picture));
        return picture;
      },
    });
    const layer = new Layer({ maxZoom: 18 });
    source.start().then((told) => { layer.options.maxNativeZoom = told.most; layer.options.minNativeZoom = told.least; layer.redraw(); }).catch(() => {});
    return layer;
  };
})(globalThis.cockpit = globalThis.cockpit || {});
