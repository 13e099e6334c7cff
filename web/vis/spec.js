/** The types of what py/tfjs_pyo/vis/chart.py and py/tfjs_pyo/vis/live.py send. */

/** @typedef {{name: string, x: (number | string)[], y: (number | null)[], thin?: boolean}} Series thin: drawn as faint dots */
/** @typedef {{headers: string[], rows: any[][]}} TableSpec */

/**
 * @typedef {object} GridSpec
 * @property {number[][]} values
 * @property {string[]} rows
 * @property {string[]} columns
 * @property {[number, number]} domain
 * @property {string} colors
 * @property {boolean} counts whether the values are written into the cells
 * @property {boolean} diagonal whether the cells of the diagonal are coloured
 */

/**
 * @typedef {object} ChartSpec
 * @property {'line' | 'scatter' | 'bar' | 'heatmap' | 'table'} kind
 * @property {string | null} key tells surfaces apart
 * @property {{name: string, tab: string} | null} surface
 * @property {Series[]} series
 * @property {TableSpec | null} table
 * @property {GridSpec | null} grid
 * @property {Record<string, any>} options
 */

/**
 * @typedef {object} FitNews What is new of a training run.
 * @property {number} run its number
 * @property {string} model
 * @property {number} epochs
 * @property {number | null} steps of an epoch
 * @property {{epoch: number, logs: Record<string, number | null>}[]} rows epochs that ended
 * @property {{at: number, logs: Record<string, number | null>}[]} batches means over the batches up to `at`, in epochs, since
 *   the ones before
 * @property {number} epoch how many epochs ended
 * @property {number} step of the epoch that is under way
 * @property {number} perSecond steps
 * @property {number | null} left seconds
 * @property {number | null} rate the learning rate
 * @property {'running' | 'paused' | 'done' | 'stopped' | 'failed'} state
 */

export {};
