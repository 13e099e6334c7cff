/** Programs in files of this machine: the File System Access API, or a download and a file chooser where it is missing. */

import {services} from '../services.js';
import {isNotebook, notebookOf, programOf} from './notebooks.js';

/** @typedef {import('./programs.js').Program} Program */

/**
 * @typedef {object} FilePickers what Chromium has and TypeScript does not know yet
 * @property {(options: object) => Promise<FileSystemFileHandle[]>} [showOpenFilePicker]
 * @property {(options: object) => Promise<FileSystemFileHandle>} [showSaveFilePicker]
 */

const pickers = /** @type {FilePickers} */ (/** @type {unknown} */ (globalThis));
const PYTHON = {description: 'Python program', accept: {'text/x-python': ['.py']}};
const NOTEBOOK = {description: 'Notebook', accept: {'application/x-ipynb+json': ['.ipynb']}};
const BOTH = {description: 'Programs and notebooks', accept: {...PYTHON.accept, ...NOTEBOOK.accept}};

/**
 * The program in a file: of a notebook its cells.
 *
 * @param {{name: string, text: string}} file
 * @returns {Program}
 */
export function programIn({name, text}) {
  return {name, text: isNotebook(name) ? programOf(text) : text};
}

/** What is written to a file of a program's name. @param {Program} program */
const contentOf = ({name, text}) => (isNotebook(name) ? notebookOf(text) : text);

/** The file that the program was opened from or saved to. @type {FileSystemFileHandle | null} */
let handle = null;

/** The next program has no file yet. */
export function forgetFile() {
  handle = null;
}

/** @param {unknown} error */
const isCancelled = (error) => error instanceof DOMException && error.name === 'AbortError';

/** @returns {Promise<File | null>} */
function chooseFile() {
  const chooser = document.createElement('input');
  chooser.type = 'file';
  chooser.accept = '.py,.ipynb,text/x-python,text/plain';
  return new Promise((resolve) => {
    chooser.addEventListener('change', () => resolve(chooser.files?.[0] ?? null));
    chooser.addEventListener('cancel', () => resolve(null));
    chooser.click();
  });
}

/** @returns {Promise<Program | null>} null where the reader thought better of it */
export async function openFile() {
  let file;
  if (pickers.showOpenFilePicker) {
    try {
      [handle] = await pickers.showOpenFilePicker({types: [BOTH]});
    } catch (error) {
      if (isCancelled(error)) return null;
      throw error;
    }
    file = await handle.getFile();
  } else {
    file = await chooseFile();
  }
  return file && programIn({name: file.name, text: await file.text()});
}

/**
 * Save to the program's own file where it has one of this name; else to one that the reader chooses.
 *
 * @param {Program} program
 * @returns {Promise<string | null>} the file's name; null where the reader thought better of it
 */
export async function saveFile(program) {
  const types = isNotebook(program.name) ? [NOTEBOOK, PYTHON] : [PYTHON, NOTEBOOK];
  if (!pickers.showSaveFilePicker) {
    services.download(
      program.name,
      Object.keys(types[0].accept)[0],
      new TextEncoder().encode(contentOf(program)),
    );
    return program.name;
  }
  try {
    if (handle?.name !== program.name) {
      handle = await pickers.showSaveFilePicker({suggestedName: program.name, types});
    }
    const stream = await handle.createWritable();
    await stream.write(contentOf({...program, name: handle.name}));
    await stream.close();
    return handle.name;
  } catch (error) {
    if (isCancelled(error)) return null;
    throw error;
  }
}
