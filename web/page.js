/** The page: puts its parts together and offers `window.pyo` to automation. */

import {Client} from './client.js';
import {MachineDialog} from './machine/machine.js';
import {takeFiles} from './files/files.js';
import {wireDialogs} from './layout/dialogs.js';
import {Divider} from './layout/divider.js';
import {linkDocumentation} from './layout/documentation.js';
import {button, element} from './layout/elements.js';
import {keeps} from './layout/storage.js';
import {Tabs} from './layout/tabs.js';
import {followTheme, toggleTheme} from './layout/theme.js';
import {keepOffline} from './offline/offline.js';
import {beginPart, dropCards} from './panels/cards.js';
import {showDisplay} from './panels/display.js';
import {
  clearProblems,
  deviceProblem,
  failedBoot,
  notice,
  numpyNotice,
  storageNotice,
} from './panels/problems.js';
import {hideProgress, showProgress} from './panels/progress.js';
import {StatusPanel} from './panels/status.js';
import {canShare} from './protocol.js';
import {reasonOf} from './reason.js';
import {Prompt} from './terminal/terminal.js';

/** Browsers report what only means that a frame was drawn later. */
const HARMLESS = /^ResizeObserver loop/;

const reported = /** @type {Set<string>} */ (new Set());

/**
 * Says in the page that something of it failed; the same thing once.
 *
 * @param {string} text
 */
function reportOnce(text) {
  if (reported.has(text)) return;
  reported.add(text);
  notice(text);
}

/** @param {unknown} reason */
const reportFailure = (reason) => reportOnce(`Something in the page failed: ${reasonOf(reason)}`);

addEventListener('unhandledrejection', ({reason}) => reportFailure(reason));
addEventListener('error', (event) => {
  if (event instanceof ErrorEvent && !HARMLESS.test(event.message)) {
    reportFailure(event.error ?? event.message);
  }
});

/** @type {PromiseWithResolvers<import('./protocol.js').BootReport>} */
let booted = Promise.withResolvers();
booted.promise.catch(() => {});

/** @type {Client} */
const client = new Client({
  progress: showProgress,
  output(pieces) {
    for (const {kind, text} of pieces) {
      if (kind === 'display') {
        showDisplay(JSON.parse(text), client);
        tabs.announce('results-pane');
      } else if (kind === 'notice') notice(text);
      else prompt.print(text, kind);
    }
    return prompt.written();
  },
  ready(report) {
    const {versions, timings} = report;
    const seconds = (/** @type {number} */ ms) => `${(ms / 1000).toFixed(1)} s`;
    prompt.print(
      `Python ${versions.python}, Pyodide ${versions.pyodide}, tfjs-pyo ${versions.package}: ` +
        `ready in ${seconds(timings.total)} (Pyodide ${seconds(timings.pyodide)}, ours ${seconds(timings.ours)}).\n` +
        'tf and examples are imported; `await` works at the prompt; Tab completes; Ctrl-C stops.\n',
      'note',
    );
    if (report.deviceProblem) deviceProblem(report.deviceProblem, report.numpyProblem);
    if (!keeps()) storageNotice();
    if (report.numpyProblem) numpyNotice(report.numpyProblem);
    if (!canShare()) {
      notice(
        'This host does not isolate the page, so stopping a program that never waits restarts Python. Where the browser ' +
          'keeps the page for use without a network, that ends when it is next loaded.',
      );
    }
    prompt.open();
    button('add-files').disabled = false;
    status.begin(report);
    booted.resolve(report);
    keepOffline();
  },
  failed(error) {
    prompt.close();
    status.end();
    hideProgress();
    failedBoot(error, () => client.restart());
    booted.reject(error);
  },
  restarting() {
    status.end();
    prompt.close();
    prompt.print('Python is restarting: what it held is lost.\n', 'note');
    clearProblems();
    booted.reject(new Error('Python was restarted'));
    booted = Promise.withResolvers();
    booted.promise.catch(() => {});
  },
  problem: reportOnce,
});

