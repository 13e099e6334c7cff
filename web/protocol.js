/**
 * What the page and the worker say to each other: the types of their messages, and the layout of the memory they share.
 *
 * The page starts web/worker.js and talks to it through Comlink; the worker's side is `WorkerApi` below.
 */

/** @typedef {'stdout' | 'stderr' | 'display' | 'notice'} OutputKind */

/** Whether both sides can share memory: a browser may isolate the page and have no SharedArrayBuffer (WebKitGTK). */
export const canShare = () =>
  globalThis.crossOriginIsolated === true && typeof SharedArrayBuffer === 'function';

/**
 * The memory that both sides share where the page is cross-origin isolated. It says what no message can say while Python
 * holds the worker.
 *
 * @param {SharedArrayBuffer} memory
 */
export const sharedViews = (memory) => ({
  /** What Pyodide watches; 2: Ctrl-C. Only a bell: Pyodide reads it and clears it in two steps, and misses one rung between. */
  signal: new Uint8Array(memory, 0, 1),
  /** How many bundles of output are on the screen. */
  shown: new Int32Array(memory, 4, 1),
  /** The number of the last Ctrl-C that the bell was rung for. */
  asked: new Int32Array(memory, 8, 1),
  /** The number of the last Ctrl-C that the worker has seen to. */
  taken: new Int32Array(memory, 12, 1),
});

export const SHARED_BYTES = 16;

/**
 * @typedef {object} Output A piece of what programs print or show.
 * @property {number} cell the number of the cell that it comes from; 0: none
 * @property {OutputKind} kind
 * @property {string} text for 'display': a MIME bundle as JSON
 */

/**
 * @typedef {object} Progress A step of the boot.
 * @property {string} step what is being done, in words
 * @property {number} done the share of the boot that is done, 0 to 1
 */

/**
 * @typedef {object} Announcement What the worker says of its own accord, on the same port as its answers.
 * @property {Progress} [progress]
 * @property {Output[]} [output]
 */

/**
 * @typedef {object} BootOptions
 * @property {SharedArrayBuffer | null} memory see sharedViews
 * @property {string} site the address of the site's root
 * @property {boolean} kept whether this browser holds the site's files already
 */

/**
 * @typedef {object} DeviceLimits What the WebGL2 device says about itself.
 * @property {string} renderer
 * @property {string} vendor
 * @property {number} maxTextureSize
 * @property {number} maxDrawBuffers
 * @property {number} maxFragmentUniformVectors
 * @property {number} maxTextureUnits
 * @property {boolean} float32 whether it can render to float32 textures
 * @property {string} probe 'ok', or what was wrong with the values that it computed
 */

/**
 * @typedef {object} BootReport
 * @property {{pyodide: string, python: string, package: string}} versions
 * @property {{pyodide: number, ours: number, total: number}} timings in milliseconds
 * @property {string | null} deviceProblem why there is no WebGL2 device
 * @property {string | null} numpyProblem why there is no NumPy
 */

/**
 * @typedef {object} Status
 * @property {DeviceLimits | null} device
 * @property {Record<string, any> | null} deviceStats
 * @property {Record<string, any>} memory tf.memory()
 * @property {number} running how many cells are under way
 * @property {string} backend
 */

/**
 * @typedef {object} RunOptions
 * @property {string} [namespace] the namespace to run in; '' is the prompt's
 * @property {boolean} [show] whether a rich last value is shown beside the prompt (its JSON is not handed over then)
 * @property {boolean} [keep] whether to collect what is printed for the answer
 * @property {string} [file] the file that the source is part of, as __file__, from the home folder on
 * @property {number} [columns] how wide the terminal is
 */

/**
 * @typedef {object} RunResult
 * @property {string} stdout
 * @property {string} stderr
 * @property {{repr: string, json?: any} | null} result the last expression's value; null if it is None or there is none
 * @property {{type: string, message: string, traceback: string} | null} error
 */

/**
 * @typedef {object} CameraOptions
 * @property {string} [deviceId]
 * @property {string} facingMode 'user' or 'environment'
 * @property {number} [width] wanted, in pixels
 * @property {number} [height]
 */

