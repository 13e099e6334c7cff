/** The dialog about the machine: what it is, what lies on it, and the kernels of what ran last, with their times and GLSL. */

import {button, dialog, element} from '../layout/elements.js';
import {reasonOf} from '../reason.js';

/** @typedef {import('../protocol.js').Kernel} Kernel */
/** @typedef {'step' | 'graph'} Kind */

const REFRESH_MS = 1000;

/** @param {number[][]} shapes */
const written = (shapes) => shapes.map((shape) => `[${shape.join(',\u00a0')}]`).join(' ');

/** @param {number | undefined} time in milliseconds */
const timeText = (time) => (time === undefined ? '' : time.toPrecision(3));

/**
 * @param {string} text
 * @param {string} [kind]
 */
function cell(text, kind) {
  const made = document.createElement('td');
  made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

export class MachineDialog {
  #client;
  /** @type {Partial<Record<Kind, Kernel[]>>} */
  #latest = {};
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;
  #shown = '';
  #asking = false;

  /** @param {import('../client.js').Client} client */
  constructor(client) {
    this.#client = client;
    const box = dialog('machine-dialog');
    const opened = () => {
      this.#timer = setInterval(() => this.#refresh(), REFRESH_MS);
      void this.#refresh();
    };
    document.querySelector('[data-opens=machine-dialog]')?.addEventListener('click', opened);
    box.addEventListener('close', () => clearInterval(this.#timer));
    for (const choice of document.querySelectorAll('[name=kernels-of]')) {
      choice.addEventListener('change', () => this.#show());
    }
    button('time-kernels').addEventListener('click', () => this.#measure());
    button('copy-source').addEventListener('click', () => this.#copy());
  }

  /** @returns {Kind} */
  get #kind() {
    const chosen = /** @type {HTMLInputElement} */ (document.querySelector('[name=kernels-of]:checked'));
    return /** @type {Kind} */ (chosen.value);
  }

  /** @param {string} text */
  #note(text) {
    element('kernels-note').textContent = text;
  }

  async #refresh() {
    if (this.#asking) return;
    this.#asking = true;
    try {
      this.#latest = await this.#client.latest();
      this.#show();
    } catch (error) {
      this.#note(reasonOf(error));
    } finally {
      this.#asking = false;
    }
  }

  #show() {
    const kernels = this.#latest[this.#kind] ?? [];
    const now = JSON.stringify([this.#kind, kernels]);
    if (now === this.#shown) return; // the focus stays where it is
    this.#shown = now;
    const most = Math.max(...kernels.map(({kernelTimeMs}) => kernelTimeMs ?? 0));
    const rows = kernels.map((kernel, place) => this.#row(kernel, place, most));
    element('kernels')
      .querySelector('tbody')
      ?.replaceChildren(...rows);
    element('kernels').hidden = kernels.length === 0;
    button('time-kernels').disabled = kernels.length === 0;
    const total = kernels.reduce((sum, {kernelTimeMs}) => sum + (kernelTimeMs ?? 0), 0);
    const times = most > 0 ? `, ${total.toPrecision(3)} ms one by one` : '';
    this.#note(kernels.length ? `${kernels.length} kernels${times}` : 'Nothing of this kind has run yet.');
  }

  /**
   * @param {Kernel} kernel
   * @param {number} place
   * @param {number} most milliseconds of the longest
   */
  #row({name, inputShapes, outputShapes, kernelTimeMs}, place, most) {
    const row = document.createElement('tr');
    const time = cell(timeText(kernelTimeMs), 'time');
    if (most > 0) time.style.setProperty('--share', String((kernelTimeMs ?? 0) / most));
    const opener = document.createElement('button');
    opener.type = 'button';
    opener.textContent = 'GLSL';
    opener.setAttribute('aria-label', `GLSL of kernel ${place + 1}, ${name}`);
    opener.addEventListener('click', () => this.#open(place, name));
    const last = document.createElement('td');
    last.append(opener);
    row.append(
      cell(String(place + 1)),
      cell(name, 'name'),
      cell(written(inputShapes), 'shapes'),
      cell(written(outputShapes), 'shapes'),
      time,
      last,
    );
    return row;
  }

  async #measure() {
    const what = this.#kind;
    button('time-kernels').disabled = true;
    this.#note('Timing: this waits until it runs (again) ...');
    let problem = '';
    try {
      const timed = await this.#client.measure(what);
      if (!timed) problem = 'Nothing ran within three seconds: press this while a fit is running.';
    } catch (error) {
      problem = reasonOf(error);
    }
    this.#shown = '';
    await this.#refresh();
    if (problem) this.#note(problem);
  }

  /**
   * @param {number} place
   * @param {string} name
   */
  async #open(place, name) {
    try {
      const source = await this.#client.source(this.#kind, place);
      element('source-title').textContent = name;
      element('source').textContent = source;
      button('copy-source').textContent = 'Copy';
      dialog('source-dialog').showModal();
    } catch (error) {
      this.#note(reasonOf(error));
    }
  }

  async #copy() {
    const text = element('source').textContent ?? '';
    try {
      await navigator.clipboard.writeText(text);
      button('copy-source').textContent = 'Copied';
    } catch {
      getSelection()?.selectAllChildren(element('source')); // no permission: Ctrl-C does it
    }
  }
}
