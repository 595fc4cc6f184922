/* Charts as Plotly figures: pure functions of a chart's data and a look (tokens, rem, size). No colour is named here. */
(function (cockpit) {
  "use strict";
  const INKS = ["tx1", "tx2", "tx3", "ac", "line", "line2", "bg1", "bg2"];
  const NOTE_STEP = 1.35, NOTE_FIRST = 2.1;

  /** Text as Plotly writes it: its mark-up is for us alone. */
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
    if (breadth(text) <= room) return plain(text);
    const half = Math.max(Math.floor(room), Math.ceil([...text].length / 2)), parts = [...text];
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
      showline: false, zeroline: false, ticks: "", automargin: false,
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
    const place = scaled(axis, extent), gap = 1.2 * look.rem, wanted = ends.map((end) => place(end.value));
    return apart(wanted, gap, 0, extent).map((at, index) => ({
      xref: "paper", x: 1, xanchor: "left", xshift: 0.4 * look.rem, yref: "y", y: ends[index].value,
      yshift: wanted[index] - at, showarrow: false, align: "left", text: plain(ends[index].words),
      font: { color: look.ink[ends[index].ink], weight: ends[index].bold ? 600 : 400, size: look.rem * (ends[index].bold ? 1.15 : 1) },
    }));
  }

  /** Annotations on the line: each as high as needed to stay clear of the one before. */
  function notes(spec, look, extent, across) {
    const place = scaled(spec.axis, extent), step = across / Math.max(spec.names.length - 1, 1);
    const taken = [];
    return [...spec.notes].sort((one, other) => one.at - other.at).map((note) => {
      const value = spec.values[note.at], x = note.at * step, wide = breadth(note.words) * look.rem + look.rem;
      const left = Math.min(Math.max(x - wide / 2, 0), across - wide), y = place(value === null ? spec.axis.low : value);
      let level = 0;
      while (level < 3 && taken.some((one) => one.level === level && left < one.right)) level += 1;
      taken.push({ level, right: left + wide });
      const reach = (NOTE_FIRST + level * NOTE_STEP) * look.rem, down = y - reach < look.rem;
      return {
        x: note.at, y: value === null ? spec.axis.low : value, text: plain(note.words), showarrow: true, arrowhead: 0, arrowwidth: 1,
        standoff: 0.35 * look.rem, arrowcolor: look.ink.tx3, ax: 0, ay: down ? reach : -reach,
        xanchor: left <= 0 ? "left" : left >= across - wide ? "right" : "center", font: { color: look.ink.tx2 },
      };
    });
  }

  function rule(axisName, value, ink, width = 1.4) {
    const along = axisName === "y" ? { xref: "paper", x0: 0, x1: 1, yref: "y", y0: value, y1: value }
      : { yref: "paper", y0: 0, y1: 1, xref: "x", x0: value, x1: value };
    return { type: "line", layer: "below", line: { color: ink, width }, ...along };
  }

  const line = (more) => ({ type: "scatter", mode: "lines", hoverinfo: "skip", ...more });
  const told = (names, texts) => names.map((name, index) => `${plain(name)}<br>${plain(texts[index])}`);
  const HOVER = "%{customdata}<extra></extra>";

  function trendLines(spec, look) {
    const { ink, rem } = look, ahead = spec.ahead, data = [];
    if (ahead) {
      data.push(line({ x: ahead.at, y: ahead.low, line: { width: 0 } }));
      data.push(line({ x: ahead.at, y: ahead.high, line: { width: 0 }, fill: "tonexty", fillcolor: thin(ink.tx2, 0.18) }));
    }
    if (spec.before) data.push(line({ y: spec.before.values, line: { color: ink.tx3, width: 0.08 * rem } }));
    data.push(line({ y: spec.values, line: { color: ink.tx1, width: 0.15 * rem }, hoverinfo: undefined,
      customdata: told(spec.names, spec.texts), hovertemplate: HOVER }));
    if (ahead) {
      data.push(line({ x: ahead.at, y: ahead.middle, line: { color: ink.tx2, width: 0.14 * rem, dash: `${0.32 * rem}px,${0.25 * rem}px` },
        hoverinfo: undefined, customdata: told(ahead.at.map((at) => spec.names[at]), ahead.texts), hovertemplate: HOVER }));
    }
    if (spec.last) data.push(dot([spec.last.at], [spec.values[spec.last.at]], ink.ac, 0.5 * rem));
    return data;
  }

  function dot(x, y, color, size, more) {
    return { type: "scatter", mode: "markers", x, y, hoverinfo: "skip", cliponaxis: false, marker: { color, size, opacity: 1 }, ...more };
  }

  /** Newest value beside its dot: on the side away from where the line came from. */
  function newest(spec, look) {
    const at = spec.last.at, before = spec.values.slice(0, at).filter((value) => value !== null).pop();
    const fell = before !== undefined && before > spec.values[at];
    return { x: at, y: spec.values[at], text: plain(spec.last.words), showarrow: false, yshift: (fell ? -1.2 : 1.2) * look.rem,
      xshift: -0.4 * look.rem, font: { color: look.ink.tx1, size: 1.3 * look.rem, weight: 600 } };
  }

  function trend(spec, look) {
    const { rem, ink } = look, ends = [], lines = spec.axis;
    if (spec.goal) ends.push({ value: spec.goal.value, words: spec.goal.words, ink: "tx1" });
    if (spec.ahead) ends.push({ value: spec.ahead.middle.at(-1), words: spec.ahead.words, ink: "tx2" });
    else if (spec.last && spec.last.at === spec.names.length - 1) {
      ends.push({ value: spec.values[spec.last.at], words: spec.last.words, ink: "tx1", bold: true });
    }
    const older = spec.before && spec.before.values.filter((value) => value !== null);
    if (older && older.length) ends.push({ value: older.at(-1), words: spec.before.words, ink: "tx3" });
    const margin = { l: (widest(lines.words) + 0.8) * rem, r: (widest(ends.map((end) => end.words), 1.12) + 0.8) * rem,
      t: (spec.notes.length ? 1.6 : 0.8) * rem, b: 1.9 * rem };
    const extent = look.height - margin.t - margin.b, across = look.width - margin.l - margin.r, reach = spec.names.length - 1;
    const isLabelled = ends.some((end) => end.bold);
    return { data: trendLines(spec, look), layout: layout(look, margin, {
      hovermode: "x",
      xaxis: { range: [-reach * 0.01, reach * 1.005 || 1], tickvals: spec.ticks.map(([at]) => at), ticktext: spec.ticks.map(([, words]) => plain(words)), fixedrange: true },
      yaxis: { range: [lines.low, lines.high], tickvals: lines.at, ticktext: lines.words, fixedrange: true },
      shapes: spec.goal ? [rule("y", spec.goal.value, ink.tx1)] : [],
      annotations: [...endings(ends, lines, look, extent), ...notes(spec, look, extent, across),
        ...(spec.last && !isLabelled ? [newest(spec, look)] : [])],
    }) };
  }

  /** Rows side by side: names left in their own column, the longest cut at two fifths of the width. */
  function rowsLayout(spec, look, margin, more) {
    const room = Math.min(widest(spec.rows.map((row) => row.name)), (0.4 * look.width) / look.rem), lines = spec.axis;
    const names = spec.rows.map((row) => (row.strong ? `<b>${plain(cut(row.name, room))}</b>` : plain(cut(row.name, room))));
    const suffix = spec.unit === "%" ? "%" : "";
    return layout(look, { l: (room + 0.8) * look.rem, ...margin }, {
      hovermode: "closest",
      yaxis: { range: [spec.rows.length - 0.45, -0.55], tickvals: names.map((_, index) => index), ticktext: names, showgrid: false, fixedrange: true,
        tickfont: { color: look.ink.tx1, size: look.rem } },
      xaxis: { side: "top", range: [lines.low, lines.high], tickvals: lines.at, ticktext: lines.words.map((word) => word + suffix), showgrid: true, fixedrange: true },
      shapes: spec.goal ? [rule("x", spec.goal.value, look.ink.tx1)] : [],
      annotations: spec.goal ? [{ x: spec.goal.value, yref: "paper", y: 0, yanchor: "top", showarrow: false, text: plain(spec.goal.words),
        font: { color: look.ink.tx1 } }] : [],
      ...more,
    });
  }

  function rowHover(spec) {
    return spec.rows.map((row) => `${plain(row.name)}<br>${plain(row.words)} ${plain(spec.unit)}${row.before === null ? "" : `<br>上年同期 ${plain(row.was)}`}`);
  }

  function dots(spec, look) {
    const { ink, rem } = look, at = spec.rows.map((_, index) => index), pairs = spec.rows.flatMap((row, index) =>
      (row.before === null || row.value === null ? [] : [[row.before, index], [row.value, index], [null, null]]));
    const data = [
      line({ x: pairs.map(([x]) => x), y: pairs.map(([, y]) => y), line: { color: ink.tx3, width: 0.12 * rem } }),
      dot(spec.rows.map((row) => row.before), at, ink.bg1, 0.75 * rem, { marker: { color: ink.bg1, size: 0.75 * rem, line: { color: ink.tx3, width: 0.12 * rem } } }),
      dot(spec.rows.map((row) => row.value), at, ink.tx1, rem, { mode: "markers+text", text: spec.rows.map((row) => plain(row.words)),
        textposition: "top center", textfont: { color: ink.tx1, size: 1.12 * rem, weight: 600 }, hoverinfo: undefined,
        customdata: rowHover(spec), hovertemplate: HOVER }),
    ];
    return { data, layout: rowsLayout(spec, look, { t: 1.9 * rem, r: rem, b: (spec.goal ? 1.7 : 0.5) * rem }) };
  }

  function bars(spec, look) {
    const { ink, rem } = look, at = spec.rows.map((_, index) => index), room = widest(spec.rows.map((row) => row.words), 1.1) + 1;
    const data = [
      { type: "bar", orientation: "h", x: spec.rows.map((row) => row.value), y: at, width: 0.46, cliponaxis: false,
        marker: { color: spec.rows.map((row) => (row.strong ? ink.tx1 : ink.line2)) }, text: spec.rows.map((row) => plain(row.words)),
        textposition: "outside", textfont: { color: ink.tx1, size: 1.1 * rem, weight: 600 }, customdata: rowHover(spec), hovertemplate: HOVER },
      dot(spec.rows.map((row) => row.before), at, ink.tx1, 1.5 * rem, { marker: { symbol: "line-ns", size: 0.62 * rem, line: { color: ink.tx1, width: 0.12 * rem } } }),
    ];
    const zero = spec.axis.low < 0 ? [rule("x", 0, ink.line2, 1)] : [], made = rowsLayout(spec, look, { t: 1.9 * rem, r: room * rem, b: (spec.goal ? 1.7 : 0.5) * rem });
    made.shapes = [...made.shapes, ...zero];
    return { data, layout: made };
  }

  function waterfall(spec, look) {
    const { ink, rem } = look, steps = spec.steps, at = steps.map((_, index) => index);
    const fill = { total: ink.line2, drag: ink.tx1, lift: ink.bg1, level: ink.line2 };
    const low = (step) => Math.min(step.from, step.to), high = (step) => Math.max(step.from, step.to);
    const isBelow = (step) => (step.sort === "total" ? step.to < 0 : step.to < step.from);
    const margin = { l: 0.4 * rem, r: 0.4 * rem, t: 1.8 * rem, b: 3 * rem }, slot = (look.width - margin.l - margin.r) / steps.length / rem;
    const data = [
      { type: "bar", x: at, base: steps.map(low), y: steps.map((step) => high(step) - low(step)), width: 0.76,
        marker: { color: steps.map((step) => fill[step.sort]), line: { color: ink.tx1, width: steps.map((step) => (step.sort === "lift" ? 0.12 * rem : 0)) } },
        customdata: steps.map((step) => `${plain(step.name)}<br>${plain(step.words)} ${plain(spec.unit)}`), hovertemplate: HOVER },
      { type: "scatter", mode: "text", x: at, y: steps.map((step) => (isBelow(step) ? low(step) : high(step))), text: steps.map((step) => plain(step.words)),
        textposition: steps.map((step) => (isBelow(step) ? "bottom center" : "top center")), hoverinfo: "skip", cliponaxis: false,
        textfont: { color: ink.tx1, size: 1.12 * rem, weight: 600 } },
    ];
    const joints = steps.slice(0, -1).map((step, index) => ({ type: "line", x0: index + 0.38, x1: index + 0.62, y0: step.to, y1: step.to,
      line: { color: ink.tx3, width: 1, dash: "2px,2px" } }));
    return { data, layout: layout(look, margin, {
      hovermode: "closest",
      xaxis: { range: [-0.5, steps.length - 0.5], tickvals: at, ticktext: steps.map((step) => wrapped(step.name, slot - 0.3)), fixedrange: true, tickangle: 0, tickfont: { color: ink.tx2 } },
      yaxis: { range: [spec.axis.low, spec.axis.high], visible: false, fixedrange: true },
      shapes: [...(spec.axis.low < 0 ? [rule("y", 0, ink.line2, 1)] : []), ...joints],
    }) };
  }

  /** How many columns of small multiples fit, and the rows they make. */
  function grid(count, width, rem) {
    const columns = Math.max(1, Math.min(count, Math.floor(width / (13 * rem))));
    return { columns, rows: Math.ceil(count / columns) };
  }

  function multiples(spec, look) {
    const { ink, rem } = look, { columns, rows } = grid(spec.cells.length, look.width, rem), lines = spec.axis;
    const margin = { l: (widest(lines.words) + 0.8) * rem, r: 0.6 * rem, t: 0.2 * rem, b: 1.7 * rem };
    const across = look.width - margin.l - margin.r, down = look.height - margin.t - margin.b, gapX = (1.6 * rem) / across, head = (1.7 * rem) / down;
    const wide = (1 - gapX * (columns - 1)) / columns, tall = 1 / rows, made = layout(look, margin, { hovermode: "closest", shapes: [], annotations: [] }), data = [];
    spec.cells.forEach((cell, index) => {
      const column = index % columns, row = Math.floor(index / columns), number = index ? String(index + 1) : "";
      const left = column * (wide + gapX), top = 1 - row * tall, known = cell.values.map((value, at) => (value === null ? -1 : at)).filter((at) => at >= 0).pop();
      const isLowest = index + columns >= spec.cells.length;
      made[`xaxis${number}`] = { domain: [left, left + wide], anchor: `y${number}`, range: [-0.3, spec.names.length - 0.6], fixedrange: true, showgrid: false,
        tickvals: isLowest ? spec.ticks.map(([at]) => at) : [], ticktext: spec.ticks.map(([, words]) => plain(words)) };
      made[`yaxis${number}`] = { domain: [top - tall + (0.35 * rem) / down, top - head], anchor: `x${number}`, range: [lines.low, lines.high], fixedrange: true,
        tickvals: lines.at, ticktext: column ? lines.at.map(() => "") : lines.words };
      data.push(line({ y: cell.values, xaxis: `x${number}`, yaxis: `y${number}`, meta: index, line: { color: ink.tx1, width: 0.12 * rem }, hoverinfo: undefined,
        customdata: told(spec.names, cell.texts), hovertemplate: HOVER }));
      if (known !== undefined) data.push(dot([known], [cell.values[known]], ink.ac, 0.45 * rem, { xaxis: `x${number}`, yaxis: `y${number}` }));
      if (spec.goal) made.shapes.push({ type: "line", layer: "below", xref: `x${number} domain`, x0: 0, x1: 1, yref: `y${number}`, y0: spec.goal.value, y1: spec.goal.value, line: { color: ink.tx3, width: 1 } });
      const said = { xref: "paper", yref: "paper", y: top, yanchor: "top", showarrow: false };
      made.annotations.push({ ...said, x: left, xanchor: "left", text: plain(cell.name), font: { color: ink.tx1 } },
        { ...said, x: left + wide, xanchor: "right", text: plain(cell.words), font: { color: ink.tx1, size: 1.15 * rem, weight: 600 } });
    });
    return { data, layout: made };
  }

  cockpit.figures = { INKS, plain, breadth, cut, wrapped, thin, apart, grid, template, trend, dots, bars, waterfall, multiples };
})(globalThis.cockpit = globalThis.cockpit || {});