/**
 * @typedef {object} MicrophoneOptions
 * @property {MediaTrackConstraints} [constraints]
 * @property {number} [sampleRate] in Hz; default: the device's own
 * @property {number} fftSize how many frequencies a frame has
 * @property {number} smoothing from 0 to 1
 */

/**
 * @typedef {object} MediaServices
 * @property {(options: CameraOptions) => Promise<{id: number, width: number, height: number}>} openCamera
 * @property {(id: number, options: {width?: number, height?: number, crop: boolean}) => Promise<ImageBitmap>} captureFrame
 * @property {(options: MicrophoneOptions) => Promise<{id: number, sampleRate: number}>} openMicrophone
 * @property {(id: number, frames: number) =>
 *   Promise<{spectrum: Float32Array<ArrayBuffer>, wave: Float32Array<ArrayBuffer>}>} listen
 * @property {(id: number) => void} closeStream
 */

/**
 * @typedef {object} StoreServices What the worker asks of the page, because only the main thread can do it.
 * @property {() => string[]} storageKeys the keys of localStorage
 * @property {(keys: string[]) => (string | null)[]} storageGet what the keys hold at one moment
 * @property {(changes: [string, string | null][]) => void} storageChange sets keys, or removes them (null): all or none
 * @property {(name: string, type: string, bytes: Uint8Array<ArrayBuffer>) => void} download
 */

/** @typedef {StoreServices & MediaServices} PageServices */

/** @type {(keyof PageServices)[]} */
// prettier-ignore
export const SERVICES = [
  'storageKeys', 'storageGet', 'storageChange', 'download',
  'openCamera', 'captureFrame', 'openMicrophone', 'listen', 'closeStream',
];

/**
 * @typedef {object} Reading What a model made of a drawing.
 * @property {string} label
 * @property {[string, number][]} scores pairs of label and score; empty if it gave a label only
 * @property {string} [error] what went wrong instead
 */

/**
 * @typedef {object} Kernel What py/tfjs_pyo/core/inspection.py says of one.
 * @property {string} name the operations fused in it
 * @property {number[][]} inputShapes
 * @property {number[][]} outputShapes
 * @property {number} [kernelTimeMs] as last measured
 */

/**
 * @typedef {object} Completion
 * @property {string} text the whole dotted word; an open bracket at its end if it can be called, '=' if it is an argument
 * @property {string} signature how it is called, in brackets; '' if it cannot be or nobody knows
 * @property {string} about what it does, in a line; or ''
 */

/**
 * @typedef {object} Completions
 * @property {Completion[]} found
 * @property {number} start where the word begins that they complete
 * @property {string} call how that is called in whose brackets the word stands, with its name; or ''
 */

/**
 * @typedef {object} WorkerApi
 * @property {(options: BootOptions, page: PageServices) => Promise<BootReport>} boot
 * @property {(source: string, options?: RunOptions) => Promise<RunResult>} run
 * @property {(source: string) => boolean} isComplete whether Enter should run this input
 * @property {(source: string) => Completions} complete
 * @property {(number: number) => number} interrupt the page's Ctrl-C of this number: cancels the cells that are waiting, unless
 *   the bell was heard; returns how many there were
 * @property {() => Status} status
 * @property {() => {step?: Kernel[], graph?: Kernel[]}} latest the kernels of the step and of the graph that ran last
 * @property {(kind: 'step' | 'graph') => Promise<boolean>} measure times the next run of it, if there is one soon
 * @property {(kind: 'step' | 'graph', kernel: number) => string} source the GLSL of a kernel
 * @property {(namespace: string) => void} forget drops a namespace
 * @property {(name: string, bytes: Uint8Array) => string} keep writes a file into the home folder; returns its path
 * @property {(sketch: number, pixels: Float32Array) => Promise<Reading>} feed has a drawing read
 * @property {(run: number, what: string) => void} steer asks a training run to 'stop', to 'pause', or to 'resume'
 */
