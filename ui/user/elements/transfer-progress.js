import { make, tell } from '../../shared/page/dom.js';
import { LANGUAGE, progress as words } from '../words.js';

const PERCENT = new Intl.NumberFormat(LANGUAGE, { style: 'percent', maximumFractionDigits: 0 });
// How often a screen reader is told: every few seconds, not every frame.
const SPOKEN_EVERY_MS = 5_000;

/**
 * How far it is: bytes, the line that says so in words, and what is waited for, if anything.
 * @typedef {{done: number, total: number, line: string, waiting: 'network' | 'server' | null}} Shown
 */

/**
 * `<transfer-progress>`: one bar for everything, the percentage, one line, and a way to stop.
 *
 * Properties: `word` (what is happening), `shown`. Events: `cancel`.
 */
export class TransferProgress extends HTMLElement {
  #word = make('p', { class: 'soft' });
  #percent = make('p', { class: 'percent', 'aria-hidden': 'true' });
  #bar = make('progress', { max: 1, value: 0 });
  #line = make('p', { class: 'line' });
  #spoken = make('p', { class: 'veiled', role: 'status' });
  #cancel = make('button', { type: 'button' }, words.cancel);
  #spokenAt = -Infinity;

  constructor() {
    super();
    this.#cancel.addEventListener('click', () => {
      // Stopping takes a moment: the server removes what it has.
      this.#cancel.disabled = true;
      this.#cancel.textContent = words.stopping;
      tell(this, 'cancel');
    });
  }

  connectedCallback() {
    const head = make('div', { class: 'head' }, this.#percent, this.#word);
    this.replaceChildren(head, this.#bar, this.#line, this.#spoken, make('div', { class: 'actions' }, this.#cancel));
    this.reset();
  }

  /** Back to nothing, before a transfer begins. */
  reset() {
    this.#spokenAt = -Infinity;
    this.#cancel.disabled = false;
    this.#cancel.textContent = words.cancel;
    this.shown = { done: 0, total: 0, line: words.preparing, waiting: null };
  }

  /** @param {string} word what is happening */
  set word(word) {
    this.#word.textContent = word;
    this.#bar.setAttribute('aria-label', word);
  }

  /** @param {Shown} shown */
  set shown({ done, total, line, waiting }) {
    const share = total > 0 ? Math.min(done / total, 1) : 0;
    this.#bar.value = share;
    // 100 % is said when it is true, not when it is nearly so.
    this.#percent.textContent = PERCENT.format(Math.floor(share * 100) / 100);
    // The line changes too often to be spoken, save for the one sentence that must be heard.
    this.#line.setAttribute('aria-live', waiting ? 'polite' : 'off');
    const text = waiting ? words.waiting[waiting] : line;
    if (this.#line.textContent !== text) this.#line.textContent = text;
    this.toggleAttribute('waiting', waiting !== null);
    this.#speak();
  }

  /** @returns {string} the percentage as shown */
  get percent() {
    return this.#percent.textContent ?? '';
  }

  /** The percentage, now and then. */
  #speak() {
    const now = performance.now();
    if (now - this.#spokenAt < SPOKEN_EVERY_MS) return;
    this.#spokenAt = now;
    this.#spoken.textContent = this.percent;
  }
}

customElements.define('transfer-progress', TransferProgress);
