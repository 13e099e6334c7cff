/** The Python prompt: keys come in, cells go to the worker, output comes back. */

import {followTheme} from '../layout/theme.js';
import {reasonOf} from '../reason.js';
import {FitAddon} from '../vendor/xterm-fit/addon-fit.mjs';
import {Terminal} from '../vendor/xterm/xterm.mjs';
import {Editor} from './editor.js';
import {History} from './history.js';
import {parseKeys} from './keys.js';
import {COLOURS, Screen} from './screen.js';
import {themeFor} from './theme.js';

/** A cell that ends sooner than this keeps the prompt away until then, so that it does not flicker. */
const PROMPT_DELAY_MS = 150;
/** A program of more lines is not repeated on the screen when it is entered as a whole. */
const LONGEST_ECHO = 8;
/** Of more completions only the names are listed. */
const MOST_SIGNATURES = 10;

/** @typedef {import('../client.js').Client} Client */
/** @typedef {import('../protocol.js').Completion} Completion */

/**
 * Strips `>>> ` and `... ` from a program copied out of a session.
 *
 * @param {string} text
 */
function cleanPaste(text) {
  const lines = text.replace(/\r\n?/g, '\n').split('\n');
  const copied = lines.some((line) => line.startsWith('>>> '));
  const bare = lines.filter((line) => !copied || /^(>>>|\.\.\.)( |$)/.test(line) || line === '');
  return (copied ? bare.map((line) => line.replace(/^(>>>|\.\.\.) ?/, '')) : lines).join('\n');
}

/**
 * The page's own words, in which names of files may stand, as they are on the screen: no control characters.
 *
 * @param {string} text
 */
// eslint-disable-next-line no-control-regex
const plain = (text) => text.replace(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/g, '\ufffd');

/**
 * @param {string[]} words
 * @returns {string} what they all begin with
 */
function commonStart(words) {
  let length = words[0].length;
  for (const word of words) {
    while (!word.startsWith(words[0].slice(0, length))) length -= 1;
  }
  return words[0].slice(0, length);
}

/** @param {Completion} completion */
const lastName = ({text}) => text.slice(text.lastIndexOf('.') + 1).replace(/\(\)?$/, '');

/**
 * Breaks a text between its words, and begins further lines with a margin.
 *
 * @param {string} text
 * @param {number} columns
 */
function folded(text, columns) {
  const lines = [''];
  for (const word of text.split(/(?<= )/)) {
    const line = lines[lines.length - 1];
    if (line.trim() !== '' && (line + word).trimEnd().length > columns) lines.push(`    ${word}`);
    else lines[lines.length - 1] += word;
  }
  return lines.map((line) => line.trimEnd());
}

export class Prompt {
  #client;
  #editor = new Editor();
  #history = new History();
  #terminal;
  #fit = new FitAddon();
  #screen;
  /** Keys are handled one after the other, also where one has to ask the worker something. */
  #work = Promise.resolve();
  #open = false;
  #submitted = 0;

