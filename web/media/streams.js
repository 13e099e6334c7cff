/** The camera and the microphone, which only the page's thread may open: what the worker asks of them. */

import * as Comlink from '../vendor/comlink/comlink.min.mjs';
import {showStream} from './card.js';

/** @typedef {import('../protocol.js').CameraOptions} CameraOptions */
/** @typedef {import('../protocol.js').MicrophoneOptions} MicrophoneOptions */
/** @typedef {import('../protocol.js').MediaServices} MediaServices */

/**
 * @typedef {object} Open A stream that is on.
 * @property {MediaStream} stream
 * @property {HTMLVideoElement} [video]
 * @property {AudioContext} [audio]
 * @property {AnalyserNode} [analyser]
 * @property {() => void} hide
 */

/** @type {Map<number, Open>} */
const open = new Map();
let count = 0;
/** Goes up when everything is turned off: what is still being turned on then is turned off when it is there. */
let generation = 0;

const ALLOWED_MS = 60_000;
const STARTED_MS = 10_000;
const SILENT_MS = 10_000;

/**
 * @template T
 * @param {Promise<T>} promise
 * @param {number} ms
 * @param {string} problem what it is an error to wait longer for
 * @returns {Promise<T>}
 */
function within(promise, ms, problem) {
  const {promise: late, reject} = /** @type {PromiseWithResolvers<never>} */ (Promise.withResolvers());
  const timer = setTimeout(() => reject(new Error(`${problem} within ${ms / 1000} s`)), ms);
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/**
 * Takes a stream into the list, and shows that it is on.
 *
 * @param {string} what
 * @param {Omit<Open, 'hide'>} given
 */
function opened(what, given) {
  const id = ++count;
  open.set(id, {...given, hide: showStream(what, given.video ?? null, () => close(id))});
  for (const track of given.stream.getTracks()) track.addEventListener('ended', () => close(id));
  return id;
}

/** @param {number} id */
function close(id) {
  const found = open.get(id);
  if (!found) return;
  open.delete(id);
  for (const track of found.stream.getTracks()) track.stop();
  if (found.video) found.video.srcObject = null;
  found.analyser?.disconnect();
  found.audio?.close();
  found.hide();
}

/** Turns everything off: the Python that asked for it is gone, or was interrupted. */
export function closeAll() {
  generation += 1;
  for (const id of [...open.keys()]) close(id);
}

/**
 * Asks the person who sits there.
 *
 * @param {MediaStreamConstraints} constraints
 */
async function allowed(constraints) {
  if (!navigator.mediaDevices) throw new Error('this page is not secure: https or localhost is needed');
  const [asked, stream] = [generation, navigator.mediaDevices.getUserMedia(constraints)];
  let wanted = true;
  const turnOff = (/** @type {MediaStream} */ late) => {
    for (const track of late.getTracks()) track.stop();
  };
  stream.then((late) => wanted || turnOff(late)).catch(() => {}); // the one who waits is told
  try {
    const found = await within(stream, ALLOWED_MS, 'nobody allowed it');
    if (asked === generation) return found;
    turnOff(found);
    throw new Error('it was turned off');
  } catch (error) {
    wanted = false;
    throw error;
  }
}

/** @param {number} id */
const playing = (id) => {
  const found = open.get(id);
  if (!found) throw new Error('it was turned off');
  return found;
};

/**
 * The part of a picture that `size` pixels in its middle are; all of it without `crop`.
 *
 * @param {HTMLVideoElement} video
 * @param {{crop: boolean, width: number, height: number}} options
 */
function part({videoWidth, videoHeight}, {crop, width, height}) {
  if (!crop) return {x: 0, y: 0, width: videoWidth, height: videoHeight};
  const [w, h] = [Math.min(width, videoWidth), Math.min(height, videoHeight)];
  return {x: Math.floor((videoWidth - w) / 2), y: Math.floor((videoHeight - h) / 2), width: w, height: h};
}

/**
 * Reads an analyser at the pace of its frames.
 *
 * @param {number} id
 * @param {number} frames
 * @returns {Promise<{spectrum: Float32Array<ArrayBuffer>, wave: Float32Array<ArrayBuffer>}>} frames of all bins, and of all samples
 */
function recorded(id, frames) {
  const {analyser, audio} = /** @type {Required<Open>} */ (playing(id));
  const size = analyser.frequencyBinCount;
  const spectrum = new Float32Array(frames * size);
  const wave = new Float32Array(frames * size);
  return new Promise((resolve, reject) => {
    let frame = 0;
    let heard = performance.now();
    const timer = setInterval(
      () => {
        const silent = performance.now() - heard > SILENT_MS;
        if (!open.has(id) || silent) {
          clearInterval(timer);
          reject(new Error(silent ? `no sound came within ${SILENT_MS / 1000} s` : 'it was turned off'));
          return;
        }
        const bins = spectrum.subarray(frame * size, (frame + 1) * size);
        analyser.getFloatFrequencyData(bins);
        if (bins[0] === -Infinity) return; // nothing has come yet
        heard = performance.now();
        analyser.getFloatTimeDomainData(wave.subarray(frame * size, (frame + 1) * size));
        if (++frame < frames) return;
        clearInterval(timer);
        resolve({spectrum, wave});
      },
      (size / audio.sampleRate) * 1000,
    );
  });
}

/** @type {MediaServices} */
export const media = {
  async openCamera({deviceId, facingMode, width, height}) {
    const stream = await allowed({
      video: {
        facingMode,
        ...(deviceId ? {deviceId: {exact: deviceId}} : {}),
        ...(width ? {width} : {}),
        ...(height ? {height} : {}),
      },
    });
    const video = Object.assign(document.createElement('video'), {
      srcObject: stream,
      muted: true,
      playsInline: true,
    });
    const ready = new Promise((resolve) => video.addEventListener('loadeddata', resolve, {once: true}));
    const id = opened('Camera', {stream, video});
    try {
      await within(Promise.all([video.play(), ready]), STARTED_MS, 'no picture came');
    } catch (error) {
      close(id);
      throw error;
    }
    return {id, width: video.videoWidth, height: video.videoHeight};
  },

  async captureFrame(id, {width, height, crop}) {
    const video = /** @type {HTMLVideoElement} */ (playing(id).video);
    const size = width && height ? {width, height} : {width: video.videoWidth, height: video.videoHeight};
    const from = part(video, {crop, ...size});
    const frame = await createImageBitmap(video, from.x, from.y, from.width, from.height, {
      resizeWidth: size.width,
      resizeHeight: size.height,
      resizeQuality: 'medium',
    });
    return Comlink.transfer(frame, [frame]);
  },

  async openMicrophone({constraints, sampleRate, fftSize, smoothing}) {
    const stream = await allowed({audio: constraints ?? true, video: false});
    const audio = new AudioContext(sampleRate ? {sampleRate} : {});
    const analyser = audio.createAnalyser();
    analyser.fftSize = fftSize * 2;
    analyser.smoothingTimeConstant = smoothing;
    audio.createMediaStreamSource(stream).connect(analyser);
    const id = opened('Microphone', {stream, audio, analyser});
    try {
      await within(audio.resume(), STARTED_MS, 'it did not begin');
    } catch (error) {
      close(id);
      throw error;
    }
    return {id, sampleRate: audio.sampleRate};
  },

  async listen(id, frames) {
    const found = await recorded(id, frames);
    return Comlink.transfer(found, [found.spectrum.buffer, found.wave.buffer]);
  },

  closeStream: (id) => close(id),
};
