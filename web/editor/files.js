/** Programs in files of this machine: the File System Access API, or a download and a file chooser where it is missing. */

import {services} from '../services.js';

/** @typedef {import('./programs.js').Program} Program */

/**
 * @typedef {object} FilePickers what Chromium has and TypeScript does not know yet
 * @property {(options: object) => Promise<FileSystemFileHandle[]>} [showOpenFilePicker]
 * @property {(options: object) => Promise<FileSystemFileHandle>} [showSaveFilePicker]
 */

const pickers = /** @type {FilePickers} */ (/** @type {unknown} */ (globalThis));
const types = [{description: 'Python program', accept: {'text/x-python': ['.py']}}];

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
  chooser.accept = '.py,text/x-python,text/plain';
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
      [handle] = await pickers.showOpenFilePicker({types});
    } catch (error) {
      if (isCancelled(error)) return null;
      throw error;
    }
    file = await handle.getFile();
  } else {
    file = await chooseFile();
  }
  return file && {name: file.name, text: await file.text()};
}

/**
 * Save to the program's own file where it has one of this name; else to one that the reader chooses.
 *
 * @param {Program} program
 * @returns {Promise<string | null>} the file's name; null where the reader thought better of it
 */
export async function saveFile(program) {
  if (!pickers.showSaveFilePicker) {
    services.download(program.name, 'text/x-python', new TextEncoder().encode(program.text));
    return program.name;
  }
  try {
    if (handle?.name !== program.name) {
      handle = await pickers.showSaveFilePicker({suggestedName: program.name, types});
    }
    const stream = await handle.createWritable();
    await stream.write(program.text);
    await stream.close();
    return handle.name;
  } catch (error) {
    if (isCancelled(error)) return null;
    throw error;
  }
}
