/* Photos of an event: checked here, sent as soon as they are taken with their progress, with the place the camera wrote. */
(function (cockpit) {
  "use strict";
  const MOST = 10 * 2 ** 20, KINDS = new Set(["image/jpeg", "image/png", "image/webp", "application/pdf"]);

  /** Why a file cannot be sent; "" if it can. */
  function refused(type, size) {
    if (!KINDS.has(type)) return "只接受 JPEG、PNG、WebP 照片和 PDF 文件";
    return size > MOST ? "超过 10 MB" : size ? "" : "文件是空的";
  }

  function rational(view, at, little) { return view.getUint32(at, little) / (view.getUint32(at + 4, little) || 1); }

  function degrees(view, at, little) { return rational(view, at, little) + rational(view, at + 8, little) / 60 + rational(view, at + 16, little) / 3600; }

  function entries(view, base, offset, little) {
    const found = new Map(), count = view.getUint16(base + offset, little);
    for (let index = 0; index < count; index += 1) {
      const at = base + offset + 2 + index * 12;
      found.set(view.getUint16(at, little), at);
    }
    return found;
  }

  function gps(view, base) {
    const little = view.getUint16(base) === 0x4949, first = entries(view, base, view.getUint32(base + 4, little), little);
    if (!first.has(0x8825)) return null;
    const tags = entries(view, base, view.getUint32(first.get(0x8825) + 8, little), little);
    if (![1, 2, 3, 4].every((tag) => tags.has(tag))) return null;
    const angle = (tag) => degrees(view, base + view.getUint32(tags.get(tag) + 8, little), little);
    const sign = (tag, negative) => (String.fromCharCode(view.getUint8(tags.get(tag) + 8)) === negative ? -1 : 1);
    return { lon: sign(3, "W") * angle(4), lat: sign(1, "S") * angle(2) };
  }

  /** Where a JPEG says it was taken (Exif 2.3, GPS IFD), as {lon, lat}; null if it does not. */
  function place(buffer) {
    try {
      const view = new DataView(buffer);
      if (view.getUint16(0) !== 0xffd8) return null;
      for (let at = 2; at + 4 < view.byteLength && view.getUint8(at) === 0xff; at += 2 + view.getUint16(at + 2)) {
        if (view.getUint16(at) === 0xffe1 && view.getUint32(at + 4) === 0x45786966) {
          const found = gps(view, at + 10);
          return found && Number.isFinite(found.lon) && Number.isFinite(found.lat) && (found.lon || found.lat) ? found : null;
        }
      }
    } catch (cutShort) { /* not an Exif block we can read: no place */ }
    return null;
  }

  cockpit.uploads = { refused, place };
  if (typeof document === "undefined") return;

  const make = (tag, props, ...children) => { const made = Object.assign(document.createElement(tag), props); made.append(...children.filter(Boolean)); return made; };

  function row(form, name) {
    const list = form.querySelector("[data-uploads]"), line = make("li", {}, make("span", { textContent: name }));
    list.append(line);
    return line;
  }

  function done(line, hash, name, address) {
    const remove = make("button", { type: "button", textContent: "不附上" });
    remove.addEventListener("click", () => line.remove());
    line.replaceChildren(make("img", { src: `${address}/${hash}`, alt: "" }), make("span", { textContent: name }), remove);
    line.dataset.hash = hash;
    line.dataset.name = name;
  }

  /** A file that is there already, as a draft remembers it. */
  cockpit.uploads.show = function (form, hash, name, address) {
    if (form.querySelector("[data-uploads]")) done(row(form, name), hash, name, address);
  };

  /** Send one file; resolves to the answer {status, body}. XMLHttpRequest because fetch tells no progress of sending. */
  cockpit.uploads.send = function (address, file, progress) {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest(), form = new FormData();
      form.append("file", file, file.name || "照片.jpg");
      request.open("POST", address);
      request.setRequestHeader("X-CSRFToken", cockpit.door.cookie(document.cookie, "_csrf_token"));
      request.responseType = "json";
      request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) progress(event.loaded / event.total); });
      request.addEventListener("loadend", () => resolve({ status: request.status, body: request.response }));
      request.send(form);
    });
  };

  cockpit.uploads.address = async function (base, kind, file) {
    const found = file.type === "image/jpeg" ? place(await file.slice(0, 262144).arrayBuffer()) : null;
    const query = new URLSearchParams(Object.assign({ kind }, found ? { lon: found.lon.toFixed(6), lat: found.lat.toFixed(6) } : {}));
    return `${base}?${query}`;
  };

  async function add(form, base, kind, file) {
    const line = row(form, file.name), why = refused(file.type, file.size);
    const bad = (words, again) => { line.append(make("span", { className: "bad", textContent: words }), again); delete line.dataset.busy; };
    if (why) { bad(why); return; }
    const bar = make("progress", { max: 1, value: 0 });
    line.append(bar);
    line.dataset.busy = "true";
    const { status, body } = await cockpit.uploads.send(await cockpit.uploads.address(base, kind, file), file, (share) => { bar.value = share; });
    bar.remove();
    if (status === 201 || status === 200) {
      delete line.dataset.busy;
      done(line, body.sha256, file.name, base);
      form.dispatchEvent(new Event("input", { bubbles: true }));
      return;
    }
    const again = make("button", { type: "button", textContent: "重传" });
    again.addEventListener("click", () => { line.remove(); add(form, base, kind, file); });
    bad(status ? (body && body.detail) || "没有传上" : "未送达", again);
  }

  document.addEventListener("change", (event) => {
    const field = event.target.closest(".aform input[type=file]");
    if (!field) return;
    const form = field.closest("form"), base = document.querySelector(".abar").dataset.files;
    [...field.files].forEach((file) => add(form, base, field.dataset.kind || "report", file));
    field.value = "";
  });
})(globalThis.cockpit = globalThis.cockpit || {});
