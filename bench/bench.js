/** The bench page: choose cases, run them, see the table fill, copy the JSON. bench/run.py drives `window.bench`. */

import {CASES} from './cases/cases.js';
import {drawnCases} from './cases/drawn.js';
import {measureAll} from './measure.js';
import {HEAD, notes, row} from './summary.js';

/**
 * @param {string} id
 * @returns {any}
 */
function element(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`bench/index.html has no #${id}`);
  return found;
}

/**
 * @param {string} name
 * @param {string} text
 */
function made(name, text) {
  const found = document.createElement(name);
  found.textContent = text;
  return found;
}

/** @param {string[]} cells */
function tableRow(cells) {
  const found = document.createElement('tr');
  found.append(...cells.map((cell, i) => made(i ? 'td' : 'th', cell)));
  return found;
}

const names = CASES.map(({name}) => name);
let report = '';

/**
 * @param {string[]} chosen
 * @param {import('./measure.js').Options} options
 * @param {(result: import('./measure.js').Result) => void} [tell]
 */
async function run(chosen, options, tell) {
  element('run').disabled = true;
  element('copy').disabled = true;
  element('results').replaceChildren();
  element('notes').replaceChildren();
  element('state').textContent = 'Running ...';
  try {
    const {drawn} = options;
    const cases = drawn
      ? drawnCases(drawn.count, drawn.seed)
      : CASES.filter(({name}) => chosen.includes(name));
    const found = await measureAll(cases, options, element('frame'), (result) => {
      element('results').append(tableRow(row(result)));
      tell?.(result);
    });
    element('notes').append(...notes(found).map((line) => made('p', line)));
    report = JSON.stringify(found, null, 1);
    element('copy').disabled = false;
    element('state').textContent = 'Done.';
    return {report: found, table: [HEAD, ...found.cases.map(row)], notes: notes(found)};
  } finally {
    element('run').disabled = false;
  }
}

for (const {name, title} of CASES) {
  const label = made('label', ` ${title}`);
  const box = document.createElement('input');
  Object.assign(box, {type: 'checkbox', checked: true, value: name});
  label.prepend(box);
  element('cases').append(label);
}
element('head').append(tableRow(HEAD));
element('all').addEventListener('click', () => {
  const boxes = /** @type {HTMLInputElement[]} */ ([...element('cases').querySelectorAll('input')]);
  const checked = boxes.some((box) => !box.checked);
  for (const box of boxes) box.checked = checked;
});
element('run').addEventListener('click', async () => {
  const boxes = /** @type {HTMLInputElement[]} */ ([...element('cases').querySelectorAll('input:checked')]);
  const chosen = boxes.map((box) => box.value);
  try {
    await run(chosen, {rounds: Number(element('rounds').value), quick: false});
  } catch (error) {
    element('state').textContent = String(error);
  }
});
element('copy').addEventListener('click', async () => {
  await navigator.clipboard.writeText(report);
  element('state').textContent = 'Copied.';
});

Object.defineProperty(window, 'bench', {value: {names, run}});
