/** Shows the charts of tf.vis. */

import {make} from '../layout/elements.js';
import {empty} from '../panels/cards.js';
import {extras} from './figure.js';
import {Plot} from './plot.js';
import {gridOf, tableOf} from './table.js';

/** @typedef {import('./spec.js').ChartSpec} ChartSpec */

/** The plots on the page, by their figures: a new drawing on a surface goes on with the plot that is there. */
const plots = /** @type {WeakMap<HTMLElement, Plot>} */ (new WeakMap());

/** @param {ChartSpec} spec */
function described({kind, series, surface}) {
  const parts = series.map(({name, y}) => {
    const values = y.filter((value) => value !== null);
    const [first, last] = [values[0], values.at(-1)].map((value) => Number(Number(value).toPrecision(4)));
    return kind === 'line'
      ? `${name} from ${first} to ${last} in ${values.length} points`
      : `${name}, ${values.length} values`;
  });
  return `${surface?.name ?? 'Chart'}, ${kind} chart: ${parts.join('; ')}`;
}

/** @param {ChartSpec} spec */
function plotOptions({kind, options}) {
  return {
    kind: /** @type {'line' | 'scatter' | 'bar'} */ (kind),
    xLabel: options.x_label,
    yLabel: options.y_label,
    xDomain: options.x_axis_domain,
    yDomain: options.y_axis_domain,
    fitted: options.zoom_to_fit ?? kind !== 'bar',
    width: options.width,
    height: options.height,
    colors: options.series_colors ?? (options.color && [options.color]),
  };
}

/**
 * Draws a chart into a figure, which may hold an earlier drawing of the same kind.
 *
 * @param {HTMLElement} figure
 * @param {ChartSpec} spec
 */
export function draw(figure, spec) {
  const title = spec.surface?.name ?? '';
  const held = plots.get(figure);
  if (held && figure.dataset.kind === spec.kind) {
    held.draw(spec.series, plotOptions(spec));
    held.place.setAttribute('aria-label', described(spec));
    return;
  }
  empty(figure);
  plots.delete(figure);
  figure.dataset.kind = spec.kind;
  if (title) figure.append(make('figcaption', {textContent: title}));
  if (spec.grid) {
    const {grid, options} = spec;
    figure.append(gridOf(grid, title));
    if (options.x_label || options.y_label) {
      figure.append(
        make('p', {
          className: 'axes',
          textContent: `rows: ${options.y_label ?? ''}, columns: ${options.x_label ?? ''}`,
        }),
      );
    }
    const numbers = () => ({
      headers: ['', ...grid.columns],
      rows: grid.values.map((row, y) => [grid.rows[y], ...row]),
    });
    figure.append(extras(title || 'heatmap', {numbers}));
  } else if (spec.kind === 'table' && spec.table) {
    const {table} = spec;
    figure.append(tableOf(table, title || 'table'));
  } else {
    curves(figure, spec, title);
  }
}

/**
 * @param {HTMLElement} figure
 * @param {ChartSpec} spec
 * @param {string} title
 */
function curves(figure, spec, title) {
  const place = make('div', {className: 'plot'});
  place.setAttribute('role', 'img');
  place.setAttribute('aria-label', described(spec));
  figure.append(place);
  const plot = new Plot(place);
  plots.set(figure, plot);
  plot.draw(spec.series, plotOptions(spec));
  if (spec.table) figure.append(tableOf(spec.table, `Statistics of ${title || 'the values'}`));
  const numbers = () => ({headers: plot.headers(), rows: plot.rows()});
  figure.append(extras(title || 'chart', {numbers, png: () => plot.png()}));
}
