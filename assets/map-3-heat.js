/* Where objects are dense: one ink, deeper where there are more. A grid of cells, blurred twice, painted as one picture. */
(function (cockpit) {
  "use strict";
  const CELL = 8, REACH = 3, STRONGEST = 0.85;

  /** Counts per cell of `size` pixels, blurred by a box of `reach` cells twice. Gives {columns, rows, cells, most}. */
  function density(xs, ys, width, height, size = CELL, reach = REACH) {
    const columns = Math.ceil(width / size), rows = Math.ceil(height / size), cells = new Float32Array(columns * rows);
    for (let index = 0; index < xs.length; index += 1) {
      const column = Math.floor(xs[index] / size), row = Math.floor(ys[index] / size);
      if (column >= 0 && row >= 0 && column < columns && row < rows) cells[row * columns + column] += 1;
    }
    const soft = [0, 1].reduce((before) => blurred(blurred(before, columns, rows, reach, 1, columns), rows, columns, reach, columns, 1), cells);
    return { columns, rows, cells: soft, most: soft.reduce((most, one) => Math.max(most, one), 0) };
  }

  /** A running mean along lines: `length` steps of `step`, `lines` lines `jump` apart. */
  function blurred(cells, length, lines, reach, step, jump) {
    const made = new Float32Array(cells.length), wide = 2 * reach + 1;
    for (let line = 0; line < lines; line += 1) {
      const at = (index) => (index < 0 || index >= length ? 0 : cells[line * jump + index * step]);
      let sum = 0;
      for (let index = -reach; index <= reach; index += 1) sum += at(index);
      for (let index = 0; index < length; index += 1) {
        made[line * jump + index * step] = sum / wide;
        sum += at(index + reach + 1) - at(index - reach);
      }
    }
    return made;
  }

  /** Paint a density with the colour of `pen.fillStyle`; square root, so that thin places show as well. */
  function paint(pen, { columns, rows, cells, most }, size = CELL) {
    if (!most) return;
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        const strength = Math.sqrt(cells[row * columns + column] / most);
        if (strength < 0.06) continue;
        pen.globalAlpha = strength * STRONGEST;
        pen.fillRect(column * size, row * size, size, size);
      }
    }
    pen.globalAlpha = 1;
  }

  cockpit.map = Object.assign(cockpit.map || {}, { heat: { density, paint } });
})(globalThis.cockpit = globalThis.cockpit || {});
