// Bundles the tests of the npm package with the shims in place of its own modules: node tests/tfjs/suite/build.js OUTPUT FILE...
import * as core from '@tensorflow/tfjs-core';
import {build} from 'esbuild';
import {createRequire} from 'node:module';
import {dirname, join, relative, resolve} from 'node:path';
import process from 'node:process';
import {fileURLToPath} from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const DIST = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-core'));
const NAMES = Object.keys(core).filter((name) => name !== 'default');
const from = (name) => `require(${JSON.stringify(join(DIST, name))})`;
/** The helpers for tests ask TF.js's own environment what a typed array is. */
const INDEX = `
  const {Environment, setEnvironmentGlobal} = ${from('environment.js')};
  setEnvironmentGlobal(new Environment(globalThis));
  ${from('flags.js')};
  ${from('platforms/platform_node.js')};
  const {index} = require('./shims.js');
  module.exports = index(${JSON.stringify(NAMES)}, ${from('test_util.js')});`;
const part = (name) => `
  const {facade, tf} = require('./shims.js');
  module.exports = facade(${JSON.stringify(Object.keys(core[name]))}, () => tf.${name});`;
const SHIMS = {
  jasmine_util: `export * from './shims.js';`,
  engine: `export {ENGINE} from './shims.js';`,
  environment: `export {env} from './shims.js';`,
  util: part('util'),
  'io/io_utils': part('io'),
};
/** Modules of TF.js's that tests take helpers from, and that depend on nothing of what is tested. */
const HELPERS =
  /(test_util|rand_util|reduce_util|selu_util|identity_pool_test|image_test_util|tensor_util_env)$/;

function shimOf(path, importer) {
  const name = relative(DIST, resolve(dirname(importer), path)).replace(/\.js$/, '');
  if (name === 'index') return INDEX;
  if (name === 'engine' || name === 'jasmine_util') return SHIMS[name];
  if (!importer.endsWith('_test.js') || HELPERS.test(name)) return null;
  if (name === 'util' && !importer.endsWith('/util_test.js')) return null;
  return SHIMS[name] ?? INDEX;
}

const plugin = {
  name: 'suite',
  setup(bundler) {
    bundler.onResolve({filter: /^\.\.?(\/|$)/}, ({path, importer}) => {
      if (!importer.startsWith(DIST)) return null;
      const shim = shimOf(path, importer);
      return shim ? {path: shim, namespace: 'shim'} : null;
    });
    bundler.onLoad({filter: /.*/, namespace: 'shim'}, ({path}) => ({contents: path, resolveDir: HERE}));
    bundler.onResolve({filter: /^suite:files$/}, () => ({path: 'files', namespace: 'files'}));
    bundler.onLoad({filter: /.*/, namespace: 'files'}, () => ({contents: listing(), resolveDir: HERE}));
  },
};

const [output, ...files] = process.argv.slice(2);

function listing() {
  const entries = files.map((name) => {
    const path = JSON.stringify(join(DIST, `${name}_test.js`));
    return `[${JSON.stringify(name)}, () => require(${path})],`;
  });
  return `export const files = [${entries.join('\n')}];`;
}

await build({
  entryPoints: [join(HERE, 'main.js')],
  bundle: true,
  platform: 'node',
  format: 'cjs',
  logLevel: 'error',
  outfile: output,
  plugins: [plugin],
});
