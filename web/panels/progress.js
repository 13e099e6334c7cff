/** The boot's progress bar. */

/** @param {import('../protocol.js').Progress} progress */
export function showProgress({step, done}) {
  const bar = /** @type {HTMLProgressElement} */ (document.getElementById('progress'));
  const label = /** @type {HTMLElement} */ (document.getElementById('progress-step'));
  bar.value = done;
  label.textContent = done < 1 ? `${step} ...` : step;
  const box = /** @type {HTMLElement} */ (bar.closest('.boot'));
  box.hidden = done >= 1;
}

/** Takes the bar away: what it told of goes on no more. */
export function hideProgress() {
  const bar = /** @type {HTMLElement} */ (document.getElementById('progress'));
  /** @type {HTMLElement} */ (bar.closest('.boot')).hidden = true;
}
