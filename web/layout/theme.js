/** Light or dark: what the system prefers, until the reader chooses; the choice is kept. style.css has the colours. */

import {recall, remember} from './storage.js';

const system = matchMedia('(prefers-color-scheme: dark)');
/** @type {Set<(dark: boolean) => void>} */
const followers = new Set();

/** @returns {boolean} */
export function isDark() {
  const {theme} = document.documentElement.dataset;
  return theme ? theme === 'dark' : system.matches;
}

/**
 * Call `follow` now and whenever it becomes light or dark.
 *
 * @param {(dark: boolean) => void} follow
 * @returns {() => void} ends it
 */
export function followTheme(follow) {
  followers.add(follow);
  follow(isDark());
  return () => followers.delete(follow);
}

function tell() {
  for (const follow of followers) follow(isDark());
}

/** @param {unknown} theme 'light', 'dark', or anything else for the system's */
function choose(theme) {
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  tell();
}

/** From light to dark or back; what the system prefers is followed again where that is the same. */
export function toggleTheme() {
  const theme = isDark() ? 'light' : 'dark';
  const chosen = (theme === 'dark') === system.matches ? null : theme;
  remember('theme', chosen);
  choose(chosen);
}

system.addEventListener('change', tell);
choose(recall('theme'));
