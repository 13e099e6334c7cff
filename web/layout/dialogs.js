/**
 * Dialogs: a button with data-opens="<id>" opens one; a click beside it or on a button with data-closes, or Escape, shuts it.
 */

import {dialog} from './elements.js';

export function wireDialogs() {
  for (const opener of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-opens]'))) {
    opener.addEventListener('click', () => dialog(opener.dataset.opens ?? '').showModal());
  }
  for (const box of document.querySelectorAll('dialog')) {
    box.addEventListener('click', (event) => {
      const target = /** @type {HTMLElement} */ (event.target);
      // The dialog's own box is what a click on its backdrop hits: its content covers all the rest.
      if (target === box || target.closest('[data-closes]')) box.close();
    });
    // A field for searches keeps Escape to itself in WebKit.
    box.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.defaultPrevented) box.close();
    });
  }
}
