/** Curves, points and bars, drawn by uPlot in the colours of the page. */

import './language.js';
import uPlot from '../vendor/uplot/uPlot.esm.js';
import {followTheme, isDark} from '../layout/theme.js';
import {endWithCard} from '../panels/cards.js';

/** @typedef {import('./spec.js').Series} Series */

const PALETTE = ['#2f7ed8', '#e0762c', '#2f9e58', '#b04fc4', '#c8403a', '#7a8699', '#18a0a8', '#a6862a'];
const FAINT = '#8a94a6c0';
const HEIGHT = 240;

/**
 * @typedef {object} PlotOptions
 * @property {'line' | 'scatter' | 'bar'} kind
 * @property {string} [xLabel]
 * @property {string} [yLabel]
 * @property {[number, number]} [xDomain]
 * @property {[number, number]} [yDomain]
 * @property {boolean} [fitted] whether the y axis begins at the least value; else at 0 if no value is below
 * @property {boolean} [log] whether the y axis is logarithmic; what is not above 0 is left out
 * @property {number} [width] in pixels; else as wide as its place
 * @property {number} [height]
 * @property {string[]} [colors]
 */

/**
 * Brings series to common x: a column of x, and a column for each series, with null where it has no value.
 *
 * @param {Series[]} series
 * @returns {{data: uPlot.AlignedData, labels: string[] | null}} labels: the names of x where they are no numbers
 */
export function aligned(series) {
  const named = series.some(({x}) => x.some((value) => typeof value === 'string'));
  if (named) {
    const labels = [...new Set(series.flatMap(({x}) => x.map(String)))];
    const columns = series.map(({x, y}) => {
      const at = new Map(x.map((value, i) => [String(value), y[i]]));
      return labels.map((label) => at.get(label) ?? null);
    });
    return {data: [labels.map((_, i) => i), ...columns], labels};
  }
  const tables = series.map(({x, y}) => {
    const order = x.map((_, i) => i).sort((a, b) => Number(x[a]) - Number(x[b]));
    return [order.map((i) => Number(x[i])), order.map((i) => y[i])];
  });
  if (tables.length === 0) return {data: [[]], labels: null};
  const data = tables.length > 1 ? uPlot.join(/** @type {any} */ (tables)) : tables[0];
  return {data: /** @type {uPlot.AlignedData} */ (data), labels: null};
}

/** @param {Series} series */
const positive = (series) => ({
  ...series,
  y: series.y.map((value) => (value !== null && value > 0 ? value : null)),
});

/** @param {string} name */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim() || 'gray';

