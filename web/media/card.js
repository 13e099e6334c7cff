/** What says that the camera or the microphone is on, shows what the camera sees, and turns it off. */

import {element, make} from '../layout/elements.js';

/**
 * Shows a card.
 *
 * @param {string} what 'Camera' or 'Microphone'
 * @param {HTMLVideoElement | null} video
 * @param {() => void} stop
 * @returns {() => void} takes the card away
 */
export function showStream(what, video, stop) {
  const name = make('span', {textContent: `${what} on`});
  const button = make('button', {type: 'button', textContent: 'Turn off', onclick: stop});
  button.setAttribute('aria-label', `Turn the ${what.toLowerCase()} off`);
  const card = make('aside', {className: 'media'}, [
    ...(video ? [video] : []),
    make('div', {}, [name, button]),
  ]);
  card.setAttribute('role', 'status');
  element('streams').append(card);
  return () => card.remove();
}
