/** A pad to draw on, with a mouse, a finger, a pen or the keyboard, and what a model makes of the drawing. */

import {make} from '../layout/elements.js';
import {pixels} from './ink.js';
import {reasonOf} from '../reason.js';

/** Pixels along a side of the pad, and the width of its pen. */
const SIDE = 224;
const PEN = 18;
const KEY_STEP = 8;
const BARS = 10;

/**
 * @typedef {object} SketchSpec what py/tfjs_pyo/vis/pads.py sends
 * @property {number} sketch its number
 * @property {string} name
 * @property {number} size
 * @property {boolean} fit
 * @property {number} margin
 */

/** @typedef {(sketch: number, pixels: Float32Array) => Promise<import('../protocol.js').Reading>} Feed */

const MOVES = /** @type {Record<string, [number, number]>} */ ({
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
});

export class Sketch {
  #spec;
  #feed;
  #busy = false;
  #waits = false;
  /** The number of the drawing: clearing begins the next one. */
  #drawing = 0;
  #down = false;
  #at = {x: SIDE / 2, y: SIDE / 2};
  #scores = make('ol', {className: 'scores'});
  #said = make('p', {className: 'said', role: 'status', textContent: 'Draw something.'});

  /**
   * @param {HTMLElement} place
   * @param {SketchSpec} spec
   * @param {Feed} feed has a drawing read
   */
  constructor(place, spec, feed) {
    this.#spec = spec;
    this.#feed = feed;
    this.canvas = /** @type {HTMLCanvasElement} */ (make('canvas', {width: SIDE, height: SIDE, tabIndex: 0}));
    this.canvas.setAttribute('role', 'application');
    const keys = 'arrows move the pen, Space puts it down or lifts it, Delete clears';
    this.canvas.setAttribute('aria-label', `${spec.name}: pad to draw on; ${keys}`);
    this.context = /** @type {CanvasRenderingContext2D} */ (
      this.canvas.getContext('2d', {willReadFrequently: true})
    );
    Object.assign(this.context, {lineWidth: PEN, lineCap: 'round', lineJoin: 'round'});
    this.cursor = make('span', {className: 'pen', ariaHidden: 'true'});
    const clear = make('button', {type: 'button', textContent: 'Clear'});
    clear.addEventListener('click', () => this.#clear());
    this.#listen();
    place.classList.add('figure', 'sketch');
    place.append(
      make('figcaption', {textContent: spec.name}),
      make('div', {className: 'pad'}, [
        make('div', {className: 'paper'}, [this.canvas, this.cursor]),
        make('div', {className: 'reading'}, [this.#said, this.#scores, clear]),
      ]),
    );
    this.#place();
  }

  #listen() {
    const {canvas} = this;
    const to = (/** @type {PointerEvent} */ event) => {
      const box = canvas.getBoundingClientRect();
      const scale = SIDE / box.width;
      return {x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale};
    };
    canvas.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      this.#at = to(event);
      this.#line(this.#at);
    });
    canvas.addEventListener('pointermove', (event) => {
      if (!canvas.hasPointerCapture(event.pointerId)) return;
      const passed = event.getCoalescedEvents?.() ?? [];
      for (const each of passed.length ? passed : [event]) this.#line(to(each));
    });
    canvas.addEventListener('keydown', (event) => this.#press(event));
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const move = MOVES[event.key];
    if (!move && ![' ', 'Delete', 'Backspace'].includes(event.key)) return;
    event.preventDefault();
    if (move) {
      const [x, y] = move.map((each) => each * KEY_STEP);
      const next = {x: this.#inside(this.#at.x + x), y: this.#inside(this.#at.y + y)};
      if (this.#down) this.#line(next);
      this.#at = next;
    } else if (event.key === ' ') {
      this.#down = !this.#down;
      if (this.#down) this.#line(this.#at);
    } else this.#clear();
    this.#place();
  }

  /** @param {number} at */
  #inside(at) {
    return Math.min(SIDE, Math.max(0, at));
  }

  /** Shows where the keyboard's pen is. */
  #place() {
    this.cursor.classList.toggle('down', this.#down);
    this.cursor.style.left = `${(100 * this.#at.x) / SIDE}%`;
    this.cursor.style.top = `${(100 * this.#at.y) / SIDE}%`;
  }

  /** @param {{x: number, y: number}} to */
  #line(to) {
    const {context} = this;
    context.beginPath();
    context.moveTo(this.#at.x, this.#at.y);
    context.lineTo(to.x, to.y);
    context.stroke();
    this.#at = to;
    this.#place();
    void this.#read();
  }

  #clear() {
    this.context.clearRect(0, 0, SIDE, SIDE);
    this.#drawing++;
    this.#down = false;
    this.#place();
    this.#scores.replaceChildren();
    this.#said.textContent = 'Draw something.';
  }

  /** What is drawn now: the ink is what is not transparent. */
  #ink() {
    const {data} = this.context.getImageData(0, 0, SIDE, SIDE);
    return Float32Array.from({length: SIDE * SIDE}, (_, i) => data[4 * i + 3] / 255);
  }

  /** Has the drawing read; while that is under way it is read once more at its end, as it is then. */
  async #read() {
    if (this.#busy) {
      this.#waits = true;
      return;
    }
    this.#busy = true;
    try {
      do {
        this.#waits = false;
        const ink = this.#ink();
        const blank = ink.every((value) => value === 0);
        const drawing = this.#drawing;
        const reading = blank ? null : await this.#feed(this.#spec.sketch, pixels(ink, SIDE, this.#spec));
        if (reading && drawing === this.#drawing) this.#show(reading); // else it was cleared meanwhile
      } while (this.#waits);
    } catch (error) {
      this.#said.textContent = reasonOf(error);
    } finally {
      this.#busy = false;
    }
  }

  /** @param {import('../protocol.js').Reading} reading */
  #show({label, scores, error}) {
    if (error) {
      this.#scores.replaceChildren();
      this.#said.textContent = error;
      return;
    }
    const best = Math.max(...scores.map(([, score]) => score));
    const percent = best <= 1 && scores.every(([, score]) => score >= 0);
    const tell = (/** @type {number} */ score) =>
      percent ? `${(100 * score).toFixed(0)} %` : String(Number(score.toPrecision(3)));
    this.#said.textContent = scores.length ? `${label}, ${tell(best)}` : label;
    const chosen = scores.length > BARS ? [...scores].sort(([, a], [, b]) => b - a).slice(0, BARS) : scores;
    this.#scores.replaceChildren(
      ...chosen.map(([name, score]) => {
        const row = make('li', {}, [
          make('span', {textContent: name}),
          make('meter', {
            min: 0,
            max: percent ? 1 : Math.max(best, 1e-9),
            value: score,
            ariaLabel: `Score of ${name}`,
          }),
        ]);
        row.classList.toggle('best', score === best);
        return row;
      }),
    );
  }
}
