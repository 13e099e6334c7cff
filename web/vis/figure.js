/** What every figure has: a title, what is drawn, its numbers as a table, and buttons that save both. */

import {make} from '../layout/elements.js';
import {services} from '../services.js';
import {tableOf} from './table.js';

const MOST_ROWS = 500;

/** @param {unknown} cell */
function field(cell) {
  const text = cell === null || cell === undefined ? '' : String(cell);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** @param {unknown[][]} rows */
export const csvOf = (rows) => rows.map((row) => row.map(field).join(',') + '\n').join('');

/**
 * @param {string} title
 * @param {string} ending
 */
const fileName = (title, ending) =>
  `${title.replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, '') || 'chart'}.${ending}`;

/**
 * @typedef {object} Drawn What a figure shows.
 * @property {() => {headers: string[], rows: any[][]}} numbers
 * @property {() => Promise<Blob>} [png]
 */

/**
 * The buttons that save a figure, and its numbers as a table to be opened.
 *
 * @param {string} title
 * @param {Drawn} drawn
 */
export function extras(title, drawn) {
  const save = (/** @type {string} */ ending, /** @type {() => Promise<Blob>} */ content) => {
    const act = async () => {
      const blob = await content();
      services.download(fileName(title, ending), blob.type, new Uint8Array(await blob.arrayBuffer()));
    };
    const button = make('button', {type: 'button', textContent: ending.toUpperCase()});
    button.setAttribute('aria-label', `Save ${title} as ${ending.toUpperCase()}`);
    button.addEventListener('click', act);
    return button;
  };
  const csv = async () => {
    const {headers, rows} = drawn.numbers();
    return new Blob([csvOf([headers, ...rows])], {type: 'text/csv'});
  };
  const buttons = [save('csv', csv)];
  if (drawn.png) buttons.unshift(save('png', drawn.png));
  const details = /** @type {HTMLDetailsElement} */ (
    make('details', {className: 'numbers'}, [make('summary', {textContent: 'Numbers'})])
  );
  details.addEventListener('toggle', () => {
    details.querySelector('.table')?.remove();
    if (!details.open) return;
    const {headers, rows} = drawn.numbers();
    details.append(tableOf({headers, rows: rows.slice(-MOST_ROWS)}, `Numbers of ${title}`));
  });
  return make('div', {className: 'extras'}, [details, make('span', {className: 'gap'}), ...buttons]);
}
