/** Turns what a terminal sends (control characters, escape sequences, bracketed pastes) into named keys. */

const PASTE_BEGINS = '\x1b[200~';
const PASTE_ENDS = '\x1b[201~';

/** @type {Record<string, string>} */
const NAMES = {
  '\r': 'enter',
  '\n': 'newline',
  '\x1b\r': 'newline',
  '\t': 'tab',
  '\x7f': 'backspace',
  '\b': 'backspace',
  '\x1b[3~': 'delete',
  '\x1b[A': 'up',
  '\x1b[B': 'down',
  '\x1b[C': 'right',
  '\x1b[D': 'left',
  '\x1bOA': 'up',
  '\x1bOB': 'down',
  '\x1bOC': 'right',
  '\x1bOD': 'left',
  '\x1b[H': 'home',
  '\x1b[F': 'end',
  '\x1bOH': 'home',
  '\x1bOF': 'end',
  '\x1b[1~': 'home',
  '\x1b[4~': 'end',
  '\x1b[1;5C': 'wordRight',
  '\x1b[1;5D': 'wordLeft',
  '\x1b[1;3C': 'wordRight',
  '\x1b[1;3D': 'wordLeft',
  '\x1bf': 'wordRight',
  '\x1bb': 'wordLeft',
  '\x1b\x7f': 'killWord',
  '\x01': 'home',
  '\x02': 'left',
  '\x03': 'interrupt',
  '\x04': 'delete',
  '\x05': 'end',
  '\x06': 'right',
  '\x0b': 'killToEnd',
  '\x0c': 'clear',
  '\x0e': 'down',
  '\x10': 'up',
  '\x15': 'killToStart',
  '\x17': 'killWord',
};

/** @typedef {{name: string, text: string}} Key name 'text' and 'paste' carry a text */

/**
 * @param {string} data one message of the terminal
 * @returns {Key[]}
 */
export function parseKeys(data) {
  const begin = data.indexOf(PASTE_BEGINS);
  if (begin >= 0) {
    const end = data.indexOf(PASTE_ENDS, begin);
    const pasted = data.slice(begin + PASTE_BEGINS.length, end < 0 ? undefined : end);
    const after = end < 0 ? '' : data.slice(end + PASTE_ENDS.length);
    return [...parseKeys(data.slice(0, begin)), {name: 'paste', text: pasted}, ...parseKeys(after)];
  }
  if (data === '') return [];
  if (Object.hasOwn(NAMES, data)) return [{name: NAMES[data], text: ''}];
  if (data.startsWith('\x1b')) return []; // a key that means nothing here
  const keys = /** @type {Key[]} */ ([]);
  for (const part of data.split(/(\p{Cc})/u)) {
    if (Object.hasOwn(NAMES, part)) keys.push({name: NAMES[part], text: ''});
    else if (part !== '' && !/^\p{Cc}$/u.test(part)) keys.push({name: 'text', text: part});
  }
  return keys;
}
