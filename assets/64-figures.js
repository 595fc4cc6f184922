/* Charts as Plotly figures: pure functions of a chart's data and a look (tokens, rem, size). No colour is named here. */
(function (cockpit) {
  "use strict";
  const { breadth, crosses, cut, dot, endings, last, layout, line, notes, plain, rule, scaled, thin, told, widest, wrapped, HOVER } = cockpit.figureParts;

  function trendLines(spec, look) {
    const { ink, rem } = look, ahead = spec.ahead, data = [];
    if (ahead) {
      if (ahead.low95) {
        data.push(line({ x: ahead.at, y: ahead.low95, line: { width: 0 } }));
        data.push(line({ x: ahead.at, y: ahead.high95, line: { width: 0 }, fill: "tonexty", fillcolor: thin(ink.tx2, 0.1) }));
      }
      data.push(line({ x: ahead.at, y: ahead.low, line: { width: 0 } }));
      data.push(line({ x: ahead.at, y: ahead.high, line: { width: 0 }, fill: "tonexty", fillcolor: thin(ink.tx2, 0.18) }));
    }
    if (spec.before) data.push(line({ y: spec.before.values, line: { color: ink.tx3, width: 0.08 * rem } }));
    data.push(line({ y: spec.values, line: { color: ink.tx1, width: 0.15 * rem }, hoverinfo: undefined,
      customdata: told(spec.names, spec.texts), hovertemplate: HOVER }));
    if (ahead && ahead.naive) {
      data.push(line({ x: ahead.at, y: ahead.naive, line: { color: ink.tx3, width: 0.1 * rem, dash: `${0.12 * rem}px,${0.3 * rem}px` } }));
    }
    if (ahead) {
      data.push(line({ x: ahead.at, y: ahead.middle, line: { color: ink.tx2, width: 0.14 * rem, dash: `${0.32 * rem}px,${0.25 * rem}px` },
        hoverinfo: undefined, customdata: told(ahead.at.map((at) => spec.names[at]), ahead.texts), hovertemplate: HOVER }));
    }
    if (spec.last) data.push(dot([spec.last.at], [spec.values[spec.last.at]], ink.ac, 0.5 * rem));
    return data;
  }

  /** Newest value beside its dot: first on the side away from where the line came from, clear of line and forecast. */
  function newest(spec, look, extent, across) {
    const { rem, ink } = look, at = spec.last.at, value = spec.values[at], place = scaled(spec.axis, extent), step = across / Math.max(spec.names.length - 1, 1);
    const before = spec.values.slice(0, at).filter((one) => one !== null).pop(), side = before !== undefined && before > value ? 1 : -1;
    const wide = breadth(spec.last.words) * 1.3 * rem, x = at * step, y = place(value);
    const lines = [spec.values.map((one, index) => (one === null ? null : [index * step, place(one)]))];
    if (spec.ahead) lines.push(spec.ahead.at.map((index, rank) => [index * step, place(spec.ahead.middle[rank])]));
    const places = [1.2, 1.7, 2.3].flatMap((far) => [side * far, -side * far]).map((far) => ({ far, box: {
      left: x - 0.4 * rem - wide / 2, right: x - 0.4 * rem + wide / 2, top: y + far * rem - 0.7 * rem, bottom: y + far * rem + 0.7 * rem } }));
    const inside = places.filter(({ box }) => box.top > -rem && box.bottom < extent + 0.4 * rem);
    const free = inside.find(({ box }) => !lines.some((points) => crosses(points, box))) || inside[0] || places[0];
    return { x: at, y: value, text: plain(spec.last.words), showarrow: false, yshift: -free.far * rem, xshift: -0.4 * rem,
      font: { color: ink.tx1, size: 1.3 * rem, weight: 600 } };
  }

  function trend(spec, look) {
    const { rem, ink } = look, ends = [], lines = spec.axis;
    if (spec.goal) ends.push({ value: spec.goal.value, words: spec.goal.words, ink: "tx1" });
    if (spec.ahead) ends.push({ value: last(spec.ahead.middle), words: spec.ahead.words, ink: "tx2" });
    else if (spec.last && spec.last.at === spec.names.length - 1) {
      ends.push({ value: spec.values[spec.last.at], words: spec.last.words, ink: "tx1", bold: true });
    }
    const older = spec.before && spec.before.values.filter((value) => value !== null);
    if (older && older.length) ends.push({ value: last(older), words: spec.before.words, ink: "tx3" });
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
        ...(spec.last && !isLabelled ? [newest(spec, look, extent, across)] : [])],
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

  /** Bars carry their number at their end: no scale beside it. */
  function bars(spec, look) {
    const { ink, rem } = look, at = spec.rows.map((_, index) => index), room = widest(spec.rows.map((row) => row.words), 1.1) + 1;
    const data = [
      { type: "bar", orientation: "h", x: spec.rows.map((row) => row.value), y: at, width: 0.46, customdata: rowHover(spec),
        hovertemplate: HOVER, marker: { color: spec.rows.map((row) => (row.strong ? ink.tx1 : ink.line2)) } },
      dot(spec.rows.map((row) => row.before), at, ink.tx1, 1.5 * rem, { marker: { symbol: "line-ns", size: 0.62 * rem, line: { color: ink.tx1, width: 0.12 * rem } } }),
    ];
    const made = rowsLayout(spec, look, { t: 0.4 * rem, r: room * rem, b: (spec.goal ? 1.7 : 0.4) * rem });
    made.xaxis = { ...made.xaxis, showgrid: false, tickvals: [] };
    made.shapes = [...made.shapes, rule("x", 0, ink.line2, 1)];
    made.annotations = [...made.annotations, ...spec.rows.flatMap((row, index) => (row.value === null ? [] : [{
      x: Math.max(row.value, row.before === null ? row.value : row.before, 0), y: index, xanchor: "left", xshift: 0.35 * rem, showarrow: false,
      text: plain(row.words), font: { color: ink.tx1, size: 1.12 * rem, weight: 600 } }]))];
    return { data, layout: made };
  }

  function waterfall(spec, look) {
    const { ink, rem } = look, steps = spec.steps, at = steps.map((_, index) => index);
    const fill = { total: ink.line2, drag: ink.tx1, lift: ink.bg1, level: ink.line2 };
    const low = (step) => Math.min(step.from, step.to), high = (step) => Math.max(step.from, step.to);
    const isBelow = (step) => (step.sort === "total" ? step.to < 0 : step.to < step.from);
    const margin = { l: 0.4 * rem, r: 0.4 * rem, t: 1.8 * rem, b: 3 * rem }, slot = (look.width - margin.l - margin.r) / steps.length / rem;
    const under = 1.7 * rem / Math.max(look.height - margin.t - margin.b, 4 * rem); // of the height, for words below the lowest bar
    const depth = Math.min(...steps.filter(isBelow).map(low)), floor = (depth - under * spec.axis.high) / (1 - under);
    const data = [
      { type: "bar", x: at, base: steps.map(low), y: steps.map((step) => high(step) - low(step)), width: 0.76,
        marker: { color: steps.map((step) => fill[step.sort]), line: { color: ink.tx1, width: steps.map((step) => (step.sort === "lift" ? 0.12 * rem : 0)) } },
        customdata: steps.map((step) => `${plain(step.name)}<br>${plain(step.words)} ${plain(spec.unit)}`), hovertemplate: HOVER },
    ];
    const joints = steps.slice(0, -1).map((step, index) => ({ type: "line", x0: index + 0.38, x1: index + 0.62, y0: step.to, y1: step.to,
      line: { color: ink.tx3, width: 1, dash: "2px,2px" } }));
    return { data, layout: layout(look, margin, {
      hovermode: "closest",
      xaxis: { range: [-0.5, steps.length - 0.5], tickvals: at, ticktext: steps.map((step) => wrapped(step.name, slot)), fixedrange: true, tickangle: 0, tickfont: { color: ink.tx2 } },
      yaxis: { range: [Math.min(spec.axis.low, floor), spec.axis.high], visible: false, fixedrange: true },
      shapes: [...(spec.axis.low < 0 ? [rule("y", 0, ink.line2, 1)] : []), ...joints],
      annotations: steps.map((step, index) => ({ x: index, y: isBelow(step) ? low(step) : high(step), showarrow: false,
        yshift: (isBelow(step) ? -0.8 : 0.8) * rem, text: plain(step.words), font: { color: ink.tx1, size: 1.12 * rem, weight: 600 } })),
    }) };
  }

  /** How many columns of small multiples fit, and the rows they make. */
  function grid(count, width, rem) {
    const columns = Math.max(1, Math.min(count, Math.floor(width / (13 * rem))));
    return { columns, rows: Math.ceil(count / columns) };
  }

  /** First and last period below a cell, at its two ends. */
  function spans(ticks, left, right, bottom, ink) {
    const said = { xref: "paper", yref: "paper", y: bottom, yanchor: "top", showarrow: false, font: { color: ink.tx3 } };
    const ends = [[ticks[0], left, "left"], [last(ticks), right, "right"]].slice(0, ticks.length > 1 ? 2 : 1);
    return ends.filter(([tick]) => tick).map(([tick, x, xanchor]) => ({ ...said, x, xanchor, text: plain(tick[1]) }));
  }

  function multiples(spec, look) {
    const { ink, rem } = look, { columns, rows } = grid(spec.cells.length, look.width, rem), lines = spec.axis;
    const margin = { l: (widest(lines.words) + 0.8) * rem, r: 0.6 * rem, t: 0.2 * rem, b: 1.7 * rem };
    const across = look.width - margin.l - margin.r, down = look.height - margin.t - margin.b, gapX = (1.6 * rem) / across, head = (1.7 * rem) / down;
    const wide = (1 - gapX * (columns - 1)) / columns, tall = 1 / rows, made = layout(look, margin, { hovermode: "closest", shapes: [], annotations: [] }), data = [];
    const span = [-0.3, spec.names.length - 0.6];
    spec.cells.forEach((cell, index) => {
      const column = index % columns, row = Math.floor(index / columns), number = index ? String(index + 1) : "";
      const left = column * (wide + gapX), top = 1 - row * tall, known = cell.values.map((value, at) => (value === null ? -1 : at)).filter((at) => at >= 0).pop();
      const isLowest = index + columns >= spec.cells.length;
      made[`xaxis${number}`] = { domain: [left, left + wide], anchor: `y${number}`, range: span, fixedrange: true, showgrid: false,
        tickvals: [] };
      if (isLowest) made.annotations.push(...spans(spec.ticks, left, left + wide, top - tall, ink));
      made[`yaxis${number}`] = { domain: [top - tall + (0.35 * rem) / down, top - head], anchor: `x${number}`, range: [lines.low, lines.high], fixedrange: true,
        tickvals: lines.at, ticktext: column ? lines.at.map(() => "") : lines.words };
      data.push(line({ y: cell.values, xaxis: `x${number}`, yaxis: `y${number}`, meta: index, line: { color: ink.tx1, width: 0.12 * rem }, hoverinfo: undefined,
        customdata: told(spec.names, cell.texts), hovertemplate: HOVER }));
      if (known !== undefined) data.push(dot([known], [cell.values[known]], ink.ac, 0.45 * rem, { xaxis: `x${number}`, yaxis: `y${number}` }));
      if (spec.goal) made.shapes.push({ type: "line", layer: "between", xref: `x${number}`, x0: span[0], x1: span[1], yref: `y${number}`, y0: spec.goal.value, y1: spec.goal.value, line: { color: ink.tx3, width: 1 } });
      const said = { xref: "paper", yref: "paper", y: top, yanchor: "top", showarrow: false };
      made.annotations.push({ ...said, x: left, xanchor: "left", text: plain(cell.name), font: { color: ink.tx1 } },
        { ...said, x: left + wide, xanchor: "right", text: plain(cell.words), font: { color: ink.tx1, size: 1.15 * rem, weight: 600 } });
    });
    return { data, layout: made };
  }

  cockpit.figures = { trend, dots, bars, waterfall, multiples, grid };
})(globalThis.cockpit = globalThis.cockpit || {});
