/** The card of a training run: curves as they grow, progress, and buttons that stop, pause and save. */

import {make} from '../layout/elements.js';
import {extras} from './figure.js';
import {Plot} from './plot.js';

/** @typedef {import('./spec.js').FitNews} FitNews */

const STATES = {running: '', paused: 'paused', done: 'done', stopped: 'stopped', failed: 'ended by an error'};
/** Points of the loss within epochs that are kept: older ones are thinned out. */
const MOST_POINTS = 2000;

/**
 * @typedef {object} Curve
 * @property {string} name
 * @property {number[]} x
 * @property {(number | null)[]} y
 */

/** The runs of each model, so that former ones can be laid over. @type {Map<string, FitCard[]>} */
const runs = new Map();
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

class FitCard {
  /** Numbers of each metric by epoch. @type {Map<string, Curve>} */
  metrics = new Map();
  /** @type {Curve} */
  batches = {name: 'loss within epochs', x: [], y: []};
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
      this.pause.textContent = paused ? 'Go on' : 'Pause';
      steer(news.run, paused ? 'pause' : 'resume');
    });
    this.stop = button('Stop', () => {
      this.stop.disabled = true;
      steer(news.run, 'stop');
    });
    this.stop.title = 'Ends after the step that runs; the history is kept';
    this.former = /** @type {HTMLInputElement} */ (make('input', {type: 'checkbox'}));
    this.former.addEventListener('change', () => this.draw());
    this.formerLabel = make('label', {hidden: true}, [this.former, ' former runs']);
    this.figures = make('div', {className: 'plots'});
    place.append(
      make('figcaption', {textContent: `${title} (run ${news.run})`}),
      make('div', {className: 'bar'}, [this.progress, this.pause, this.stop, this.formerLabel]),
      this.facts,
      this.figures,
      extras(title, {numbers: () => this.numbers(), png: () => this.#picture()}),
    );
    const others = runs.get(news.model) ?? [];
    runs.set(news.model, [...others.filter((card) => card.place.isConnected), this]);
  }

  /** @param {FitNews} news */
  add(news) {
    for (const {epoch, logs} of news.rows) {
      for (const [name, value] of Object.entries(logs)) {
        const curve = this.metrics.get(name) ?? {name, x: [], y: []};
        this.metrics.set(name, curve);
        curve.x.push(epoch + 1);
        curve.y.push(value);
      }
    }
    for (const {at, loss} of news.batches) {
      this.batches.x.push(at);
      this.batches.y.push(loss);
    }
    if (this.batches.x.length > MOST_POINTS) this.#thin();
    this.tell(news);
    this.draw();
  }

  #thin() {
    const {batches} = this;
    batches.x = batches.x.filter((_, i) => i % 2);
    batches.y = batches.y.filter((_, i) => i % 2);
  }

  /** @param {FitNews} news */
  tell({epoch, epochs, steps, step, perSecond, left, rate, state}) {
    const done = epoch;
    const within = steps && state !== 'done' ? Math.min(1, step / steps) : 0;
    this.progress.value = state === 'done' ? epochs : Math.min(epochs, done + (done < epochs ? within : 0));
    const facts = [
      `epoch ${Math.min(epochs, done + (state === 'running' || state === 'paused' ? 1 : 0))} of ${epochs}`,
      steps && within ? `step ${step} of ${steps}` : '',
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
    const others = (runs.get(this.model) ?? []).filter((card) => card !== this && card.place.isConnected);
    this.formerLabel.hidden = others.length === 0;
    const groups = new Set([...this.metrics.keys()].map(base));
    if (groups.size === 0) groups.add('loss');
    for (const group of groups) {
      const series = [...this.metrics.values()].filter(({name}) => base(name) === group);
      const shown = series.length ? [...series] : [];
      if (group === 'loss' && this.batches.x.length) shown.push(this.batches);
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
    plot.draw(series, {kind: 'line', xLabel: 'epoch', yLabel: group, fitted: true, height: 200});
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
