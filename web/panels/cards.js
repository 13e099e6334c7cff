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
  const section = card.parentElement;
  card.remove();
  if (section?.matches('section') && !section.querySelector('article')) section.remove();
  for (const [key, value] of kept) {
    if (value === card) kept.delete(key);
  }
}

/** Lets all cards go. */
export function dropCards() {
  growing.disconnect();
  for (const card of panel.querySelectorAll('article')) drop(card);
  panel.hidden = true;
}

/** The part of a program that runs, whose cards stand together below its name. @type {HTMLElement | null} */
let part = null;

/**
 * Has results stand below the name of the part that they come from; those of its former run go.
 *
 * @param {string} name
 * @returns {() => void} ends it
 */
export function beginPart(name) {
  for (const section of panel.querySelectorAll('section')) {
    if (section.getAttribute('aria-label') === name) dropPart(section);
  }
  const mine = document.createElement('section');
  mine.setAttribute('aria-label', name);
  const heading = document.createElement('h3');
  heading.textContent = name;
  mine.append(heading);
  part = mine;
  return () => {
    if (part === mine) part = null;
  };
}

/** @param {HTMLElement} section */
function dropPart(section) {
  for (const card of section.querySelectorAll('article')) drop(card);
  section.remove();
}

/** Where results stand that come now: below the name of a part, or among the others. */
export const currentPart = () => part;

/**
 * The card that shows something of this key, or a new one.
 *
 * @param {string | null} key
 * @param {HTMLElement | null} [section] the part that it belongs to
 * @returns {HTMLElement}
 */
export function cardOf(key, section = null) {
  panel.hidden = false;
  const known = key === null ? undefined : kept.get(key);
  if (known?.isConnected) return known;
  const made = document.createElement('article');
  made.className = 'card';
  made.tabIndex = 0; // wide results scroll, with the keyboard too
  made.setAttribute('aria-label', 'Result');
  section?.append(made);
  panel.append(section ?? made);
  const cards = panel.querySelectorAll('article');
  for (const card of [...cards].slice(0, Math.max(0, cards.length - MOST_CARDS))) drop(card);
  if (key !== null) kept.set(key, made);
  growing.disconnect();
  growing.observe(made);
  return made;
}

/** How many cards can be found again, for tests. */
export const cardsKept = () => kept.size;
