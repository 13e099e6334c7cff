/** The examples as cards: a picture, a title, a paragraph. Its list is site.json's, made of the programs' docstrings. */

import {button, dialog, element, input} from '../layout/elements.js';
import {reasonOf} from '../reason.js';

const ROOT = new URL('../', import.meta.url);
const FOLDER = 'examples/';

/** @typedef {{name: string, title: string, text: string, face: string}} Entry name: below `examples/`; face: the API that it is written for */

/**
 * @typedef {object} Uses
 * @property {(program: import('../editor/programs.js').Program, note: string) => void} open
 * @property {() => void} run run what was opened
 * @property {(problem: string) => void} report
 */

/**
 * @param {string} place
 * @returns {Promise<Response>}
 */
async function get(place) {
  const response = await fetch(new URL(place, ROOT));
  if (!response.ok) throw new Error(`the server answered ${response.status} for ${place}`);
  return response;
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Partial<HTMLElementTagNameMap[K]>} properties
 * @param {Node[]} children
 */
function make(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

export class Gallery {
  #uses;
  #box = dialog('gallery-dialog');
  #list = element('gallery');
  #filter = input('gallery-filter');
  /** @type {Promise<void> | null} */
  #filled = null;

  /** @param {Uses} uses */
  constructor(uses) {
    this.#uses = uses;
    this.#filter.addEventListener('input', () => this.#sift());
    button('examples').addEventListener('click', () => this.show());
  }

  async show() {
    this.#box.showModal();
    this.#filled ??= this.#fill();
    try {
      await this.#filled;
      this.#sift();
    } catch (error) {
      this.#filled = null; // the next time may be luckier
      this.#fail('The examples cannot be listed', error);
    }
  }

  async #fill() {
    const {gallery} = await (await get('site.json')).json();
    this.#list.replaceChildren(...gallery.map((/** @type {Entry} */ entry) => this.#card(entry)));
  }

  /** @param {Entry} entry */
  #card(entry) {
    const picture = make('img', {src: new URL(`gallery/${entry.name}.svg`, ROOT).href, alt: ''});
    const heading = make('h3', {textContent: entry.title, id: `example-${entry.name}`});
    const does = /** @type {const} */ ([
      ['Open', false],
      ['Open and run', true],
    ]);
    const buttons = does.map(([label, run]) => {
      const opener = make('button', {type: 'button', textContent: label});
      opener.setAttribute('aria-describedby', heading.id);
      opener.addEventListener('click', () => this.#open(entry, run));
      return opener;
    });
    const actions = make('div', {className: 'actions'}, ...buttons);
    const face = make('p', {className: 'face', textContent: entry.face});
    const card = make('li', {}, picture, heading, face, make('p', {textContent: entry.text}), actions);
    card.dataset.name = entry.name;
    return card;
  }

  #sift() {
    const words = this.#filter.value.toLowerCase().split(/\s+/);
    const cards = /** @type {HTMLElement[]} */ ([...this.#list.children]);
    for (const card of cards) {
      const text = `${card.dataset.name} ${card.textContent}`.toLowerCase();
      card.hidden = !words.every((word) => text.includes(word));
    }
    const shown = cards.filter((card) => !card.hidden).length;
    element('gallery-count').textContent = `${shown} of ${cards.length}`;
  }

  /**
   * @param {Entry} entry
   * @param {boolean} run
   */
  async #open({name, title}, run) {
    try {
      const text = await (await get(`${FOLDER}${name}.py`)).text();
      this.#box.close();
      const [file, ...folders] = `${name}.py`.split('/').reverse();
      const folder =
        FOLDER +
        folders
          .reverse()
          .map((each) => `${each}/`)
          .join('');
      this.#uses.open({name: file, text, folder}, `Example: ${title}.`);
      if (run) this.#uses.run();
    } catch (error) {
      this.#fail('The example cannot be opened', error);
    }
  }

  /**
   * @param {string} what
   * @param {unknown} error
   */
  #fail(what, error) {
    this.#box.close();
    this.#uses.report(`${what}: ${reasonOf(error)}`);
  }
}
