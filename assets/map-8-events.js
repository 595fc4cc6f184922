/* Open events on the map: colour and number tell the level, a ring that time has run out, size and a thin ring the age. */
(function (cockpit) {
  "use strict";
  const { html } = cockpit.map;
  const NAMES = ["一般", "红", "橙", "黄", "蓝"], INKS = [null, "red", "org", "yel", "blu"];
  const FRESH = 3600, OLD = 86400;

  /** How an event is drawn: radius in pixels, and whether it is fresh (within the hour) or old (over a day). */
  function look(level, age) {
    const size = level === 1 ? 13 : level === 2 ? 12 : level ? 10 : 7;
    return { size: age > OLD ? size - 2 : size, isFresh: age < FRESH, isOld: age > OLD };
  }

  /** The colours of the page's look. */
  function inks() {
    const style = getComputedStyle(document.documentElement), value = (name) => style.getPropertyValue(name).trim();
    return { edge: value("--sea"), plain: value("--tx1"), onPlain: value("--bg0"), late: value("--sla"),
      fill: INKS.map((name) => name && value(`--${name}`)), text: INKS.map((name) => name && value(`--on-${name}`)) };
  }

  function ring(pen, x, y, r, colour, width) {
    pen.beginPath();
    pen.arc(x, y, r, 0, 2 * Math.PI);
    pen.lineWidth = width;
    pen.strokeStyle = colour;
    pen.stroke();
  }

  function draw(pen, set, index, x, y, now, colours) {
    const level = set.level[index], { size, isFresh } = look(level, now - set.since[index]);
    pen.beginPath();
    pen.arc(x, y, size, 0, 2 * Math.PI);
    pen.fillStyle = colours.fill[level] || colours.plain;
    pen.globalAlpha = set.sure[index] ? 1 : 0.75;
    pen.fill();
    pen.globalAlpha = 1;
    ring(pen, x, y, size, colours.edge, 1.5);
    if (set.overdue[index]) ring(pen, x, y, size + 2.5, colours.late, 3);
    if (isFresh) ring(pen, x, y, size + 6, colours.plain, 1);
    if (!level) return size;
    pen.fillStyle = colours.text[level];
    pen.font = `600 ${size + 2}px "Barlow SC", sans-serif`;
    pen.textAlign = "center"; pen.textBaseline = "middle";
    pen.fillText(String(level), x, y + 0.5);
    return size;
  }

  /** The popup of an event, with the way to it. */
  function told(set, index, clock) {
    const since = clock.when(set.since[index] * 1000, clock.now());
    const rows = [["等级", NAMES[set.level[index]]], ["环节", `${set.stage[index]}${set.overdue[index] ? "（超期）" : ""}`],
      ["发生", since], ["位置", set.sure[index] ? "" : "镇街中心（约）"], ["编号", set.number[index]]];
    return html`<div class="mp"><b>${set.mark ? html`<i class="pv m" title="模拟数据">模</i>` : ""}${set.title[index]}</b><dl>${rows
      .filter((row) => row[1]).map(([term, said]) => html`<dt>${term}</dt><dd>${said}</dd>`)}</dl>
      <a class="act" href="/event/${encodeURIComponent(set.number[index])}">打开事件</a></div>`;
  }

  cockpit.map = Object.assign(cockpit.map || {}, { events: { look, inks, draw, told } });
})(globalThis.cockpit = globalThis.cockpit || {});
