/** The editor's pane: the program, its name, and the buttons that run, open, save and share it. */

import {button, dialog, element, input} from '../layout/elements.js';
import {Code} from './code.js';
import {takeAddress} from './addresses.js';
import {forgetFile, openFile, programIn, saveFile} from './files.js';
import {FIRST, earlierPrograms, keepEarlier, recallProgram, rememberProgram} from './programs.js';
import {linkTo, takeShared} from './share.js';
import {reasonOf} from '../reason.js';

/** The pause in typing after which the program is kept. */
const AUTOSAVE_MS = 400;
/** Mail and chat programs cut longer links. */
const LONG_LINK = 8000;

/** @typedef {import('./programs.js').Program} Program */

/**
 * @typedef {object} Surroundings what the pane needs of the page
 * @property {(source: string, whole: Program, part?: string) => Promise<unknown>} run `part`: what the part is called
 * @property {import('./completion.js').Complete} complete
 * @property {() => void} opened another program stands in the editor
 * @property {(problem: string) => void} report
 */

export class EditorPane {
  #page;
  #code;
  /** @type {Program} */
  #program = FIRST;
  #name = input('file-name');
  #note = element('file-note');
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #autosave;

  /** @param {Surroundings} page */
  constructor(page) {
    this.#page = page;
    this.#code = new Code(element('editor'), {
      complete: page.complete,
      changed: () => this.#changed(),
      runAll: () => this.run(),
      runPart: () => this.#runPart(),
      save: () => this.#save(),
    });
    this.#show(recallProgram());
    this.#wire();
    this.#takeLink();
    this.#takeAddress();
  }

  get text() {
    return this.#code.text;
  }

  focus() {
    this.#code.focus();
  }

  #wire() {
    const does = {
      run: () => this.run(),
      'run-part': () => this.#runPart(),
      new: () => this.open(FIRST, 'A new program.'),
      open: () => this.openFile(),
      save: () => this.#save(),
      share: () => this.#share(),
      earlier: () => this.#listEarlier(),
    };
    for (const [id, act] of Object.entries(does)) {
      button(id).disabled = false;
      button(id).addEventListener('click', act);
    }
    this.#name.addEventListener('change', () => this.#changed());
    addEventListener('hashchange', () => this.#takeLink());
    addEventListener('pagehide', () => this.#keep());
    document.addEventListener('visibilitychange', () => this.#keep());
  }

  /** @returns {Program} */
  #current() {
    return {...this.#program, name: this.#name.value.trim() || FIRST.name, text: this.#code.text};
  }

  #changed() {
    this.#note.textContent = '';
    clearTimeout(this.#autosave);
    this.#autosave = setTimeout(() => this.#keep(), AUTOSAVE_MS);
  }

  #keep() {
    clearTimeout(this.#autosave);
    const kept = rememberProgram(this.#current());
    if (!kept) this.#note.textContent = 'Not stored in this browser: save to a file.';
  }

  /** @param {Program} program */
  #show(program) {
    this.#program = program;
    this.#name.value = program.name;
    this.#code.replace(program.text);
  }

  /**
   * Put another program into the editor; the one that stands there is kept among the earlier ones.
   *
   * @param {Program} program
   * @param {string} note what happened
   */
  open(program, note) {
    const former = this.#current();
    keepEarlier(former);
    forgetFile();
    this.#show(program);
    this.#keep();
    const kept = former.text !== program.text && earlierPrograms()[0]?.text === former.text;
    this.#note.textContent = kept ? `${note} The former one is under Earlier.` : note;
    this.#page.opened();
    this.#code.focus();
  }

  async run() {
    const program = this.#current();
    if (program.text.trim() !== '') await this.#page.run(program.text, program);
  }

  async #runPart() {
    const {source, part} = this.#code.take();
    if (source.trim() !== '') await this.#page.run(source, this.#current(), part);
  }

  async #takeLink() {
    const shared = await takeShared();
    if (shared === null) return;
    if ('problem' in shared) this.#page.report(shared.problem);
    else this.open({name: 'shared.py', text: shared.text}, 'From a link: read it before you run it.');
  }

  async #takeAddress() {
    const found = await takeAddress();
    if (found === null) return;
    if ('problem' in found) this.#page.report(found.problem);
    else await this.openFile(found, `From ${found.from}: read it before you run it.`);
  }

  /**
   * Open a program or a notebook.
   *
   * @param {{name: string, text: string}} [file] the reader chooses one where there is none
   * @param {string} [note]
   */
  async openFile(file, note) {
    try {
      const program = file ? programIn(file) : await openFile();
      if (program) this.open(program, note ?? `Opened ${program.name}.`);
    } catch (error) {
      this.#page.report(`The file cannot be opened: ${reasonOf(error)}`);
    }
  }

  async #save() {
    try {
      const name = await saveFile(this.#current());
      if (name === null) return;
      this.#name.value = name;
      this.#keep();
      this.#note.textContent = `Saved ${name}.`;
    } catch (error) {
      this.#page.report(`The file cannot be written: ${reasonOf(error)}`);
    }
  }

  async #share() {
    const link = await linkTo(this.#code.text);
    const field = input('share-link');
    field.value = link;
    const long =
      link.length > LONG_LINK ? ` It has ${link.length} characters: some programs cut such links.` : '';
    dialog('share-dialog').showModal();
    field.select();
    try {
      await navigator.clipboard.writeText(link);
      element('share-note').textContent = `The link is on the clipboard.${long}`;
    } catch {
      element('share-note').textContent = `Copy the link from here.${long}`;
    }
  }

  #listEarlier() {
    const list = element('earlier-list');
    list.replaceChildren(
      ...earlierPrograms().map((program) => {
        const item = document.createElement('li');
        const opener = document.createElement('button');
        opener.type = 'button';
        const lines = program.text.trimEnd().split('\n').length;
        opener.textContent = `${program.name}, ${lines} lines, ${new Date(program.when).toLocaleString()}`;
        opener.addEventListener('click', () => {
          dialog('earlier-dialog').close();
          this.open({name: program.name, text: program.text, folder: program.folder}, 'Brought back.');
        });
        item.append(opener);
        return item;
      }),
    );
    element('earlier-none').hidden = list.children.length > 0;
    dialog('earlier-dialog').showModal();
  }
}
