/** A bar between two parts of the page, moved by pointer or keys; where it was left is kept. */

import {recall, remember} from './storage.js';

const STEP = 2;
const LEAST = 15;
const MOST = 85;

/**
 * @param {number} share
 * @returns {number} in per cent, within the bounds
 */
const bounded = (share) => Math.min(MOST, Math.max(LEAST, share));

export class Divider {
  #bar;
  #box;
  #name;
  #usual;
  #across;
  #share = 0;

  /**
   * @param {HTMLElement} bar an element of role "separator"; it sets the property `--<its id>` of `box`
   * @param {HTMLElement} box what it divides
   * @param {number} usual the first part's share, in per cent
   */
  constructor(bar, box, usual) {
    this.#bar = bar;
    this.#box = box;
    this.#usual = usual;
    this.#name = bar.id;
    this.#across = bar.getAttribute('aria-orientation') === 'vertical';
    bar.setAttribute('aria-valuemin', String(LEAST));
    bar.setAttribute('aria-valuemax', String(MOST));
    const kept = recall(this.#name);
    this.#move(typeof kept === 'number' ? kept : usual);
    bar.addEventListener('keydown', (event) => this.#press(event));
    bar.addEventListener('dblclick', () => this.#settle(this.#usual));
    bar.addEventListener('pointerdown', (event) => this.#drag(event));
  }

  /** @param {number} share */
  #move(share) {
    this.#share = bounded(share);
    this.#box.style.setProperty(`--${this.#name}`, `${this.#share}%`);
    this.#bar.setAttribute('aria-valuenow', String(Math.round(this.#share)));
  }

  /** @param {number} share */
  #settle(share) {
    this.#move(share);
    remember(this.#name, this.#share);
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const [less, more] = this.#across ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    /** @type {Record<string, number>} */
    const places = {
      [less]: this.#share - STEP,
      [more]: this.#share + STEP,
      Home: LEAST,
      End: MOST,
      Enter: this.#usual,
    };
    if (!(event.key in places)) return;
    event.preventDefault();
    this.#settle(places[event.key]);
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    event.preventDefault();
    this.#bar.focus();
    this.#bar.setPointerCapture(event.pointerId);
    const follow = (/** @type {PointerEvent} */ {clientX, clientY}) => {
      const {left, top, width, height} = this.#box.getBoundingClientRect();
      this.#move(100 * (this.#across ? (clientX - left) / width : (clientY - top) / height));
    };
    this.#bar.addEventListener('pointermove', follow);
    this.#bar.addEventListener(
      'lostpointercapture',
      () => {
        this.#bar.removeEventListener('pointermove', follow);
        this.#settle(this.#share);
      },
      {once: true},
    );
  }
}
