/** The card of a training run: curves as they grow, progress, and buttons that stop, pause and save. */

import {make} from '../layout/elements.js';
import {endWithCard} from '../panels/cards.js';
import {extras} from './figure.js';
import {Plot} from './plot.js';

/** @typedef {import('./spec.js').FitNews} FitNews */

const STATES = {running: '', paused: 'paused', done: 'done', stopped: 'stopped', failed: 'failed'};
/** Points of each curve within epochs that are kept: older ones are thinned out. */
const MOST_POINTS = 2000;

/**
 * @typedef {object} Curve
 * @property {string} name
 * @property {number[]} x
 * @property {(number | null)[]} y
 * @property {boolean} [thin]
 */

/** All runs, so that former ones can be laid over. @type {FitCard[]} */
let runs = [];
/** Of former runs no more than the last ones are laid over. */
const MOST_FORMER = 5;
/** What was chosen on a card holds for those that come. */
const chosen = {former: false, log: false};
/** @type {WeakMap<HTMLElement, FitCard>} */
const cards = new WeakMap();

/** @param {number} seconds */
function duration(seconds) {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${Math.round(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** @param {string} name */
const base = (name) => name.replace(/^val_/, '');

/**
 * @param {Map<string, Curve>} curves
 * @param {number} at
 * @param {Record<string, number | null>} logs
 */
function grow(curves, at, logs) {
  for (const [name, value] of Object.entries(logs)) {
    const curve = curves.get(name) ?? {name, x: [], y: []};
    curves.set(name, curve);
    curve.x.push(at);
    curve.y.push(value);
  }
}

/** @param {Curve} curve */
function thinOut(curve) {
  curve.x = curve.x.filter((_, i) => i % 2);
  curve.y = curve.y.filter((_, i) => i % 2);
}

class FitCard {
  /** Numbers of each metric by epoch. @type {Map<string, Curve>} */
  metrics = new Map();
  /** The same within epochs. @type {Map<string, Curve>} */
  batches = new Map();
  /** @type {Map<string, Plot>} */
  #plots = new Map();

  /**
   * @param {HTMLElement} place
   * @param {FitNews} news
   * @param {(run: number, what: string) => void} steer
   */
  constructor(place, news, steer) {
    this.place = place;
    this.model = news.model;
    this.run = news.run;
    const title = `Training of ${news.model}`;
    place.classList.add('figure', 'fit');
    this.facts = make('p', {className: 'facts'});
    this.progress = /** @type {HTMLProgressElement} */ (make('progress', {max: news.epochs, value: 0}));
    this.progress.setAttribute('aria-label', `Progress of the ${title.toLowerCase()}`);
    const button = (/** @type {string} */ text, /** @type {() => void} */ act) => {
      const made = /** @type {HTMLButtonElement} */ (make('button', {type: 'button', textContent: text}));
      made.addEventListener('click', act);
      return made;
    };
    this.pause = button('Pause', () => {
      const paused = this.pause.textContent === 'Pause';
      this.pause.textContent = paused ? 'Resume' : 'Pause';
      steer(news.run, paused ? 'pause' : 'resume');
    });
    this.stop = button('Stop', () => {
      this.stop.disabled = true;
      steer(news.run, 'stop');
    });
    this.stop.title = 'Ends after the step that runs; the history is kept';
    this.former = this.#choice('former');
    this.log = this.#choice('log');
    this.formerLabel = make('label', {hidden: true}, [this.former, ' former runs']);
    const logLabel = make('label', {}, [this.log, ' log scale']);
    this.figures = make('div', {className: 'plots'});
    place.append(
      make('figcaption', {textContent: `${title} (run ${news.run})`}),
      make('div', {className: 'bar'}, [this.progress, this.pause, this.stop, logLabel, this.formerLabel]),
      this.facts,
      this.figures,
      extras(title, {numbers: () => this.numbers(), png: () => this.#picture()}),
    );
    runs.push(this);
    endWithCard(place, () => (runs = runs.filter((card) => card !== this)));
  }

  /** @param {keyof typeof chosen} what */
  #choice(what) {
    const box = /** @type {HTMLInputElement} */ (make('input', {type: 'checkbox', checked: chosen[what]}));
    box.addEventListener('change', () => {
      chosen[what] = box.checked;
      this.draw();
    });
    return box;
  }

  /** @param {FitNews} news */
  add(news) {
    for (const {epoch, logs} of news.rows) grow(this.metrics, epoch + 1, logs);
    for (const {at, logs} of news.batches) grow(this.batches, at, logs);
    for (const curve of this.batches.values()) {
      if (curve.x.length > MOST_POINTS) thinOut(curve);
    }
    this.tell(news);
    this.draw();
  }

  /** @param {FitNews} news */
  tell({epoch, epochs, steps, step, perSecond, left, rate, state}) {
    const done = epoch;
    const within = steps && state !== 'done' ? Math.min(1, step / steps) : 0;
    this.progress.value = state === 'done' ? epochs : Math.min(epochs, done + (done < epochs ? within : 0));
    const facts = [
      `epoch ${Math.min(epochs, done + (state === 'running' || state === 'paused' ? 1 : 0))} of ${epochs}`,
      steps ? (within ? `step ${step} of ${steps}` : '') : step ? `step ${step}` : '',
      perSecond ? `${perSecond >= 10 ? Math.round(perSecond) : perSecond.toFixed(1)} steps/s` : '',
      left !== null && state === 'running' ? `${duration(left)} left` : '',
      rate === null ? '' : `learning rate ${Number(rate.toPrecision(4))}`,
      ...[...this.metrics.values()].map(({name, y}) => `${name} ${Number(Number(y.at(-1)).toPrecision(5))}`),
      STATES[state],
    ];
    this.facts.textContent = facts.filter(Boolean).join(', ');
    const over = state !== 'running' && state !== 'paused';
    this.pause.hidden = over;
    this.stop.hidden = over;
    this.place.dataset.state = state;
  }

  draw() {
    const others = runs.filter((card) => card.run < this.run).slice(-MOST_FORMER);
    this.formerLabel.hidden = others.length === 0;
    const groups = new Set([...this.batches.keys(), ...this.metrics.keys()].map(base));
    for (const group of groups) {
      const shown = [...this.metrics.values()].filter(({name}) => base(name) === group);
      const within = this.batches.get(group);
      if (within?.x.length) shown.push({...within, name: `${group} of batches`, thin: true});
      if (this.former.checked) {
        for (const card of others) {
          const curve = card.metrics.get(group);
          if (curve) shown.push({...curve, name: `${group} of run ${card.run}`});
        }
      }
      if (shown.length) this.#curves(group, shown);
    }
  }

  /**
   * @param {string} group
   * @param {Curve[]} series
   */
  #curves(group, series) {
    let plot = this.#plots.get(group);
    if (!plot) {
      const place = make('div', {className: 'plot'});
      place.setAttribute('role', 'img');
      this.figures.append(place);
      plot = new Plot(place);
      this.#plots.set(group, plot);
    }
    const [first] = series;
    plot.place.setAttribute(
      'aria-label',
      `Curve of ${group}: ${first.y.length} values, the last ${first.y.at(-1)}`,
    );
    plot.draw(series, {
      kind: 'line',
      xLabel: 'epoch',
      yLabel: group,
      fitted: true,
      height: 200,
      log: this.log.checked,
    });
  }

  /** What its table and its CSV file say. */
  numbers() {
    const curves = [...this.metrics.values()];
    const epochs = curves[0]?.x ?? [];
    const columns = curves.map(({x, y}) => new Map(x.map((epoch, i) => [epoch, y[i]])));
    return {
      headers: ['epoch', ...curves.map(({name}) => name)],
      rows: epochs.map((epoch) => [epoch, ...columns.map((column) => column.get(epoch) ?? '')]),
    };
  }

  /** All its plots, one below the other. @returns {Promise<Blob>} */
  async #picture() {
    const pictures = await Promise.all(
      [...this.#plots.values()].map(async (plot) => createImageBitmap(await plot.png())),
    );
    if (!pictures.length) throw new Error('nothing is drawn yet');
    const canvas = new OffscreenCanvas(
      Math.max(...pictures.map(({width}) => width)),
      pictures.reduce((sum, {height}) => sum + height, 0),
    );
    const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext('2d'));
    let top = 0;
    for (const picture of pictures) {
      context.drawImage(picture, 0, top);
      top += picture.height;
    }
    return canvas.convertToBlob({type: 'image/png'});
  }
}

/**
 * Brings the card of a run up to date.
 *
 * @param {HTMLElement} place
 * @param {FitNews} news
 * @param {(run: number, what: string) => void} steer
 */
export function fitCard(place, news, steer) {
  const card = cards.get(place) ?? new FitCard(place, news, steer);
  cards.set(place, card);
  card.add(news);
}
