/**
 * Keeps the site in this browser, so that it opens without a network.
 *
 * All files of a version come together or not at all, and one version's are never shown with another's; packages of
 * Pyodide's CDN, whose addresses name their version, are kept as they are fetched. offline-files.js, which tools/offline.py
 * writes, says what there is.
 */

/**
 * @typedef {object} Offline
 * @property {string} version
 * @property {Record<string, string>} files the SHA-256 of each file, in hexadecimal digits, by its place
 * @property {{from: string, first: string[]}} packages where they come from, and those that every visit needs
 * @property {boolean} fresh whether the network is asked first: the server is one for development
 */

/**
 * @typedef {object} Scope what is used of a ServiceWorkerGlobalScope
 * @property {(url: string) => void} importScripts
 * @property {Offline} tfjsPyoOffline
 * @property {{scope: string}} registration
 * @property {{claim: () => Promise<void>}} clients
 * @property {() => Promise<void>} skipWaiting
 * @property {(type: string, listener: (event: any) => void) => void} addEventListener
 */

const worker = /** @type {Scope} */ (/** @type {unknown} */ (self));
worker.importScripts('offline-files.js');

const {version, files, packages, fresh} = worker.tfjsPyoOffline;
const root = worker.registration.scope;
const PREFIX = `tfjs-pyo ${root} `; // other sites of the same host have caches of their own
const SITE = PREFIX + version;
const PACKAGES = `${PREFIX}packages`;
const LIST = `${root}offline-files.json`;

/** With these a page is cross-origin isolated, also on hosts that do not send them. */
const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** @param {string} place */
const addressOf = (place) => root + (place === 'index.html' ? '' : place);

/**
 * @param {string} url
 * @returns {string | null} the place of one of the site's files
 */
function placeOf(url) {
  const {origin, pathname} = new URL(url);
  if (!(origin + pathname).startsWith(root)) return null;
  const place = (origin + pathname).slice(root.length) || 'index.html';
  return Object.hasOwn(files, place) ? place : null;
}

/** @param {ArrayBuffer} bytes */
async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * A file from the network, if it is the one that the list means: no error's page, and none of another version.
 *
 * @param {string} place
 */
async function fetched(place) {
  const response = await fetch(addressOf(place), {cache: 'no-cache'});
  if (!response.ok) throw new Error(`${place}: the server answered ${response.status}`);
  const bytes = await response.arrayBuffer();
  // Some hosts send what ends in .gz unpacked.
  if (!fresh && !place.endsWith('.gz') && (await sha256(bytes)) !== files[place]) {
    throw new Error(`${place} is not that of version ${version}`);
  }
  const headers = new Headers(response.headers);
  headers.delete('Content-Encoding');
  headers.set('Content-Length', String(bytes.byteLength));
  for (const [name, value] of Object.entries(ISOLATION)) headers.set(name, value);
  return new Response(bytes, {headers});
}

/** @returns {Promise<string[]>} the names of the caches of other versions */
async function formerCaches() {
  const names = await caches.keys();
  return names.filter((name) => name.startsWith(PREFIX) && name !== SITE && name !== PACKAGES);
}

/** @returns {Promise<Map<string, {cache: Cache, place: string}>>} what other versions hold, by its SHA-256 */
async function formerFiles() {
  const found = new Map();
  for (const name of fresh ? [] : await formerCaches()) {
    const cache = await caches.open(name);
    const list = await cache.match(LIST);
    for (const [place, hash] of Object.entries(list ? await list.json() : {})) {
      found.set(hash, {cache, place});
    }
  }
  return found;
}

/** Takes what has not changed from the version before, and the rest from the network. */
async function keepSite() {
  const cache = await caches.open(SITE);
  const former = await formerFiles();
  const keep = async (/** @type {string} */ place) => {
    const same = former.get(files[place]);
    const held = await same?.cache.match(addressOf(same.place));
    await cache.put(addressOf(place), held ?? (await fetched(place)));
  };
  try {
    await Promise.all(Object.keys(files).map(keep));
    if (!fresh) await cache.put(LIST, Response.json(files));
  } catch (error) {
    await caches.delete(SITE);
    throw error;
  }
  await Promise.all(packages.first.map((url) => foreign(new Request(url)).catch(() => {}))); // the site is whole without
}

async function dropFormer() {
  await Promise.all((await formerCaches()).map((name) => caches.delete(name)));
  const cache = await caches.open(PACKAGES);
  for (const request of await cache.keys()) {
    if (!request.url.startsWith(packages.from)) await cache.delete(request);
  }
}

/**
 * From the server, and into the cache if it is new.
 *
 * @param {Request} request
 * @param {Cache} cache
 * @param {Response | undefined} held
 */
async function renewed(request, cache, held) {
  const response = await fetch(request);
  const tag = response.headers.get('ETag');
  if (request.method === 'GET' && response.status === 200 && !(tag && tag === held?.headers.get('ETag'))) {
    const copy = response.clone();
    cache.put(addressOf(/** @type {string} */ (placeOf(request.url))), copy).catch(() => {}); // the disk is full
  }
  return response;
}

/**
 * One of the site's files.
 *
 * @param {Request} request
 * @param {string} place
 */
async function own(request, place) {
  const cache = await caches.open(SITE);
  const held = await cache.match(addressOf(place));
  if (!held) return fetch(request);
  if (fresh) {
    try {
      return await renewed(request, cache, held);
    } catch {
      // The server is away: what it sent before will do.
    }
  }
  return request.method === 'HEAD' ? new Response(null, {headers: held.headers}) : held;
}

/**
 * A package of Pyodide's: never another under the same address.
 *
 * @param {Request} request
 */
async function foreign(request) {
  const cache = await caches.open(PACKAGES);
  const held = await cache.match(request.url);
  if (held) return held;
  const response = await fetch(request);
  // What an opaque response holds cannot be seen: it may be an error.
  if (response.status === 200 && response.type === 'cors') {
    cache.put(request.url, response.clone()).catch(() => {});
  }
  return response;
}

/** @param {FetchEvent & Event} event */
function answer(event) {
  const {request} = event;
  if (request.headers.has('range')) return;
  if (request.cache === 'only-if-cached' && request.mode !== 'same-origin') return; // fetch() would refuse it
  const place = request.method === 'GET' || request.method === 'HEAD' ? placeOf(request.url) : null;
  if (place !== null) event.respondWith(own(request, place));
  else if (request.method === 'GET' && request.url.startsWith(packages.from)) {
    event.respondWith(foreign(request));
  }
}

/** @typedef {{request: Request, respondWith: (response: Promise<Response>) => void}} FetchEvent */

worker.addEventListener('install', (event) => {
  event.waitUntil(keepSite());
  if (fresh) worker.skipWaiting();
});
worker.addEventListener('activate', (event) => {
  event.waitUntil(dropFormer().then(() => worker.clients.claim()));
});
worker.addEventListener('message', ({data}) => {
  if (data === 'take over') worker.skipWaiting();
});
worker.addEventListener('fetch', answer);
