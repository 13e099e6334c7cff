/** Has the browser keep the site (../service-worker.js), and offers a new version when there is one. */

import {notice} from '../panels/problems.js';
import {workerAt} from '../trusted.js';

/** Service workers, where there are any: frames in a sandbox may not even ask. */
function container() {
  try {
    return navigator.serviceWorker;
  } catch {
    return undefined;
  }
}

/** Whether this browser holds the site's files already. */
export const isKept = () => Boolean(container()?.controller);

/** @param {ServiceWorker} waiting */
function offer(waiting) {
  const reload = document.createElement('button');
  reload.type = 'button';
  reload.textContent = 'Reload';
  reload.addEventListener('click', () => {
    reload.disabled = true;
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), {once: true});
    waiting.postMessage('take over');
  });
  notice('A new version of this page is ready. Reloading discards everything in Python. ').append(reload);
}

let asked = false;

/**
 * Call it when the page has what it needs, so that keeping it does not slow down its start.
 *
 * Browsers offer it on https and on localhost; where storage is forbidden nothing is kept, and nothing else is lost.
 */
export async function keepOffline() {
  const workers = container();
  if (!workers || asked) return;
  asked = true;
  const registration = await workers
    .register(workerAt('service-worker.js'), {updateViaCache: 'none'})
    .catch(() => undefined);
  if (!registration) return;
  const look = () => {
    if (registration.waiting && registration.active) offer(registration.waiting);
  };
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', ({target}) => {
      if (/** @type {ServiceWorker} */ (target).state === 'installed') look();
    });
  });
  look();
}