/** Distances of marks on an axis of whole numbers, as epochs are. */
const WHOLE = Array.from({length: 15}, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat();

/** @param {Series[]} series */
const haveWholePlaces = (series) =>
  series.every(({x, thin}) => thin || x.every((place) => Number.isInteger(place)));

/**
 * @param {PlotOptions} options
 * @param {string[] | null} labels
 * @param {boolean} whole whether the places on the x axis are whole numbers
 */
function axes(options, labels, whole) {
  // light-dark() is no colour for a canvas, so that of an element is read.
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  const read = (/** @type {string} */ name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color || colour(name);
  };
  const [stroke, line] = [read('--quiet'), read('--line')];
  probe.remove();
  const common = {stroke, grid: {stroke: line, width: 1}, ticks: {stroke: line, width: 1}};
  const names = labels && {
    values: (/** @type {uPlot} */ _, /** @type {number[]} */ splits) => splits.map((i) => labels[i] ?? ''),
  };
  return [
    {...common, label: options.xLabel, labelSize: 22, size: 36, ...(whole && {incrs: WHOLE}), ...names},
    {...common, label: options.yLabel, labelSize: 22, size: 56},
  ];
}

/**
 * @param {Series} series
 * @param {number} place among the others
 * @param {PlotOptions} options
 */
const strokeOf = ({thin}, place, {colors}) =>
  thin ? FAINT : (colors?.[place] ?? PALETTE[place % PALETTE.length]);

/**
 * A copy of a canvas with the names of the curves below it, as many to a row as there is room for.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {{name: string, ink: string}[]} names
 * @param {CSSStyleDeclaration} style its colours
 * @param {number} scale pixels of the canvas to one of the page
 */
function withLegend(canvas, names, style, scale) {
  const copy = document.createElement('canvas');
  const context = /** @type {CanvasRenderingContext2D} */ (copy.getContext('2d'));
  const [font, line, mark, gap] = [
    `${12 * scale}px system-ui, sans-serif`,
    20 * scale,
    10 * scale,
    16 * scale,
  ];
  context.font = font;
  let [x, row] = [gap, 0];
  const places = names.map(({name}) => {
    const wide = mark * 1.5 + context.measureText(name).width + gap;
    if (x > gap && x + wide > canvas.width) [x, row] = [gap, row + 1];
    const place = {x, y: canvas.height + (row + 0.5) * line};
    x += wide;
    return place;
  });
  copy.width = canvas.width;
  copy.height = canvas.height + Math.ceil((row + 1.5) * line); // which forgets the font
  context.fillStyle = style.backgroundColor;
  context.fillRect(0, 0, copy.width, copy.height);
  context.drawImage(canvas, 0, 0);
  context.font = font;
  context.textBaseline = 'middle';
  for (const [i, {name, ink}] of names.entries()) {
    const {x: left, y} = places[i];
    context.fillStyle = ink;
    context.fillRect(left, y - mark / 2, mark, mark);
    context.fillStyle = style.color;
    context.fillText(name, left + mark * 1.5, y);
  }
  return copy;
}

/**
 * How a series is drawn: its line, bars or points. A thin one is a cloud of dots, as lines would join what lies far apart.
 *
 * @param {PlotOptions['kind']} kind
 * @param {boolean} thin
 * @returns {Partial<uPlot.Series>}
 */
function marks(kind, thin) {
  const none = () => null;
  if (thin) return {width: 0, paths: none, points: {show: true, size: 4, fill: FAINT, width: 1}};
  if (kind === 'scatter') return {width: 0, paths: none, points: {show: true, size: 6}};
  if (kind === 'bar') return {width: 2, paths: uPlot.paths.bars?.({size: [0.9, 100]}), points: {show: false}};
  return {width: 2};
}

export class Plot {
  /** @type {uPlot | null} */
  #plot = null;
  #names = '';
  #dark = isDark();
  /** @type {string[] | null} */
  #labels = null;
  /** @type {{series: Series[], options: PlotOptions} | null} */
  #drawn = null;
  #unfollow;
  #observer;

  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    this.#observer = new ResizeObserver(() => this.#fit());
    this.#observer.observe(place);
    this.#unfollow = followTheme(() => {
      if (this.#drawn) this.draw(this.#drawn.series, this.#drawn.options);
    });
    endWithCard(place, () => this.free());
  }

  /** The numbers that are drawn: x, then each series. */
  get data() {
    return this.#plot?.data ?? [[]];
  }

  /**
   * @param {Series[]} series
   * @param {PlotOptions} options
   */
  draw(series, options) {
    const {data, labels} = aligned(options.log ? series.map(positive) : series);
    const names = JSON.stringify([series.map(({name}) => name), options]);
    const same = this.#plot && names === this.#names && this.#dark === isDark() && !labels;
    if (same) this.#plot?.setData(data);
    else this.#begin(data, labels, series, options);
    this.#names = names;
    this.#labels = labels;
    this.#drawn = {series, options};
  }

  /**
   * @param {uPlot.AlignedData} data
   * @param {string[] | null} labels
   * @param {Series[]} series
   * @param {PlotOptions} options
   */
  #begin(data, labels, series, options) {
    this.#plot?.destroy();
    this.#dark = isDark();
    const {kind} = options;
    /** @type {uPlot.Options} */
    const made = {
      width: options.width ?? Math.max(160, this.place.clientWidth),
      height: options.height ?? HEIGHT,
      scales: {
        x: {
          time: false,
          distr: labels ? 2 : 1,
          range: labels ? [-0.6, labels.length - 0.4] : options.xDomain,
        },
        y: options.log
          ? {distr: 3, range: (_, low, high) => uPlot.rangeLog(low ?? 0.1, high ?? 1, 10, false)}
          : {
              range:
                options.yDomain ?? ((_, low, high) => range(low, high, kind === 'bar' || !options.fitted)),
            },
      },
      axes: axes(options, labels, haveWholePlaces(series)),
      legend: {live: !labels},
      hooks: {
        setLegend: [(plot) => plot.root.classList.toggle('pointed', typeof plot.legend.idx === 'number')],
      },
      series: [
        {label: options.xLabel ?? 'x', value: (_, value) => (value === null ? '' : String(value))},
        ...series.map(({name, thin}, i) => ({
          label: name,
          stroke: strokeOf(series[i], i, options),
          fill: kind === 'bar' ? `${strokeOf(series[i], i, options)}b0` : undefined,
          dash: name.startsWith('val_') ? [6, 4] : undefined,
          ...marks(kind, Boolean(thin)),
          spanGaps: true,
          value: (/** @type {uPlot} */ _, /** @type {number | null} */ value) =>
            value === null ? '' : String(Number(value.toPrecision(5))),
        })),
      ],
    };
    this.#plot = new uPlot(made, data, this.place);
  }

  #fit() {
    const plot = this.#plot;
    const width = Math.max(160, this.place.clientWidth);
    if (plot && Math.abs(plot.width - width) > 1) plot.setSize({width, height: plot.height});
  }

  /** @returns {Promise<Blob>} a picture of it, and of what its colours mean */
  png() {
    const canvas = this.place.querySelector('canvas');
    if (!canvas || !this.#drawn) return Promise.reject(new Error('nothing is drawn yet'));
    const {series, options} = this.#drawn;
    const names = series.map((each, i) => ({name: each.name, ink: strokeOf(each, i, options)}));
    const ground = this.place.closest('.card') ?? document.body;
    const copy = withLegend(canvas, names, getComputedStyle(ground), canvas.width / canvas.clientWidth);
    return new Promise((resolve, reject) =>
      copy.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the picture could not be made')))),
    );
  }

  /** @returns {string[]} of its rows */
  headers() {
    return [this.#drawn?.options.xLabel ?? 'x', ...(this.#drawn?.series.map(({name}) => name) ?? [])];
  }

  /** @returns {any[][]} x and the series as rows */
  rows() {
    const [x, ...columns] = this.data;
    return Array.from(x, (value, i) => [
      this.#labels ? this.#labels[i] : value,
      ...columns.map((column) => column[i] ?? ''),
    ]);
  }

  free() {
    this.#unfollow();
    this.#observer.disconnect();
    this.#plot?.destroy();
    this.#plot = null;
  }
}

/**
 * @param {number | null} low
 * @param {number | null} high
 * @param {boolean} withZero
 * @returns {[number, number]}
 */
function range(low, high, withZero) {
  if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  const from = withZero ? Math.min(0, low) : low;
  const to = withZero ? Math.max(0, high) : high;
  const room = (to - from || Math.abs(to) || 1) * 0.05;
  return [from === 0 ? 0 : from - room, to === 0 ? 0 : to + room];
}
