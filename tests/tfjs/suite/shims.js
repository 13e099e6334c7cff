// What TensorFlow.js's tests import, made of Python's module: its index, its engine, and what describes groups of tests.
import {ask, tf} from './remote.js';

/** An object of these names whose values are those of a module of Python's. */
export function facade(names, module, more = {}) {
  const made = {};
  for (const name of names) {
    Object.defineProperty(made, name, {enumerable: true, configurable: true, get: () => module()[name]});
  }
  return Object.defineProperties(made, Object.getOwnPropertyDescriptors(more));
}

/** The package's index. */
export function index(names, test_util) {
  return facade(names, () => tf, {test_util, backend: () => ENGINE.backend, engine: () => ENGINE});
}

const ENVIRONMENT = {name: 'python', backendName: 'cpu', isDataSync: true};
export const TEST_ENVS = [ENVIRONMENT];

/** Files whose tests are marked as those of browsers, and ask nothing of one. */
const ASK_NO_BROWSER = new Set(['io/passthrough', 'ops/depth_to_space', 'ops/image/rotate_with_offset']);
let file = '';

/** Notes which file's tests are described now. */
export function begin(name) {
  file = name;
}

const here = (fits) => ({predicate: () => fits});
export const ALL_ENVS = {};
export const NODE_ENVS = here(false);
export const BROWSER_ENVS = {predicate: () => ASK_NO_BROWSER.has(file)};
export const CHROME_ENVS = here(false);
export const HAS_WORKER = here(false);
export const HAS_NODE_WORKER = here(false);
export const SYNC_BACKEND_ENVS = here(true);

/** A group of tests, each in a scope of its own. */
export function describeWithFlags(name, constraints, tests) {
  const fits = (constraints?.predicate?.(ENVIRONMENT) ?? true) && !constraints?.flags;
  const group = fits ? globalThis.describe : globalThis.xdescribe;
  group(name, () => {
    globalThis.beforeEach(() => ENGINE.startScope());
    globalThis.afterEach(() => {
      ENGINE.endScope();
      tf.disposeVariables();
    });
    tests(ENVIRONMENT);
  });
}

export const runWithLock = (test) => test;

const own = {
  backend: {
    floatPrecision: () => 32,
    epsilon: () => 1e-7,
    numDataIds: () => tf.memory().numDataBuffers,
  },
  backendName: 'cpu',
  reset: () => undefined,
};
export const ENGINE = new Proxy(own, {get: (target, name) => target[name] ?? tf.engine()[name]});
export const env = () => tf.env();

export {ask, tf};