  /**
   * @param {HTMLElement} element
   * @param {Client} client
   */
  constructor(element, client) {
    this.#client = client;
    this.#terminal = new Terminal({
      cursorBlink: true,
      fontFamily: 'ui-monospace, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
      fontSize: 14,
      lineHeight: 1.2,
      scrollback: 10000,
      screenReaderMode: false,
    });
    followTheme((dark) => (this.#terminal.options.theme = themeFor(dark)));
    this.#terminal.loadAddon(this.#fit);
    this.#terminal.open(element);
    this.#screen = new Screen(this.#terminal);
    this.#terminal.onData((data) => this.#take(data));
    this.#terminal.attachCustomKeyEventHandler((event) => this.#isOurs(event));
    new ResizeObserver(() => this.#resize()).observe(element);
    this.#fit.fit();
  }

  /**
   * Copying, pasting and leaving by Tab (with Shift) stay the browser's.
   *
   * @param {KeyboardEvent} event
   */
  #isOurs(event) {
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key === 'c' && this.#terminal.hasSelection()) return false;
    if (command && event.key === 'v') return false;
    return !(event.key === 'Tab' && event.shiftKey);
  }

  #resize() {
    const shown = this.#screen.shown;
    this.#screen.erase();
    this.#terminal.write('', () => {
      this.#fit.fit();
      if (shown) this.#draw();
    });
  }

  /** Python is there: show the prompt. */
  open() {
    this.#open = true;
    this.#draw();
    if (document.activeElement === document.body) this.#terminal.focus(); // not while something else is used
  }

  /** Python is gone (or not there yet): no prompt. */
  close() {
    this.#open = false;
    this.#screen.erase();
    this.#screen.finishLine();
  }

  focus() {
    this.#terminal.focus();
  }

  /**
   * Colour what stands at the prompt, from now on.
   *
   * @param {import('./screen.js').Painter} painter
   */
  paint(painter) {
    this.#screen.painter = painter;
    if (this.#screen.shown) this.#draw();
  }

  /**
   * The text on the screen and above it.
   *
   * @param {number} [most] at most so many rows, the last ones
   */
  text(most = Infinity) {
    const {active} = this.#terminal.buffer;
    const lines = /** @type {string[]} */ ([]);
    for (let row = Math.max(0, active.baseY + active.cursorY + 1 - most); row < active.length; row += 1) {
      lines.push(active.getLine(row)?.translateToString(true) ?? '');
    }
    return lines.join('\n').trimEnd();
  }

  #draw() {
    if (this.#open) this.#screen.draw(this.#editor.text, this.#editor.cursor);
  }

  /**
   * Output, from whichever cell.
   *
   * @param {string} text
   * @param {'stdout' | 'stderr' | 'result' | 'note'} kind
   */
  print(text, kind) {
    const shown = this.#screen.shown;
    this.#screen.erase();
    const colour = {stdout: '', result: '', stderr: COLOURS.red, note: COLOURS.quiet}[kind];
    if (kind !== 'stdout' && kind !== 'stderr') this.#screen.finishLine();
    this.#screen.print(kind === 'note' ? plain(text) : text, colour);
    if (shown) this.#draw();
  }

  /**
   * Resolves when all that was printed so far is on the screen.
   *
   * @returns {Promise<void>}
   */
  written() {
    return new Promise((resolve) => this.#terminal.write('', resolve));
  }

  /** @param {string} data */
  #take(data) {
    for (const key of parseKeys(data)) {
      if (key.name === 'interrupt') this.#interrupt();
      else {
        this.#work = this.#work
          .then(() => this.#press(key))
          .catch((error) => this.print(`${reasonOf(error)}\n`, 'stderr'));
      }
    }
  }

  #interrupt() {
    if (this.#editor.text === '') {
      this.#client.interrupt();
      return;
    }
    this.#screen.commit(this.#editor.text);
    this.#editor.set('');
    this.#screen.print('KeyboardInterrupt\n', COLOURS.red);
    this.#draw();
  }

  /** @param {import('./keys.js').Key} key */
  async #press({name, text}) {
    if (!this.#open) return;
    if (name === 'enter') await this.#enter();
    else if (name === 'tab') await this.#complete();
    else if (name === 'paste') await this.#paste(text);
    else if (name === 'clear') this.#screen.clear();
    else if (name === 'text') this.#editor.insert(text);
    else if (!this.#editor.press(name) && (name === 'up' || name === 'down')) {
      this.#recall(name === 'up' ? -1 : 1);
    }
    // While a short cell runs the prompt is away; the key is kept and shows when the prompt comes back.
    if (this.#screen.shown || name === 'clear') this.#draw();
  }

  /** @param {number} step */
  #recall(step) {
    const entry = this.#history.move(step, this.#editor.text);
    if (entry !== null) this.#editor.set(entry);
  }

  async #enter() {
    const {text, cursor} = this.#editor;
    const atEnd = text.slice(cursor).trim() === '';
    if (atEnd && (await this.#client.isComplete(text.replace(/[ \t]+$/, '')))) this.#submit(text);
    else this.#editor.newline();
  }

  /** @param {string} pasted */
  async #paste(pasted) {
    const text = cleanPaste(pasted);
    const alone = this.#editor.text === '';
    this.#editor.insert(text);
    const whole = alone && text.trimEnd().includes('\n') && text.endsWith('\n');
    if (whole && (await this.#client.isComplete(text))) this.#submit(text);
  }

  /** @param {string} source */
  #submit(source) {
    const text = source.trimEnd();
    this.#editor.set('');
    if (!this.#screen.shown) this.#screen.draw('', 0);
    this.#screen.commit(text);
    if (text.trim() === '') {
      this.#draw();
      return;
    }
    this.#history.add(text);
    this.#run(text);
  }

  /**
   * @param {string} source
   * @param {string} [file]
   */
  async #run(source, file) {
    this.#submitted += 1;
    const number = this.#submitted;
    const comeBack = () => {
      if (number === this.#submitted && !this.#screen.shown) this.#draw();
    };
    const delay = setTimeout(comeBack, PROMPT_DELAY_MS);
    const answer = await this.#client.runAtPrompt(source, this.#terminal.cols, file);
    clearTimeout(delay);
    if (answer.result) this.print(`${answer.result.repr}\n`, 'result');
    if (answer.error) this.print(answer.error.traceback, 'stderr');
    comeBack();
    return answer;
  }

  /**
   * Run a program as if it had been typed; what stands at the prompt stays there. Of a long one only a heading is shown.
   *
   * @param {string} source
   * @param {string} [file] the file that it is part of
   */
  enter(source, file) {
    const text = source.trimEnd();
    const lines = text.split('\n').length;
    this.#screen.erase();
    this.#screen.finishLine();
    this.#screen.commit(lines > LONGEST_ECHO ? `# ${file ?? 'program'}, ${lines} lines` : text);
    if (lines <= LONGEST_ECHO) this.#history.add(text);
    return this.#run(text, file);
  }

  async #complete() {
    const before = this.#editor.beforeCursor();
    if (before.trim() === '') {
      this.#editor.insert('    ');
      return;
    }
    const {found, start, call} = await this.#client.complete(before);
    const word = before.slice(start);
    if (word === '' && call) {
      this.#note([call]);
      return;
    }
    if (found.length === 0) return;
    const common = commonStart(found.map(({text}) => text));
    if (common.length > word.length) this.#editor.insert(common.slice(word.length));
    else if (found.length > 1) this.#list(found);
    if (found.length === 1 && found[0].signature) {
      this.#note([lastName(found[0]) + found[0].signature, ...(found[0].about ? [found[0].about] : [])]);
    }
  }

  /** @param {string[]} paragraphs */
  #note(paragraphs) {
    const lines = paragraphs.flatMap((text) => folded(text, this.#terminal.cols - 1));
    this.print(`${lines.join('\n')}\n`, 'note');
  }

  /** A few are listed with what they take, many by their names only. @param {Completion[]} found */
  #list(found) {
    const {cols} = this.#terminal;
    if (found.length <= MOST_SIGNATURES && found.some(({signature}) => signature)) {
      const lines = found.map((each) => lastName(each) + each.signature);
      this.#note(lines.map((line) => (line.length < cols ? line : `${line.slice(0, cols - 2)}…`)));
      return;
    }
    const names = found.map(({text}) => text.slice(text.lastIndexOf('.') + 1));
    const wide = Math.max(...names.map((name) => name.length)) + 2;
    const perRow = Math.max(1, Math.floor(cols / wide));
    const rows = /** @type {string[]} */ ([]);
    for (let index = 0; index < names.length; index += perRow) {
      const row = names.slice(index, index + perRow).map((name) => name.padEnd(wide));
      rows.push(row.join('').trimEnd());
    }
    this.#note(rows);
  }
}
