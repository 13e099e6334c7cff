/** The boot: Pyodide and the WebGL2 device side by side, then this project's package, then the Python side of the REPL. */

import {loadPyodide, version} from '../vendor/pyodide/pyodide.mjs';
import {openDevice} from '../webgl/device.js';
import {Downloads, Stages} from './downloads.js';
import {orWebAssemblyFails} from './failures.js';
import {reasonOf} from '../reason.js';

/** NumPy from the CDN may take its time; the prompt does not wait for it any longer than this. */
const NUMPY_PATIENCE_MS = 8000;

/** The Python side of the prompt, and where it goes: not into the home folder, which is the user's. */
const PYTHON_SIDE = ['session.py', 'explaining.py', 'magics.py', 'showing.py'];
const HOME = '/home/pyodide';
const PYTHON_FOLDER = '/lib/tfjs-pyo-page';

const ALL_CELLS = 2 ** 31 - 1;

/** @typedef {import('../protocol.js').BootOptions} BootOptions */
/** @typedef {import('../vendor/pyodide/pyodide.mjs').PyodideInterface} Pyodide */

/**
 * @typedef {object} Session web/python/session.py's class of this name, seen from here
 * @property {(source: string, namespace: string, keep: boolean, show: boolean, file: string, columns: number) => Promise<string>} run
 * @property {(source: string) => boolean} is_complete
 * @property {(source: string) => string} complete
 * @property {(last: number) => number} interrupt
 * @property {(last: number) => number} latest
 * @property {() => number} running
 * @property {(namespace: string) => void} forget
 */

/**
 * @typedef {object} Device what this side needs of web/webgl/device.js
 * @property {() => import('../protocol.js').DeviceLimits} limits
 * @property {() => Record<string, any>} stats
 */

/**
 * @typedef {object} Inspection py/tfjs_pyo/core/inspection.py
 * @property {() => {toJs(options: object): any}} latest
 * @property {(kind: string) => Promise<boolean>} measure
 * @property {(kind: string, kernel: number) => string} source
 */

/**
 * @typedef {object} Machine all that runs after the boot
 * @property {Session} session
 * @property {Device | null} device
 * @property {() => string} statusJson backend and tf.memory() as JSON
 * @property {(run: number, what: string) => void} steer see protocol.js
 * @property {(sketch: number, pixels: Float32Array) => Promise<string>} feed see protocol.js; JSON
 * @property {(name: string, bytes: Uint8Array) => string} keep see protocol.js
 * @property {Inspection} inspection
 * @property {import('../protocol.js').BootReport} report
 */

/**
 * @param {string} url
 * @param {RequestInit} [options]
 * @returns {Promise<Response>}
 */
async function get(url, options) {
  const response = await fetch(url, options).catch((error) => {
    throw new Error(`${url} did not arrive: ${reasonOf(error)}`);
  });
  if (!response.ok) throw new Error(`${url}: the server answered ${response.status} ${response.statusText}`);
  return response;
}

