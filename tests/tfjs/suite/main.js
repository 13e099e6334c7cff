// Runs the bundled tests with Jasmine and reports each to Python.
import jasmineRequire from 'jasmine-core/lib/jasmine-core/jasmine.js';
import {files} from 'suite:files';
import {PythonError, areEqual, ask, forget, keep} from './remote.js';
import {begin} from './shims.js';

const jasmine = jasmineRequire.core(jasmineRequire);
const environment = jasmine.getEnv({suppressLoadErrors: true});
Object.assign(globalThis, jasmineRequire.interface(jasmine, environment), {jasmine});
environment.configure({random: false});
jasmine.DEFAULT_TIMEOUT_INTERVAL = 20000;

/** What a function throws; undefined if nothing. */
function thrownBy(f) {
  try {
    f();
    return undefined;
  } catch (error) {
    return error;
  }
}

/**
 * Errors of the package have its own words: that one of them is raised is what counts. An error that it does not raise on
 * purpose is no answer.
 */
function raises(original) {
  return (util) => ({
    compare(actual, ...expected) {
      const error = typeof actual === 'function' ? thrownBy(actual) : undefined;
      if (error instanceof PythonError) {
        return {pass: error.ours, message: `${error.name}: ${error.message}\n${error.trace}`};
      }
      return original(util).compare(actual, ...expected);
    },
  });
}

/** The same for promises. */
function rejects(original) {
  return (util) => ({
    async compare(promise, ...expected) {
      const error = await promise.then(
        () => undefined,
        (reason) => reason,
      );
      if (error instanceof PythonError) {
        return {pass: error.ours, message: `${error.name}: ${error.message}\n${error.trace}`};
      }
      return original(util).compare(promise, ...expected);
    },
  });
}

globalThis.console.warn = () => undefined; // tests that await a warning put a spy in its place

const matcher = (name) => jasmineRequire[name](jasmine);
globalThis.beforeEach(() => {
  jasmine.addCustomEqualityTester(areEqual);
  jasmine.addMatchers({toThrow: raises(matcher('toThrow')), toThrowError: raises(matcher('toThrowError'))});
  jasmine.addAsyncMatchers({
    toBeRejected: rejects(matcher('toBeRejected')),
    toBeRejectedWithError: rejects(matcher('toBeRejectedWithError')),
  });
});

let current = '';
environment.addReporter({
  suiteStarted({fullName, description}) {
    if (fullName === description) current = description;
  },
  suiteDone({fullName, description, failedExpectations}) {
    if (failedExpectations.length) report(fullName, 'failed', failedExpectations);
    if (fullName === description) forget();
  },
  specDone({fullName, status, failedExpectations}) {
    report(fullName, status, failedExpectations);
  },
});

function report(fullName, status, failures) {
  const messages = failures.map(({message, stack}) => `${message}\n${stack ?? ''}`);
  ask({do: 'report', file: current, name: fullName.slice(current.length + 1), status, messages});
}

for (const [name, load] of files) {
  globalThis.describe(name, () => {
    begin(name);
    load();
  });
}
keep();
environment.execute();