/** @type {Prompt} */
const prompt = new Prompt(element('terminal'), client);
const status = new StatusPanel(client, (running) => {
  button('stop').disabled = running === 0;
  element('light').classList.toggle('running', running > 0);
});

const tabs = new Tabs(element('tabs'));

/**
 * Run a program at the prompt, and show the prompt.
 *
 * @param {string} source
 * @param {string} [file]
 * @param {string} [part] what the part of a program is called: its results stand together below that
 */
async function run(source, file, part) {
  tabs.choose('prompt-pane');
  await booted.promise;
  const end = part === undefined ? undefined : beginPart(part);
  try {
    await prompt.enter(source, file);
  } finally {
    end?.();
  }
}

/** The editor comes while Python boots: it is not part of what the boot waits for. */
async function openEditor() {
  const [{EditorPane}, {Gallery}, {colouredParts}] = await Promise.all([
    import('./editor/editor.js'),
    import('./gallery/gallery.js'),
    import('./editor/colours.js'),
  ]);
  prompt.paint(colouredParts);
  const pane = new EditorPane({
    run: (source, {folder = '', name}, part) => run(source, folder + name, part),
    complete: (source) => client.complete(source),
    opened: () => tabs.choose('editor-pane'),
    report: (problem) => notice(problem),
  });
  new Gallery({
    open: (program, note) => pane.open(program, note),
    run: () => pane.run(),
    report: (problem) => notice(problem),
  });
  const jump = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== 'F6') return;
    event.preventDefault();
    event.stopPropagation();
    const inEditor = element('editor').contains(document.activeElement);
    tabs.choose(inEditor ? 'prompt-pane' : 'editor-pane');
    if (inEditor) prompt.focus();
    else pane.focus();
  };
  addEventListener('keydown', jump, {capture: true}); // before the terminal takes it for a key of its own
  return pane;
}

takeFiles({
  keep: async (name, bytes) => {
    await booted.promise;
    return client.keep(name, bytes);
  },
  say: (text) => prompt.print(text, 'note'),
  report: notice,
  open: async (file) => (await editor).openFile(file),
});
wireDialogs();
new MachineDialog(client);
new Divider(element('divider'), element('workspace'), 50);
new Divider(element('results-divider'), element('side'), 38);
followTheme((dark) => button('theme').setAttribute('aria-pressed', String(dark)));
button('theme').addEventListener('click', toggleTheme);
void linkDocumentation(element('documentation'));
button('stop').addEventListener('click', () => client.interrupt());
button('restart').addEventListener('click', () => client.restart());
button('clear-results').addEventListener('click', dropCards);

const pyo = {
  /** Resolves with the boot's report when Python is there; rejects when the boot fails. */
  get ready() {
    return booted.promise;
  },
  /**
   * Run Python and get `{stdout, stderr, result, error}`; `result` is `{repr, json}`.
   *
   * @param {string} source
   * @param {{namespace?: string}} [options]
   */
  async run(source, options) {
    await booted.promise;
    return client.run(source, options);
  },
  /** What it runs on: device limits, tf.memory(), cells under way. */
  async status() {
    await booted.promise;
    return client.status();
  },
  /** Ctrl-C. */
  interrupt: () => client.interrupt(),
  /**
   * Drop a namespace that `run` was given.
   *
   * @param {string} namespace
   */
  forget: (namespace) => client.forget(namespace),
  /**
   * The text of the terminal.
   *
   * @param {number} [most] at most so many rows, the last ones
   */
  text: (most) => prompt.text(most),
};

Object.defineProperty(window, 'pyo', {value: pyo});
client.start();
const editor = openEditor();
editor.catch((error) =>
  notice(`The editor could not be loaded: ${error.message}. The prompt works without it.`),
);
