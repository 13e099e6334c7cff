/** On a narrow screen the parts of the page lie behind one another; tabs choose which is seen. */

/** Where style.css puts them behind one another. */
const narrow = matchMedia('(max-width: 700px)');

export class Tabs {
  /** @type {HTMLElement[]} */
  #tabs;

  /** @param {HTMLElement} bar of role "tablist"; each tab's aria-controls names its part */
  constructor(bar) {
    this.#tabs = /** @type {HTMLElement[]} */ ([...bar.querySelectorAll('[role=tab]')]);
    for (const tab of this.#tabs) tab.addEventListener('click', () => this.choose(this.#partOf(tab).id));
    bar.addEventListener('keydown', (event) => this.#press(event));
    narrow.addEventListener('change', () => this.#arrange());
    this.choose(this.#partOf(this.#tabs[0]).id);
    this.#arrange();
  }

  /** @param {HTMLElement} tab */
  #partOf(tab) {
    return /** @type {HTMLElement} */ (document.getElementById(tab.getAttribute('aria-controls') ?? ''));
  }

  /** The parts are tab panels only while there are tabs. */
  #arrange() {
    for (const tab of this.#tabs) {
      const part = this.#partOf(tab);
      if (narrow.matches) part.setAttribute('role', 'tabpanel');
      else part.removeAttribute('role');
    }
  }

  /**
   * Show a part (where all are seen at once, nothing changes).
   *
   * @param {string} id
   */
  choose(id) {
    for (const tab of this.#tabs) {
      const part = this.#partOf(tab);
      const chosen = part.id === id;
      tab.setAttribute('aria-selected', String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      part.classList.toggle('chosen', chosen);
      if (chosen) tab.classList.remove('news');
    }
  }

  /**
   * Mark the tab of a part that has something new, unless it is the chosen one.
   *
   * @param {string} id
   */
  announce(id) {
    const tab = this.#tabs.find((each) => this.#partOf(each).id === id);
    if (tab?.getAttribute('aria-selected') === 'false') tab.classList.add('news');
  }

  /** @param {KeyboardEvent} event */
  #press({key}) {
    const step = {ArrowLeft: -1, ArrowRight: 1}[key];
    if (step === undefined) return;
    const place = this.#tabs.findIndex((tab) => tab.tabIndex === 0);
    const next = this.#tabs.at((place + step) % this.#tabs.length);
    if (!next) return;
    this.choose(this.#partOf(next).id);
    next.focus();
  }
}
