/** The code in CodeMirror: Python's grammar, keys, completion, and which part of it is to be run. */

import {
  EditorState,
  EditorView,
  LanguageSupport,
  Prec,
  autocompletion,
  bracketMatching,
  closeBrackets,
  closeBracketsKeymap,
  codeFolding,
  completionKeymap,
  defaultKeymap,
  drawSelection,
  foldGutter,
  foldKeymap,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSelectionMatches,
  history,
  historyKeymap,
  indentOnInput,
  indentUnit,
  indentWithTab,
  keymap,
  lineNumbers,
  pythonLanguage,
  searchKeymap,
  syntaxTree,
} from '../vendor/codemirror/codemirror.mjs';
import {looks} from './colours.js';
import {localCompletionSource, sessionCompletion} from './completion.js';
import {marksOf, read} from './notebooks.js';

/**
 * @typedef {object} Taken What is to be run.
 * @property {string} source
 * @property {string} [part] of a part of a program: what it is called
 */

/**
 * @typedef {object} CodeEvents
 * @property {import('./completion.js').Complete} complete
 * @property {() => void} changed the text is another one
 * @property {() => void} runAll
 * @property {() => void} runPart
 * @property {() => void} save
 */

/**
 * The margin that all lines have in common goes: so a part of a block runs by itself.
 *
 * @param {string} text
 */
export function dedent(text) {
  const lines = text.split('\n');
  const margins = lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/));
  const margin = Math.min(...margins);
  return Number.isFinite(margin) ? lines.map((line) => line.slice(margin)).join('\n') : text;
}

/** @param {CodeEvents} events */
function keysFor({runAll, runPart, save}) {
  const run = (/** @type {() => void} */ command) => () => {
    command();
    return true;
  };
  return [
    Prec.highest(
      keymap.of([
        {key: 'Mod-Enter', run: run(runAll)},
        {key: 'Shift-Enter', run: run(runPart)},
        {key: 'Mod-s', run: run(save), preventDefault: true},
      ]),
    ),
    keymap.of([
      ...closeBracketsKeymap,
      ...defaultKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...foldKeymap,
      ...completionKeymap,
      indentWithTab,
    ]),
  ];
}

/** @param {CodeEvents} events */
function extensions(events) {
  return [
    lineNumbers(),
    highlightActiveLineGutter(),
    history(),
    foldGutter(),
    codeFolding(),
    drawSelection(),
    EditorState.allowMultipleSelections.of(true),
    indentOnInput(),
    indentUnit.of('    '),
    bracketMatching(),
    closeBrackets(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    new LanguageSupport(pythonLanguage),
    autocompletion({override: [sessionCompletion(events.complete), localCompletionSource]}),
    keysFor(events),
    looks,
    EditorView.contentAttributes.of({'aria-label': 'Program', spellcheck: 'false', tabindex: '0'}),
    EditorView.updateListener.of(({docChanged}) => docChanged && events.changed()),
  ];
}

export class Code {
  #view;
  #extensions;

  /**
   * @param {HTMLElement} box
   * @param {CodeEvents} events
   */
  constructor(box, events) {
    this.#extensions = extensions(events);
    this.#view = new EditorView({parent: box, extensions: this.#extensions});
  }

  get text() {
    return this.#view.state.doc.toString();
  }

  /**
   * Put another program in its place; the keys for undoing begin anew.
   *
   * @param {string} text
   */
  replace(text) {
    this.#view.setState(EditorState.create({doc: text, extensions: this.#extensions}));
  }

  focus() {
    this.#view.focus();
  }

  /**
   * The selection; or the part at the cursor (`# %%` begins one), in a program without parts the statement. The cursor goes on
   * to the next one then.
   *
   * @returns {Taken}
   */
  take() {
    const {state} = this.#view;
    const {main} = state.selection;
    if (!main.empty) {
      const from = state.doc.lineAt(main.from).from;
      const margin = state.sliceDoc(from, main.from);
      return {source: dedent((margin.trim() === '' ? margin : '') + state.sliceDoc(main.from, main.to))};
    }
    const lines = state.doc.toString().split('\n');
    const marks = marksOf(lines);
    return marks.length > 0 ? this.#takePart(lines, marks) : {source: this.#takeStatement()};
  }

  /**
   * @param {string[]} lines
   * @param {number[]} marks the lines with which parts begin
   * @returns {Taken}
   */
  #takePart(lines, marks) {
    const {doc, selection} = this.#view.state;
    const at = doc.lineAt(selection.main.head).number - 1;
    const place = marks.findLastIndex((mark) => mark <= at);
    const [begin, end] = [place < 0 ? 0 : marks[place] + 1, marks[place + 1] ?? lines.length];
    const next = Math.min(end + 2, doc.lines); // the line after the mark
    this.#view.dispatch({
      selection: {anchor: end < lines.length ? doc.line(next).from : doc.length},
      scrollIntoView: true,
    });
    const {kind, title} = place < 0 ? {kind: 'code', title: ''} : read(lines[marks[place]]);
    const source = kind === 'code' ? lines.slice(begin, end).join('\n').trimEnd() : '';
    return {source, part: title || `Part ${place + (marks[0] > 0 ? 2 : 1)}`};
  }

  /** @returns {string} */
  #takeStatement() {
    const {state} = this.#view;
    const {main} = state.selection;
    const line = state.doc.lineAt(main.head);
    const place = line.from + Math.max(0, line.text.search(/\S/));
    let node = syntaxTree(state).resolveInner(place, 1);
    while (node.parent?.parent) node = node.parent;
    const statement = node.parent ? node : null;
    const last = statement ? state.doc.lineAt(statement.to) : line;
    this.#view.dispatch({
      selection: {anchor: Math.min(last.to + 1, state.doc.length)},
      scrollIntoView: true,
    });
    return statement ? state.sliceDoc(statement.from, statement.to) : line.text;
  }
}
