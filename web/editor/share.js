/** Programs in links: deflated, as base64url, in the fragment `#code=...`, which browsers send to no server. */

const MARK = '#code=';
/** No program is longer; a link that unfolds to more is none of ours. */
const LONGEST = 1_000_000;

/**
 * @param {ReadableStream<Uint8Array>} stream
 * @param {number} most
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
async function collect(stream, most) {
  const chunks = /** @type {Uint8Array[]} */ ([]);
  const reader = stream.getReader();
  let size = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.length;
    if (size > most) throw new Error(`it unfolds to more than ${most} bytes`);
    chunks.push(next.value);
  }
  const whole = new Uint8Array(size);
  let place = 0;
  for (const chunk of chunks) {
    whole.set(chunk, place);
    place += chunk.length;
  }
  return whole;
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {CompressionStream | DecompressionStream} way
 */
const through = (bytes, way) => new Blob([bytes]).stream().pipeThrough(way);

/** @param {string} text */
export async function encode(text) {
  const stream = through(new TextEncoder().encode(text), new CompressionStream('deflate-raw'));
  const bytes = await collect(stream, Infinity);
  const letters = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(letters).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/**
 * @param {string} code
 * @returns {Promise<string>}
 */
export async function decode(code) {
  const letters = atob(code.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
  const whole = await collect(through(bytes, new DecompressionStream('deflate-raw')), LONGEST);
  return new TextDecoder('utf-8', {fatal: true}).decode(whole);
}

/**
 * @param {string} text
 * @returns {Promise<string>} the page's address with the program in it
 */
export async function linkTo(text) {
  const address = new URL(location.href);
  address.hash = '';
  return address.href.replace(/#$/, '') + MARK + (await encode(text));
}

/** @param {unknown} error */
const reasonOf = (error) => (error instanceof Error && error.message ? error.message : 'it is damaged');

/**
 * What the page's address holds; it is taken out of the address, so that a reload keeps what was written since.
 *
 * @returns {Promise<{text: string} | {problem: string} | null>} null where there is none
 */
export async function takeShared() {
  const {hash} = location;
  if (!hash.startsWith(MARK)) return null;
  history.replaceState(null, '', location.pathname + location.search);
  try {
    return {text: await decode(hash.slice(MARK.length))};
  } catch (error) {
    return {
      problem:
        `The program in this link cannot be read (${reasonOf(error)}). Part of the link may be missing: ` +
        'copy it again as a whole, or ask its sender for it.',
    };
  }
}
