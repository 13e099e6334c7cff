/** The screen: the prompt with its text at the bottom, output above it. Redraws the prompt around every output. */

const PROMPT = '>>> ';
const CONTINUATION = '... ';
const WIDE =
  /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}/u;
// eslint-disable-next-line no-control-regex
const ESCAPES = /\x1b\[[0-9;?]*[A-Za-z]/g;

/**
 * Undoes what a program's output may have set: the scroll region, character sets, hidden cursors, the other screen, mouse
 * reports, cursor keys, colours (DECSTR and what it leaves), what the colours look like (OSC 104 to 112); and asks for pastes in
 * brackets, so that they are told from typing.
 */
const MODES =
  '\x1b[!p\x1b(B\x0f\x1b[?47l\x1b[?1000;1002;1003;1006l\x1b[?1l\x1b[?2004h\x1b[0m' +
  '\x1b]104\x07\x1b]110\x07\x1b]111\x07\x1b]112\x07';

export const COLOURS = {red: '\x1b[31m', blue: '\x1b[34m', quiet: '\x1b[90m', plain: '\x1b[0m'};

/** The colours of theme.js for the parts of a program. */
const CODE = {
  keyword: '\x1b[35m',
  string: '\x1b[32m',
  number: '\x1b[33m',
  comment: COLOURS.quiet,
  name: COLOURS.blue,
};

/** @typedef {{from: number, to: number, kind: keyof typeof CODE}} Part a part of a program that has a colour */
/** @typedef {(text: string) => Part[]} Painter */

/** @param {string} character */
const width = (character) => (WIDE.test(character) ? 2 : /\p{M}/u.test(character) ? 0 : 1);

/** @param {string} text */
const textWidth = (text) =>
  [...text.replace(ESCAPES, '')].reduce((sum, character) => sum + width(character), 0);

/**
 * Breaks the input into screen rows, none of which fills a row to its end (a terminal's cursor is ambiguous there).
 *
 * @param {string} text
 * @param {number} cursor
 * @param {number} columns
 * @param {Part[]} parts
 */
export function layOut(text, cursor, columns, parts) {
  const rows = /** @type {string[]} */ ([]);
  let at = {row: 0, column: 0};
  let place = 0;
  let next = 0; // of parts: the first that does not end before `place`
  for (const [index, line] of text.split('\n').entries()) {
    const prompt = index === 0 ? PROMPT : CONTINUATION;
    let row = `${COLOURS.blue}${prompt}${COLOURS.plain}`;
    let used = prompt.length;
    let colour = '';
    for (const character of line) {
      if (used + width(character) >= columns) {
        rows.push(row); // a colour goes on in the next row
        [row, used] = ['', 0];
      }
      if (place === cursor) at = {row: rows.length, column: used};
      while (next < parts.length && parts[next].to <= place) next += 1;
      const wanted = next < parts.length && parts[next].from <= place ? CODE[parts[next].kind] : '';
      if (wanted !== colour) row += COLOURS.plain + wanted;
      colour = wanted;
      row += character;
      used += width(character);
      place += character.length;
    }
    if (place === cursor) at = {row: rows.length, column: used};
    place += 1; // the newline
    rows.push(colour ? row + COLOURS.plain : row);
  }
  return {rows, at};
}

export class Screen {
  #terminal;
  #shown = false;
  #cursorRow = 0;
  /** The columns that the last, unfinished line of output takes; the prompt stands on a line of its own below it. */
  #tail = 0;
  /** Colours the program at the prompt. @type {Painter} */
  painter = () => [];

  /** @param {import('../vendor/xterm/xterm.mjs').Terminal} terminal */
  constructor(terminal) {
    this.#terminal = terminal;
  }

  get shown() {
    return this.#shown;
  }

  /**
   * @param {string} text
   * @param {number} cursor
   */
  draw(text, cursor) {
    const {rows, at} = layOut(text, cursor, this.#terminal.cols, this.painter(text));
    const up = rows.length - 1 - at.row;
    const begin = this.#shown ? this.#erasure() : MODES + (this.#tail > 0 ? '\r\n' : '');
    const back = `${up > 0 ? `\x1b[${up}A` : ''}\x1b[${at.column + 1}G`;
    this.#terminal.write(begin + rows.join('\r\n') + back);
    this.#shown = true;
    this.#cursorRow = at.row;
  }

  #erasure() {
    return `\r${this.#cursorRow > 0 ? `\x1b[${this.#cursorRow}A` : ''}\x1b[J`;
  }

  /** Take the prompt off the screen; the cursor goes to where the output ended. */
  erase() {
    if (!this.#shown) return;
    const back = this.#tail > 0 ? `\x1b[A\x1b[${this.#tail + 1}G` : '';
    this.#terminal.write(this.#erasure() + back);
    this.#shown = false;
  }

  /**
   * Leave the prompt and its text on the screen as part of the record.
   *
   * @param {string} text
   */
  commit(text) {
    this.draw(text, text.length);
    this.#terminal.write('\r\n');
    this.#shown = false;
    this.#tail = 0;
  }

  /**
   * Output above the prompt, which must be off the screen.
   *
   * @param {string} text
   * @param {string} [colour]
   */
  print(text, colour = '') {
    const [open, close] = colour ? [colour, COLOURS.plain] : ['', ''];
    this.#terminal.write(open + text.replace(/\r?\n/g, '\r\n') + close);
    const last = text.slice(Math.max(text.lastIndexOf('\n'), text.lastIndexOf('\r')) + 1);
    const fresh = last.length < text.length;
    const total = (fresh ? 0 : this.#tail) + textWidth(last);
    this.#tail = total % this.#terminal.cols;
  }

  /** Begin a new line unless the output ended in one. */
  finishLine() {
    if (this.#tail > 0) this.print('\n');
  }

  clear() {
    this.#terminal.write('\x1b[H\x1b[2J\x1b[3J');
    this.#shown = false;
    this.#tail = 0;
  }
}
