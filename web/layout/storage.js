/** What this browser keeps for the page: JSON under names of ours. Where storage is forbidden or full, nothing is kept. */

const PREFIX = 'tfjs-pyo.';

/**
 * @param {string} name
 * @returns {any} undefined where there is nothing, or nothing that can be read
 */
export function recall(name) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name) ?? 'null') ?? undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} name
 * @param {unknown} value
 * @returns {boolean} whether it is kept
 */
export function remember(name, value) {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

/** @returns {boolean} whether anything is kept at all */
export function keeps() {
  const kept = remember('trial', true);
  if (kept) localStorage.removeItem(`${PREFIX}trial`);
  return kept;
}
