/** Shows rich results (MIME bundles) as cards beside the terminal; what is drawn on a surface again takes its card. */

import {followTheme, isDark} from '../layout/theme.js';
import {reasonOf} from '../reason.js';
import {documentOf} from '../trusted.js';
import {cardOf, currentPart, empty, endWithCard} from './cards.js';

const TALLEST_FRAME = 600;
const PICTURES = ['image/png', 'image/jpeg'];
const CHART = 'application/vnd.tfjs-pyo.chart+json';
const SKETCH = 'application/vnd.tfjs-pyo.sketch+json';
const SURFACE = 'application/vnd.tfjs-pyo.surface';
const FIT = 'application/vnd.tfjs-pyo.fit+json';

/**
 * Markup goes into a frame without scripts, with its own styles: it cannot disturb the page.
 *
 * @param {string} markup
 */
function frame(markup) {
  const view = document.createElement('iframe');
  view.setAttribute('sandbox', 'allow-same-origin');
  view.title = 'Result';
  view.srcdoc = documentOf(
    `<!doctype html><meta name="color-scheme" content="light dark"><style>body{font-family:system-ui,sans-serif}</style><body>${markup}</body>`,
  );
  const follow = () => {
    const root = view.contentDocument?.documentElement;
    // The frame itself has a scheme too: where it differs from its document's, browsers paint a white ground.
    view.style.colorScheme = isDark() ? 'dark' : 'light';
    if (root) root.style.colorScheme = view.style.colorScheme;
  };
  let width = 0;
  const fit = () => {
    if (view.clientWidth === width) return; // 0: it lies in a tab that is not shown
    width = view.clientWidth;
    view.style.height = '1px'; // a document is never measured lower than its frame
    const height = view.contentDocument?.documentElement.scrollHeight ?? 150;
    view.style.height = `${Math.min(height + 4, TALLEST_FRAME)}px`;
  };
  view.addEventListener('load', () => {
    follow();
    fit();
    const observer = new ResizeObserver(fit);
    observer.observe(view);
    endWithCard(view, () => observer.disconnect());
    endWithCard(view, followTheme(follow));
  });
  return view;
}

/**
 * What a result is in words, and why it is not seen.
 *
 * @param {Record<string, string>} bundle
 * @param {unknown} error
 */
function failure(bundle, error) {
  const text = document.createElement('pre');
  text.className = 'failed';
  const said = bundle['text/plain'];
  text.textContent = `A result could not be drawn: ${reasonOf(error)}${said ? `\n${said}` : ''}`;
  return text;
}

/** @param {Record<string, string>} bundle */
function content(bundle) {
  const picture = PICTURES.find((kind) => kind in bundle);
  if (picture) {
    const image = document.createElement('img');
    image.src = `data:${picture};base64,${bundle[picture]}`;
    image.alt = bundle['text/plain'] ?? 'picture';
    image.addEventListener('error', () =>
      image.replaceWith(failure(bundle, 'the picture cannot be decoded')),
    );
    return image;
  }
  const markup = bundle['text/html'] ?? bundle['image/svg+xml'];
  if (markup !== undefined) return frame(markup);
  const text = document.createElement('pre');
  text.textContent = bundle['text/plain'] ?? '';
  return text;
}

/** Steps in the order in which they came, though the first of a kind waits for what draws it. */
let last = Promise.resolve();

/** @param {() => Promise<void>} step */
function inTurn(step) {
  const done = last.then(step);
  last = done.catch(() => {}); // the error is the caller's; later steps go on
  return done;
}

/** @typedef {(key: string | null) => HTMLElement} CardOf */

/**
 * @param {import('../vis/spec.js').ChartSpec} spec
 * @param {CardOf} card
 */
function showChart(spec, card) {
  return inTurn(async () => {
    const charts = await import('../vis/charts.js');
    const place = card(spec.key && `chart ${spec.key}`);
    place.classList.add('figure');
    charts.draw(place, spec);
  });
}

/**
 * @param {import('../vis/spec.js').FitNews} news
 * @param {(run: number, what: string) => void} steer
 * @param {CardOf} card
 */
function showFit(news, steer, card) {
  return inTurn(async () => {
    const {fitCard} = await import('../vis/fit.js');
    fitCard(card(`fit ${news.run}`), news, steer);
  });
}

/**
 * @param {import('../sketch/sketch.js').SketchSpec} spec
 * @param {import('../sketch/sketch.js').Feed} feed
 * @param {CardOf} card
 */
function showSketch(spec, feed, card) {
  return inTurn(async () => {
    const {Sketch} = await import('../sketch/sketch.js');
    new Sketch(card(null), spec, feed);
  });
}

/**
 * @typedef {object} Asker What cards ask of Python.
 * @property {(run: number, what: string) => void} steer asks a training run to stop, to pause, or to go on
 * @property {import('../sketch/sketch.js').Feed} feed has a drawing read
 */

/**
 * Shows a result; where it cannot be drawn, what it is in words, and why.
 *
 * @param {Record<string, string>} bundle MIME type to text; pictures in base64
 * @param {Asker} asker
 */
export async function showDisplay(bundle, asker) {
  try {
    await draw(bundle, asker);
  } catch (error) {
    const text = failure(bundle, error);
    cardOf(`failure ${text.textContent}`).replaceChildren(text);
  }
}

/**
 * @param {Record<string, string>} bundle
 * @param {Asker} asker
 */
function draw(bundle, asker) {
  const section = currentPart(); // now: what draws may have to come first
  const card = (/** @type {string | null} */ key) => cardOf(key, section);
  if (CHART in bundle) return showChart(JSON.parse(bundle[CHART]), card);
  if (FIT in bundle) return showFit(JSON.parse(bundle[FIT]), (run, what) => asker.steer(run, what), card);
  if (SKETCH in bundle) {
    return showSketch(JSON.parse(bundle[SKETCH]), (number, drawn) => asker.feed(number, drawn), card);
  }
  const surface = bundle[SURFACE];
  return inTurn(async () => {
    const place = card(surface ? `picture ${surface}` : null);
    empty(place);
    place.append(content(bundle));
  });
}
