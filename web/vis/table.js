/** Tables, and matrices as coloured cells. */

/** @typedef {import('./spec.js').TableSpec} TableSpec */
/** @typedef {import('./spec.js').GridSpec} GridSpec */

/** Colours at equal distances from the least to the largest value. @type {Record<string, number[][]>} */
const SCALES = {
  viridis: [
    [68, 1, 84],
    [59, 82, 139],
    [33, 145, 140],
    [94, 201, 98],
    [253, 231, 37],
  ],
  Blues: [
    [247, 251, 255],
    [158, 202, 225],
    [66, 146, 198],
    [8, 48, 107],
  ],
  Greys: [
    [255, 255, 255],
    [150, 150, 150],
    [0, 0, 0],
  ],
};

/** A matrix of more cells is drawn as a picture. */
const MOST_CELLS = 1024;

/**
 * @param {string} name
 * @param {string} text
 */
function cell(name, text) {
  const node = document.createElement(name);
  node.textContent = text;
  return node;
}

/** @param {unknown} value */
function written(value) {
  if (value === null || value === undefined) return 'nan';
  if (typeof value === 'number' && !Number.isInteger(value)) return String(Number(value.toPrecision(6)));
  return String(value);
}

/**
 * @param {TableSpec} spec
 * @param {string} title
 */
export function tableOf({headers, rows}, title) {
  const table = document.createElement('table');
  table.setAttribute('aria-label', title);
  const head = table.createTHead().insertRow();
  for (const header of headers) {
    const node = cell('th', header);
    node.setAttribute('scope', 'col');
    head.append(node);
  }
  const body = table.createTBody();
  for (const row of rows) body.insertRow().append(...row.map((value) => cell('td', written(value))));
  const frame = document.createElement('div');
  frame.className = 'table';
  frame.tabIndex = 0; // it scrolls, so the keyboard must reach it
  frame.setAttribute('role', 'group');
  frame.setAttribute('aria-label', title);
  frame.append(table);
  return frame;
}

/**
 * @param {GridSpec} grid
 * @param {number | null} value
 * @returns {[number, number, number] | null}
 */
function shade({domain: [low, high], colors}, value) {
  if (value === null || !Number.isFinite(value)) return null;
  const scale = SCALES[colors] ?? SCALES.viridis;
  const share = high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0;
  const place = share * (scale.length - 1);
  const at = Math.min(scale.length - 2, Math.floor(place));
  const mix = (/** @type {number} */ i) =>
    Math.round(scale[at][i] + (scale[at + 1][i] - scale[at][i]) * (place - at));
  return [mix(0), mix(1), mix(2)];
}

/** @param {[number, number, number]} rgb */
const isLight = ([r, g, b]) => 0.299 * r + 0.587 * g + 0.114 * b > 140;

/**
 * @param {GridSpec} grid
 * @param {string} title
 */
function cells(grid, title) {
  const frame = tableOf({headers: ['', ...grid.columns], rows: []}, title);
  frame.classList.add('grid');
  const body = /** @type {HTMLTableElement} */ (frame.firstElementChild).tBodies[0];
  grid.values.forEach((row, y) => {
    const line = body.insertRow();
    const header = cell('th', grid.rows[y]);
    header.setAttribute('scope', 'row');
    line.append(header);
    row.forEach((value, x) => {
      const node = cell('td', grid.counts ? written(value) : '');
      node.title = `${grid.rows[y]}, ${grid.columns[x]}: ${written(value)}`;
      const rgb = grid.diagonal || x !== y ? shade(grid, value) : null;
      if (rgb) Object.assign(node.style, {background: `rgb(${rgb})`, color: isLight(rgb) ? '#000' : '#fff'});
      line.append(node);
    });
  });
  return frame;
}

/**
 * @param {GridSpec} grid
 * @param {string} title
 */
function picture(grid, title) {
  const canvas = document.createElement('canvas');
  canvas.width = grid.columns.length;
  canvas.height = grid.rows.length;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const image = context.createImageData(canvas.width, canvas.height);
  grid.values.forEach((row, y) =>
    row.forEach((value, x) => {
      const rgb = shade(grid, value);
      image.data.set([...(rgb ?? [128, 128, 128]), 255], 4 * (y * canvas.width + x));
    }),
  );
  context.putImageData(image, 0, 0);
  canvas.className = 'heat';
  canvas.setAttribute('role', 'img');
  canvas.setAttribute(
    'aria-label',
    `${title}: ${grid.rows.length} by ${grid.columns.length} values from ${grid.domain[0]} to ${grid.domain[1]}`,
  );
  return canvas;
}

/**
 * A matrix as colours: cells where they can be told apart, else a picture.
 *
 * @param {GridSpec} grid
 * @param {string} title
 */
export function gridOf(grid, title) {
  return grid.rows.length * grid.columns.length <= MOST_CELLS ? cells(grid, title) : picture(grid, title);
}
