/** What the worker cannot do for itself: the page's localStorage, downloads, the camera and the microphone. */

import {media} from './media/streams.js';

/** @typedef {import('./protocol.js').PageServices} PageServices */

/** How long the address of a download lives on: the browser has begun to read it by then. */
const DOWNLOAD_MS = 60_000;

/** @type {PageServices} */
export const services = {
  ...media,

  storageKeys: () => Object.keys(localStorage),

  storageGet: (keys) => keys.map((key) => localStorage.getItem(key)),

  storageChange(changes) {
    const before = changes.map(
      ([key]) => /** @type {[string, string | null]} */ ([key, localStorage.getItem(key)]),
    );
    const apply = (/** @type {[string, string | null][]} */ entries) => {
      for (const [key] of entries) localStorage.removeItem(key);
      for (const [key, value] of entries) if (value !== null) localStorage.setItem(key, value);
    };
    try {
      apply(changes);
    } catch (error) {
      apply(before);
      throw error;
    }
  },

  download(name, type, bytes) {
    const address = URL.createObjectURL(new Blob([bytes], {type}));
    const anchor = Object.assign(document.createElement('a'), {href: address, download: name});
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(address), DOWNLOAD_MS);
  },
};
