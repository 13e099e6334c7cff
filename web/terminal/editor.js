/** The text being typed and the cursor in it: editing commands on plain values, no screen. */

const INDENT = '    ';

export class Editor {
  text = '';
  cursor = 0;

  /** @param {string} text */
  set(text) {
    this.text = text;
    this.cursor = text.length;
  }

  /** @param {string} text */
  insert(text) {
    this.text = this.text.slice(0, this.cursor) + text + this.text.slice(this.cursor);
    this.cursor += text.length;
  }

  /** A new line with the indentation that Python's grammar suggests. */
  newline() {
    const line = this.beforeCursor();
    const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
    const opens = line
      .replace(/\s#[^'"]*$/, '')
      .trimEnd()
      .endsWith(':');
    this.insert(`\n${indent}${opens ? INDENT : ''}`);
  }

  /** The part of the current line before the cursor. */
  beforeCursor() {
    return this.text.slice(this.#lineStart(), this.cursor);
  }

  #lineStart() {
    return this.text.lastIndexOf('\n', this.cursor - 1) + 1;
  }

  #lineEnd() {
    const end = this.text.indexOf('\n', this.cursor);
    return end < 0 ? this.text.length : end;
  }

  /** @param {number} place */
  #killTo(place) {
    const [from, to] = place < this.cursor ? [place, this.cursor] : [this.cursor, place];
    this.text = this.text.slice(0, from) + this.text.slice(to);
    this.cursor = from;
  }

  /** @param {number} step */
  #neighbour(step) {
    const place = this.cursor + step;
    const pair = this.text.charCodeAt(step < 0 ? place : place - 1);
    const inside = step < 0 ? pair >= 0xdc00 && pair < 0xe000 : pair >= 0xd800 && pair < 0xdc00;
    return Math.min(Math.max(inside ? place + step : place, 0), this.text.length);
  }

  #wordLeft() {
    return this.text.slice(0, this.cursor).replace(/[\p{L}\p{N}_]*[^\p{L}\p{N}_]*$/u, '').length;
  }

  #wordRight() {
    const word = /^[^\p{L}\p{N}_]*[\p{L}\p{N}_]*/u.exec(this.text.slice(this.cursor))?.[0] ?? '';
    return this.cursor + word.length;
  }

  #wordBefore() {
    const before = this.text.slice(0, this.cursor);
    return before.replace(/[\p{L}\p{N}_]+[^\p{L}\p{N}_]*$|[^\p{L}\p{N}_]+$/u, '').length;
  }

  /** @param {number} step -1: up, 1: down */
  #vertical(step) {
    const start = this.#lineStart();
    const column = this.cursor - start;
    const target = step < 0 ? start - 1 : this.#lineEnd() + 1;
    if (target < 0 || target > this.text.length) return false;
    this.cursor = target;
    this.cursor = Math.min(this.#lineStart() + column, this.#lineEnd());
    return true;
  }

  /**
   * Carry out an editing key.
   *
   * @param {string} name
   * @returns {boolean} whether there was anything to do (up and down: whether there is such a line)
   */
  press(name) {
    switch (name) {
      case 'backspace': {
        const onlyIndent =
          /^ +$/.test(this.beforeCursor()) && this.beforeCursor().length % INDENT.length === 0;
        this.#killTo(onlyIndent ? this.cursor - INDENT.length : this.#neighbour(-1));
        return true;
      }
      case 'delete':
        this.#killTo(this.#neighbour(1));
        return true;
      case 'left':
        this.cursor = this.#neighbour(-1);
        return true;
      case 'right':
        this.cursor = this.#neighbour(1);
        return true;
      case 'home':
        this.cursor = this.#lineStart();
        return true;
      case 'end':
        this.cursor = this.#lineEnd();
        return true;
      case 'up':
        return this.#vertical(-1);
      case 'down':
        return this.#vertical(1);
      case 'newline':
        this.newline();
        return true;
      default:
        return this.#pressWordKey(name);
    }
  }

  /** @param {string} name */
  #pressWordKey(name) {
    switch (name) {
      case 'wordLeft':
        this.cursor = this.#wordLeft();
        return true;
      case 'wordRight':
        this.cursor = this.#wordRight();
        return true;
      case 'killToEnd':
        this.#killTo(this.#lineEnd());
        return true;
      case 'killToStart':
        this.#killTo(this.#lineStart());
        return true;
      case 'killWord':
        this.#killTo(this.#wordBefore());
        return true;
      default:
        return false;
    }
  }
}
