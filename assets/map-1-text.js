/* What the map writes: every popup, label, list and legend goes through `html`, which escapes all it is given. */
(function (cockpit) {
  "use strict";
  const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

  class Written { constructor(text) { this.text = text; } toString() { return this.text; } }

  /** Plain text as HTML; the one place where the map escapes. */
  function escape(value) { return String(value ?? "").replace(/[&<>"']/g, (one) => ENTITIES[one]); }

  function part(value) {
    if (value instanceof Written) return value.text;
    return Array.isArray(value) ? value.map(part).join("") : escape(value);
  }

  /** Template: what is written in the script is HTML, what is put in is text. */
  function html(strings, ...values) {
    return new Written(strings.reduce((text, string, index) => text + part(values[index - 1]) + string));
  }

  /** Put what `html` wrote into an element; anything else is refused. */
  function write(place, written) {
    if (!(written instanceof Written)) throw new TypeError("only what html`…` wrote may be put on the page");
    place.innerHTML = written.text;
    return place;
  }

  function metres(length) {
    return length < 1000 ? `${Math.round(length)} 米` : `${(length / 1000).toFixed(length < 1e5 ? 2 : 0)} 公里`;
  }

  function squareKm(size) {
    return size < 0.1 ? `${Math.round(size * 1e6).toLocaleString("en")} 平方米` : `${size.toFixed(size < 100 ? 2 : 0)} 平方公里`;
  }

  /** The popup of an object. */
  function spot(found, clock) {
    const heard = found.heard_at ? clock.when(Date.parse(found.heard_at), clock.now()) : null;
    const mark = found.mark ? html`<i class="pv m" title="模拟数据">模</i>` : "";
    const rows = [["类别", `${found.layer_name} · ${found.kind}`], ["所在", found.town_name], ["主题", found.theme_name],
      ["最近上报", heard && `${heard}${found.silent ? "（静默）" : ""}`],
      ["坐标", `${found.lon.toFixed(5)}，${found.lat.toFixed(5)}（WGS84）`], ["说明", found.note]];
    return html`<div class="mp"><b>${mark}${found.name}</b><dl>${rows.filter((row) => row[1])
      .map(([term, said]) => html`<dt>${term}</dt><dd>${said}</dd>`)}</dl></div>`;
  }

  cockpit.map = Object.assign(cockpit.map || {}, { escape, html, write, metres, squareKm, spot });
})(globalThis.cockpit = globalThis.cockpit || {});
