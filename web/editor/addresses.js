/** Programs and notebooks from other servers: `?open=https://...`, shown in the editor, and never run by itself. */

import {reasonOf} from '../reason.js';

const NAME = 'open';
/** Notebooks with pictures in them may be large; more than this is none. */
const LARGEST = 50_000_000;
const OPENED = /\.(py|ipynb)$/i;

/**
 * Where the text of a file is that a page of GitHub shows.
 *
 * @param {URL} address
 */
function rawAddress(address) {
  const [, owner, name, kind, ...rest] = address.pathname.split('/');
  const isPage = address.hostname === 'github.com' && (kind === 'blob' || kind === 'raw');
  return isPage ? new URL(`https://raw.githubusercontent.com/${[owner, name, ...rest].join('/')}`) : address;
}

/**
 * @param {Response} response
 * @returns {Promise<string>}
 */
async function limited(response) {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder('utf-8', {fatal: true});
  let [text, size] = ['', 0];
  for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
    size += next.value.length;
    if (size > LARGEST) {
      await reader?.cancel();
      throw new Error(`it has more than ${LARGEST} bytes`);
    }
    text += decoder.decode(next.value, {stream: true});
  }
  return text + decoder.decode();
}

/**
 * @param {string} given
 * @returns {Promise<{name: string, text: string, from: string}>}
 */
async function fetched(given) {
  const address = rawAddress(new URL(given, location.href));
  if (address.protocol !== 'https:' && address.origin !== location.origin) {
    throw new Error('expected an address that begins with https://');
  }
  const name = decodeURIComponent(address.pathname.split('/').at(-1) ?? '');
  if (!OPENED.test(name)) throw new Error('expected a file whose name ends with .py or .ipynb');
  const response = await fetch(address, {credentials: 'omit'}).catch(() => {
    throw new Error('the server did not answer, or does not let other sites read the file (CORS)');
  });
  if (!response.ok) throw new Error(`the server answered ${response.status} ${response.statusText}`.trim());
  return {name, text: await limited(response), from: address.host};
}

/**
 * What the page's address asks for; it is taken out of the address, so that a reload keeps what was written since.
 *
 * @returns {Promise<{name: string, text: string, from: string} | {problem: string} | null>} null where there is none
 */
export async function takeAddress() {
  const page = new URL(location.href);
  const given = page.searchParams.get(NAME);
  if (given === null) return null;
  page.searchParams.delete(NAME);
  history.replaceState(null, '', page);
  try {
    return await fetched(given);
  } catch (error) {
    return {problem: `${given.slice(0, 200)} cannot be opened: ${reasonOf(error)}.`};
  }
}
