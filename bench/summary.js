/** Results for people: the cells of the table, and what stands below it. */

import {GROUPS} from './cases/cases.js';

/** @typedef {import('./measure.js').Result} Result */
/** @typedef {{total: number, pyodide: number, ours: number}} Boot milliseconds from navigation to prompt */

export const HEAD = [
  'case',
  ...['ours ms', 'TF.js ms', 'WASM ms', 'ratio', 'aim', 'first: ours', 'TF.js', 'MiB: ours', 'TF.js'],
  ...['draws: ours', 'TF.js', 'programs: ours', 'TF.js', 'long task'],
];

/** @param {number | null | undefined} value */
function number(value) {
  if (value === null || value === undefined) return '';
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);
}

/** @param {number} bytes */
const mebibytes = (bytes) => number(bytes / 2 ** 20);

/**
 * @param {Result} result
 * @returns {string[]} a cell for each of HEAD
 */
export function row(result) {
  const {title, aim, ours, tfjs, wasm, ratio, error, longestTask} = result;
  if (!ours || !tfjs || ratio === null) {
    const apart =
      result.difference === null ? 'no number' : `differs by ${result.difference.toExponential(1)}`;
    return [title, error ? 'FAILED' : `WRONG: ${apart}`, ...HEAD.slice(2).map(() => '')];
  }
  return [
    ...[
      title,
      number(ours.median),
      number(tfjs.median),
      number(wasm?.median),
      `${ratio.toFixed(1)}x`,
      `${aim}x`,
    ],
    ...[number(ours.first), number(tfjs.first), mebibytes(ours.peak), mebibytes(tfjs.peak)],
    ...[ours.launches.toFixed(1), tfjs.launches.toFixed(1), String(ours.programs), String(tfjs.programs)],
    longestTask === null ? '' : longestTask ? `${longestTask.toFixed(0)} ms` : '< 50 ms',
  ];
}

/** @param {number[]} values */
const geometricMean = (values) =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

/** @param {number[]} values */
const middle = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/**
 * @param {Result[]} results
 * @param {Boot[]} boots
 */
export function summary(results, boots) {
  const means = GROUPS.map(({kind, title, aim, least}) => {
    const ratios = results.flatMap((result) => (result.kind === kind && result.ratio ? [result.ratio] : []));
    const [mean, slowest] = ratios.length ? [geometricMean(ratios), Math.min(...ratios)] : [null, null];
    return {group: title, aim, least, cases: ratios.length, mean, slowest};
  });
  const page = boots.length
    ? {
        total: middle(boots.map(({total}) => total)),
        pyodide: middle(boots.map(({pyodide}) => pyodide)),
        ours: middle(boots.map(({ours}) => ours)),
      }
    : null;
  return {geometricMeans: means, page};
}

/**
 * @param {ReturnType<typeof summary> & {cases: Result[]}} report
 * @returns {string[]} lines to stand below the table
 */
export function notes({geometricMeans, page, cases}) {
  const lines = geometricMeans.flatMap(({group, aim, least, cases: count, mean, slowest}) =>
    mean === null || slowest === null
      ? []
      : [
          `${group}: ${mean.toFixed(1)}x in the geometric mean of ${count} (aim: ${aim}x), ` +
            `${slowest.toFixed(1)}x in the slowest case (aim: ${least}x)`,
        ],
  );
  if (page) {
    const [total, pyodide, ours] = [page.total, page.pyodide, page.ours].map(
      (ms) => `${(ms / 1000).toFixed(1)} s`,
    );
    lines.push(`navigation to prompt: ${total}, of which Pyodide ${pyodide}, ours ${ours} (aim: 1.5 s)`);
  }
  for (const {title, growth} of cases) {
    if (!growth) continue;
    lines.push(
      `${title}: ${growth.steps} steps made textures grow by ${growth.bytes} bytes, tensors by ${growth.tensors}`,
    );
  }
  for (const {title, error} of cases) {
    if (error) lines.push(`${title} failed: ${error.trim().split('\n').at(-1)}`);
  }
  return [...lines, ...slowestDrawn(cases)];
}

/** How many of the slowest drawn cases are shown with their kernels. */
const WORST = 5;

/**
 * @param {Result[]} cases
 * @returns {string[]}
 */
function slowestDrawn(cases) {
  const drawn = cases.flatMap(({title, ratio, kernels}) =>
    ratio && kernels ? [{title, ratio, kernels}] : [],
  );
  return drawn
    .toSorted((a, b) => a.ratio - b.ratio)
    .slice(0, WORST)
    .map(({title, ratio, kernels}) => `${ratio.toFixed(2)}x: ${title}: ${kernels.join(', ')}`);
}
