/** The page: puts its parts together and offers `window.pyo` to automation. */

import {Client} from './client.js';
import {showDisplay} from './panels/display.js';
import {offerExamples} from './panels/examples.js';
import {clearProblems, deviceProblem, failedBoot, notice, numpyNotice} from './panels/problems.js';
import {showProgress} from './panels/progress.js';
import {StatusPanel} from './panels/status.js';
import {Prompt} from './terminal/terminal.js';

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
function element(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`index.html has no #${id}`);
  return found;
}

const stop = /** @type {HTMLButtonElement} */ (element('stop'));

/** @type {PromiseWithResolvers<import('./protocol.js').BootReport>} */
let booted = Promise.withResolvers();
booted.promise.catch(() => {});

/** @type {Client} */
const client = new Client({
  progress: showProgress,
  output(pieces) {
    for (const {kind, text} of pieces) {
      if (kind === 'display') showDisplay(JSON.parse(text));
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
    if (report.numpyProblem) numpyNotice(report.numpyProblem);
    if (!globalThis.crossOriginIsolated) {
      notice('This host does not isolate the page, so stopping a program that never waits restarts Python.');
    }
    prompt.open();
    status.begin(report);
    booted.resolve(report);
  },
  failed(error) {
    prompt.close();
    status.end();
    failedBoot(error);
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
});

/** @type {Prompt} */
const prompt = new Prompt(element('terminal'), client);
const status = new StatusPanel(client, (running) => {
  stop.disabled = running === 0;
  element('light').classList.toggle('running', running > 0);
});

offerExamples(element('examples'), prompt, () => booted.promise);
stop.addEventListener('click', () => client.interrupt());
element('restart').addEventListener('click', () => client.restart());

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
