/** Files of this machine for Python: dropped anywhere on the page, or chosen. They go to the home folder, where programs start. */

import {button} from '../layout/elements.js';
import {reasonOf} from '../reason.js';

/** What programs do with a file, by the end of its name. */
const USES = [
  {
    ends: /\.(h5|hdf5|keras|json)$/,
    says: (/** @type {string} */ name) => `await tf.loadLayersModel(${name})`,
  },
  {ends: /\.safetensors$/, says: (/** @type {string} */ name) => `model.loadWeights(${name})`},
  {ends: /\.csv$/, says: (/** @type {string} */ name) => `tf.data.csv(${name})`},
];

/** What the editor opens where it is dropped alone. */
const PROGRAM = /\.(py|ipynb)$/i;

/** @param {string} name */
// eslint-disable-next-line no-control-regex
const quoted = (name) => (/['\\\x00-\x1f]/.test(name) ? JSON.stringify(name) : `'${name}'`);

/** @param {number} bytes */
function sized(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  const [number, unit] = bytes < 1e6 ? [bytes / 1e3, 'kB'] : [bytes / 1e6, 'MB'];
  return `${number.toFixed(number < 10 ? 1 : 0)} ${unit}`;
}

/** @param {DataTransfer | null} dragged */
const hasFiles = (dragged) => Boolean(dragged?.types.includes('Files'));

/** @returns {Promise<File[]>} none where the reader thought better of it */
function chooseFiles() {
  const chooser = Object.assign(document.createElement('input'), {type: 'file', multiple: true});
  return new Promise((resolve) => {
    chooser.addEventListener('change', () => resolve([...(chooser.files ?? [])]));
    chooser.addEventListener('cancel', () => resolve([]));
    chooser.click();
  });
}

/**
 * @param {{keep: (name: string, bytes: Uint8Array) => Promise<string>, say: (text: string) => void,
 *   report: (problem: string) => void, open: (file: {name: string, text: string}) => void}} page
 *   `keep` writes a file and tells its path; `open` shows a program or a notebook in the editor
 */
export function takeFiles({keep, say, report, open}) {
  const take = async (/** @type {File[]} */ files, /** @type {boolean} */ dropped) => {
    if (dropped && files.length === 1 && PROGRAM.test(files[0].name)) {
      open({name: files[0].name, text: await files[0].text()});
    }
    for (const file of files) {
      try {
        const path = await keep(file.name, new Uint8Array(await file.arrayBuffer()));
        const use =
          USES.find(({ends}) => ends.test(file.name))?.says(quoted(file.name)) ??
          `open(${quoted(file.name)})`;
        say(`${path} is there, ${sized(file.size)}: ${use}\n`);
      } catch (error) {
        report(`${file.name} could not be taken: ${reasonOf(error)}`);
      }
    }
  };
  addEventListener('dragover', (event) => hasFiles(event.dataTransfer) && event.preventDefault(), true);
  addEventListener(
    'drop',
    (event) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      event.stopPropagation(); // the editor would put the file's text at the cursor
      take([...(event.dataTransfer?.files ?? [])], true);
    },
    true,
  );
  button('add-files').addEventListener('click', async () => take(await chooseFiles(), false));
}
