/* What the figures of charts are made of: widths of text, template, labels that keep clear of each other. No colour is named. */
(function (cockpit) {
  "use strict";
  const INKS = ["tx1", "tx2", "tx3", "ac", "line", "line2", "bg1", "bg2"];
  const NOTE_STEP = 0.65, NOTE_FIRST = 1.8;

  /** Text as Plotly writes it: its mark-up is for us alone. */
  function last(list) { return list[list.length - 1]; }
  function plain(text) { return String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;"); }

  /** Width of a text in rem: Chinese is square, the figures' type is narrow. */
  function breadth(text, size = 1) {
    return [...String(text)].reduce((sum, one) => sum + (one.charCodeAt(0) > 0x2e7f ? 1 : 0.52), 0) * size;
  }

  function widest(texts, size) { return texts.reduce((most, text) => Math.max(most, breadth(text, size)), 0); }

  function cut(text, room) {
    if (breadth(text) <= room) return text;
    let kept = "";
    for (const one of text) { if (breadth(kept + one) > room - 1) break; kept += one; }
    return `${kept}…`;
  }

  /** `text` in lines of at most `room` rem, two at most. */
  function wrapped(text, room) {
    if (breadth(text) <= 1.1 * room) return plain(text);
    const parts = [...text], even = Math.ceil(parts.length / 2);
    const half = breadth(parts.slice(0, even).join("")) <= room ? even : Math.max(Math.floor(room), 1);
    return `${plain(parts.slice(0, half).join(""))}<br>${plain(cut(parts.slice(half).join(""), Math.max(room, 2)))}`;
  }

  /** A `#rgb` or `#rrggbb` ink, thinned. */
  function thin(ink, part) {
    const full = ink.length === 4 ? ink.replace(/[^#]/g, "$&$&") : ink;
    const [red, green, blue] = [1, 3, 5].map((at) => parseInt(full.slice(at, at + 2), 16));
    return `rgba(${red},${green},${blue},${part})`;
  }

  /** Template cz_dark or cz_light, from the tokens of the scheme; its twin is components/figure_templates.py. */
  function template(tokens, rem, family) {
    const scale = {
      gridcolor: tokens.line, linecolor: tokens.line2, tickcolor: tokens.line2, zerolinecolor: tokens.line2,
      tickfont: { color: tokens.tx3 }, title: { font: { color: tokens.tx2 } },
      showline: false, zeroline: false, ticks: "", automargin: false, ticklabelstandoff: Math.round(rem / 3),
    };
    return { layout: {
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      font: { family, size: rem, color: tokens.tx2 }, colorway: [tokens.tx1, tokens.tx3, tokens.ac],
      xaxis: { ...scale, showgrid: false }, yaxis: { ...scale, showgrid: true }, showlegend: false,
      hoverlabel: { bgcolor: tokens.bg2, bordercolor: tokens.line2, font: { family, size: rem, color: tokens.tx1 } },
    } };
  }

  function layout(look, margin, more) {
    return {
      template: look.template, width: look.width, height: look.height, autosize: false, dragmode: false,
      margin: { pad: 0, ...margin }, ...more,
    };
  }

  /** Heights in pixels, moved apart so that neighbours keep `gap` and all stay between `low` and `high`. */
  function apart(wanted, gap, low, high) {
    const order = wanted.map((at, index) => [at, index]).sort((one, other) => one[0] - other[0]);
    order.forEach((one, rank) => { one[0] = Math.max(one[0], rank ? order[rank - 1][0] + gap : low); });
    for (let rank = order.length - 1, edge = high; rank >= 0; rank -= 1) {
      order[rank][0] = Math.min(order[rank][0], edge);
      edge = order[rank][0] - gap;
    }
    const moved = [];
    order.forEach(([at, index]) => { moved[index] = at; });
    return moved;
  }

  function scaled(axis, extent) { return (value) => ((axis.high - value) / (axis.high - axis.low)) * extent; }

  /** Words at the right end of lines, none over another. */
  function endings(ends, axis, look, extent) {
    const place = scaled(axis, extent), gap = 1.35 * look.rem, wanted = ends.map((end) => place(end.value));
    return apart(wanted, gap, 0, extent).map((at, index) => ({
      xref: "paper", x: 1, xanchor: "left", xshift: 0.4 * look.rem, yref: "y", y: ends[index].value,
      yshift: wanted[index] - at, showarrow: false, align: "left", text: plain(ends[index].words),
      font: { color: look.ink[ends[index].ink], weight: ends[index].bold ? 600 : 400, size: look.rem * (ends[index].bold ? 1.15 : 1) },
    }));
  }

  /** True if the line through `points` ([x, y] in pixels, null for a gap) crosses the box. */
  function crosses(points, box) {
    return points.some((point, index) => {
      const before = points[index - 1];
      if (!point || !before || point[0] < box.left || before[0] > box.right) return false;
      const at = (x) => before[1] + ((point[1] - before[1]) * (x - before[0])) / (point[0] - before[0] || 1);
      const ends = [at(Math.max(before[0], box.left)), at(Math.min(point[0], box.right))];
      return Math.min(...ends) < box.bottom && Math.max(...ends) > box.top;
    });
  }

  const meets = (one, other) => one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

  /** Where the words of a note at pixel (x, y) stand: the nearest free place above, then below. */
  function stand(x, y, wide, rem, extent, across, isFree) {
    const left = Math.min(Math.max(x - wide / 2, 0), across - wide);
    for (let step = 0; step < 18; step += 1) {
      const reach = (step < 9 ? -1 : 1) * (NOTE_FIRST + (step % 9) * NOTE_STEP) * rem;
      const box = { left, right: left + wide, top: y + reach - 0.7 * rem, bottom: y + reach + 0.7 * rem };
      if (box.top > -rem && box.bottom < extent && isFree(box)) return { ...box, reach };
    }
    return { left, right: left + wide, top: y - 2.7 * rem, bottom: y - 1.3 * rem, reach: -2 * rem };
  }

  /** Annotations on the line: clear of the line, of the goal and of each other. */
  function notes(spec, look, extent, across) {
    const { rem, ink } = look, place = scaled(spec.axis, extent), step = across / Math.max(spec.names.length - 1, 1), taken = [];
    const points = spec.values.map((value, index) => (value === null ? null : [index * step, place(value)]));
    if (spec.goal) taken.push({ left: 0, right: across, top: place(spec.goal.value) - 1, bottom: place(spec.goal.value) + 1 });
    return [...spec.notes].sort((one, other) => one.at - other.at).map((note) => {
      const value = spec.values[note.at] === null ? spec.axis.low : spec.values[note.at], x = note.at * step;
      const found = stand(x, place(value), breadth(note.words) * rem + 0.6 * rem, rem, extent, across,
        (box) => !crosses(points, box) && !taken.some((one) => meets(one, box)));
      taken.push(found);
      return { x: note.at, y: value, text: plain(note.words), showarrow: true, arrowhead: 0, arrowwidth: 1, arrowcolor: ink.tx3,
        standoff: 0.35 * rem, ax: (found.left + found.right) / 2 - x, ay: found.reach, font: { color: ink.tx2 } };
    });
  }

  function rule(axisName, value, ink, width = 2) {
    const along = axisName === "y" ? { xref: "paper", x0: 0, x1: 1, yref: "y", y0: value, y1: value }
      : { yref: "paper", y0: 0, y1: 1, xref: "x", x0: value, x1: value };
    return { type: "line", layer: "between", line: { color: ink, width }, ...along };
  }

  const line = (more) => ({ type: "scatter", mode: "lines", hoverinfo: "skip", ...more });
  const told = (names, texts) => names.map((name, index) => `${plain(name)}<br>${plain(texts[index])}`);
  const HOVER = "%{customdata}<extra></extra>";

  function dot(x, y, color, size, more) {
    return { type: "scatter", mode: "markers", x, y, hoverinfo: "skip", cliponaxis: false, marker: { color, size, opacity: 1 }, ...more };
  }

  cockpit.figureParts = { last, plain, breadth, widest, cut, wrapped, thin, template, layout, apart, scaled, crosses, endings, notes, rule, line, told, dot, HOVER, INKS };
})(globalThis.cockpit = globalThis.cockpit || {});