/** @param {string} url */
async function getJson(url) {
  const text = await (await get(url)).text();
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${url} did not arrive as JSON, but as something else: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

/** @returns {Promise<{device: Device | null, problem: string | null}>} */
async function tryDevice() {
  try {
    return {device: await openDevice({}), problem: null};
  } catch (error) {
    return {device: null, problem: reasonOf(error)};
  }
}

/**
 * @param {Pyodide} pyodide
 * @param {string} root
 * @param {string[]} names
 */
async function copyExamples(pyodide, root, names) {
  await Promise.all(
    names.map(async (name) => {
      const bytes = new Uint8Array(await (await get(`${root}examples/${name}`)).arrayBuffer());
      const path = `${HOME}/examples/${name}`;
      pyodide.FS.mkdirTree(path.slice(0, path.lastIndexOf('/')));
      pyodide.FS.writeFile(path, bytes);
    }),
  );
}

/**
 * @param {Pyodide} pyodide
 * @returns {Machine['keep']}
 */
function fileSaver(pyodide) {
  return (name, bytes) => {
    const path = `${HOME}/${name.slice(name.lastIndexOf('/') + 1)}`;
    pyodide.FS.writeFile(path, bytes);
    return path;
  };
}

/**
 * Loads a package, of which Pyodide only says that it did not come.
 *
 * @param {Pyodide} pyodide
 * @param {string} name
 * @param {string} [place] its name in Pyodide's lock, or its address
 * @returns {Promise<string | null>} what went wrong
 */
async function load(pyodide, name, place = name) {
  const problems = /** @type {string[]} */ ([]);
  try {
    await pyodide.loadPackage(place, {
      checkIntegrity: place === name, // the lock knows of no others
      messageCallback: () => {},
      errorCallback: (message) => problems.push(message),
    });
  } catch (error) {
    problems.push(String(error));
  }
  return name in pyodide.loadedPackages ? null : problems.join('\n') || 'it could not be loaded';
}

/**
 * @param {Pyodide} pyodide
 * @param {string} url
 */
async function install(pyodide, url) {
  const problem = await load(pyodide, 'tfjs_pyo', url);
  const last = problem?.trim().split('\n').at(-1); // of Python's traceback
  if (last) throw new Error(`${url} did not arrive whole: ${last}`);
}

/**
 * Loads what a cell imports and Pyodide has; what cannot be had is left to Python's own ImportError.
 *
 * @param {Pyodide} pyodide
 * @param {import('./output.js').OutputStream} output
 */
function packageLoader(pyodide, output) {
  return async (/** @type {string} */ source) => {
    try {
      await pyodide.loadPackagesFromImports(source, {
        messageCallback: () => {},
        errorCallback: (message) => output.add(0, 'stderr', `${message}\n`),
      });
    } catch (error) {
      output.add(0, 'stderr', `${reasonOf(error)}\n`);
    }
  };
}

/**
 * @param {string} site
 * @param {import('./output.js').OutputStream} output
 * @returns {Promise<Pyodide>}
 */
function startPyodide(site, output) {
  return orWebAssemblyFails(() =>
    loadPyodide({
      indexURL: `${site}vendor/pyodide/`,
      lockFileContents: getJson(`${site}packages/pyodide-lock.json`),
      packageBaseUrl: `${site}packages/`,
      stdout: (text) => output.add(0, 'stdout', `${text}\n`),
      stderr: (text) => output.add(0, 'stderr', `${text}\n`),
    }),
  );
}

/**
 * @param {Pyodide} pyodide
 * @param {string[][]} sources names and texts of the Python side
 * @param {import('./output.js').OutputStream} output
 * @param {import('./interrupts.js').Interrupts} interrupts
 * @returns {{session: Session, statusJson: () => string, ours: string, steer: (run: number, what: string) => void,
 *   feed: (sketch: number, pixels: Float32Array) => Promise<string>, inspection: Inspection}}
 */
function startSession(pyodide, sources, output, interrupts) {
  pyodide.FS.mkdirTree(PYTHON_FOLDER);
  for (const [name, text] of sources) pyodide.FS.writeFile(`${PYTHON_FOLDER}/${name}`, text);
  const start = pyodide.runPython(`
def start(folder, emit, load_packages, consume_interrupt):
    import importlib, json, os, sys
    sys.path.append(folder)
    importlib.invalidate_caches()
    import session, tfjs_pyo
    from tfjs_pyo import importing, output
    page = session.Session(emit, load_packages, consume_interrupt)
    page.attach()
    importing.install()
    page.provide(tf=tfjs_pyo)
    try:
        import examples
        page.provide(examples=examples)
    except ModuleNotFoundError as error:
        print(f'the examples are not there: {error}')
    status_json = lambda: json.dumps({'backend': tfjs_pyo.get_backend(), 'memory': tfjs_pyo.memory()}, default=str)
    output.use(page.display, page.is_watched)
    output.use_notices(page.notify)
    os.environ.setdefault('MPLBACKEND', 'module://tfjs_pyo.vis.figures')
    tfjs_pyo.vis.live.watch(page.is_watched)
    from tfjs_pyo.core import inspection
    return page, status_json, getattr(tfjs_pyo, '__version__', ''), tfjs_pyo.vis.live.steer, tfjs_pyo.vis.pads.answer, inspection
start`);
  const emit = /** @type {any} */ (output.add.bind(output));
  // Each is taken out by itself: what an iterator over a proxy gives lives only as long as the iterator.
  const started = start(
    PYTHON_FOLDER,
    emit,
    packageLoader(pyodide, output),
    (/** @type {boolean} */ canStop) => interrupts.consumeInterrupt(canStop),
  );
  const [session, statusJson, ours, steer, feed, inspection] = [0, 1, 2, 3, 4, 5].map((i) => started.get(i));
  return {session, statusJson, ours, steer, feed, inspection};
}

/**
 * @param {Pyodide} pyodide
 * @returns {{pyodide: string, python: string}}
 */
function versions(pyodide) {
  return {pyodide: version, python: pyodide.runPython('import platform; platform.python_version()')};
}

/**
 * @param {BootOptions} options
 * @param {(step: import('../protocol.js').Progress) => void} progress
 * @param {import('./output.js').OutputStream} output
 * @param {import('./interrupts.js').Interrupts} interrupts
 * @param {import('./failures.js').Failures} failures
 * @returns {Promise<Machine>}
 */
export async function boot({site, memory, kept}, progress, output, interrupts, failures) {
  const began = performance.now();
  const stages = new Stages(progress);
  stages.begin('Loading Python', 0.05, 0.6);
  const downloads = new Downloads({
    needed: `${site}vendor/pyodide/`,
    counts: !kept,
    reportProgress: (received, total) => stages.reportProgress(received, total),
  });
  const manifest = getJson(`${site}site.json`);
  downloads.expect(site, manifest);
  const sources = Promise.all(
    PYTHON_SIDE.map(async (name) => [name, await (await get(`${site}python/${name}`)).text()]),
  );
  const opening = tryDevice();
  const pyodide = await Promise.race([startPyodide(site, output), downloads.lost, failures.first]);
  failures.end((text) => output.add(0, 'notice', text));
  const pyodideReady = performance.now();

  stages.begin('Opening the WebGL2 device', 0.6);
  const {device, problem: deviceProblem} = await opening;
  Object.assign(globalThis, {tfjsPyoDevice: device ?? false}); // false: there is none, so NumPy computes

  stages.begin('Installing tfjs-pyo', 0.7, 0.8);
  const {wheel, examples} = await manifest;
  await Promise.all([install(pyodide, `${site}${wheel}`), copyExamples(pyodide, site, examples)]);
  stages.begin('Loading NumPy', 0.8, 0.9);
  const patience = new Promise((resolve) => setTimeout(resolve, NUMPY_PATIENCE_MS, 'it is still on its way'));
  const numpyProblem = await Promise.race([load(pyodide, 'numpy'), patience]);
  downloads.end();

  stages.begin('Importing tfjs-pyo', 0.9);
  const {session, statusJson, ours, steer, feed, inspection} = startSession(
    pyodide,
    await sources,
    output,
    interrupts,
  );
  const cancel = (last = ALL_CELLS) => session.interrupt(last);
  interrupts.open(pyodide, memory, cancel, (last = ALL_CELLS) => session.latest(last));
  const total = performance.now() - began;
  stages.begin('Ready', 1);
  return {
    session,
    device,
    statusJson,
    steer,
    feed,
    inspection,
    keep: fileSaver(pyodide),
    report: {
      versions: {...versions(pyodide), package: ours},
      timings: {pyodide: pyodideReady - began, ours: total - (pyodideReady - began), total},
      deviceProblem,
      numpyProblem,
    },
  };
}
