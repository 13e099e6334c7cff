/** The cards of results: made, found again by what they show, and let go with all that draws in them. */

import {element} from '../layout/elements.js';

const MOST_CARDS = 50;

const panel = element('displays');

/** Keeps the last card in sight while it grows, until somebody looks elsewhere. */
const growing = new ResizeObserver(([{target}]) => {
  target.scrollIntoView({block: target.clientHeight > panel.clientHeight ? 'start' : 'nearest'});
});
for (const act of ['wheel', 'pointerdown', 'keydown', 'touchstart']) {
  panel.addEventListener(act, () => growing.disconnect(), {passive: true});
}

/** Cards by what they show: a surface, a training run. @type {Map<string, HTMLElement>} */
const kept = new Map();
/** What ends with a card or with what it holds now: observers, plots. @type {WeakMap<Element, Set<() => void>>} */
const endings = new WeakMap();

/**
 * Has something ended when a card goes or shows something else.
 *
 * @param {Element} place a card, or what lies in one
 * @param {() => void} end
 */
export function endWithCard(place, end) {
  const ends = endings.get(place) ?? new Set();
  endings.set(place, ends.add(end));
}

/**
 * Ends what a card holds.
 *
 * @param {Element} place
 */
export function empty(place) {
  for (const each of [place, ...place.querySelectorAll('*')]) {
    for (const end of endings.get(each) ?? []) end();
    endings.delete(each);
  }
  place.replaceChildren();
}

/** @param {HTMLElement} card */
function drop(card) {
  empty(card);
  card.remove();
  for (const [key, value] of kept) {
    if (value === card) kept.delete(key);
  }
}

/** Lets all cards go. */
export function dropCards() {
  growing.disconnect();
  for (const card of [...panel.children]) drop(/** @type {HTMLElement} */ (card));
  panel.hidden = true;
}

/**
 * The card that shows something of this key, or a new one.
 *
 * @param {string | null} key
 * @returns {HTMLElement}
 */
export function cardOf(key) {
  panel.hidden = false;
  const known = key === null ? undefined : kept.get(key);
  if (known?.isConnected) return known;
  const made = document.createElement('article');
  made.className = 'card';
  made.tabIndex = 0; // wide results scroll, with the keyboard too
  made.setAttribute('aria-label', 'Result');
  panel.append(made);
  while (panel.children.length > MOST_CARDS) drop(/** @type {HTMLElement} */ (panel.firstElementChild));
  if (key !== null) kept.set(key, made);
  growing.disconnect();
  growing.observe(made);
  return made;
}

/** How many cards can be found again, for tests. */
export const cardsKept = () => kept.size;
