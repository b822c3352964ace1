// What a transfer's progress events become on the page: "34 MB of 210 MB · 12 MB/s · about 15 seconds".

import { bytesText, durationText, Pace } from '../shared/measure.js';
import { place, progress as words } from './words.js';

/** A line that changes more often than this, in milliseconds, cannot be read. */
const CALM = 400;

/**
 * How far a transfer is: bytes so far, bytes in all, and what it waits for, if it does.
 * @typedef {{done: number, total: number, waiting: import('../shared/retry.js').Awaited | null}} Step
 */

/** Feeds one `<transfer-progress>` during one transfer. */
export class ProgressLine {
  #element;
  /** @type {Pace | null} */
  #pace = null;
  /**
   * The newest step, when it is not shown yet.
   * @type {Step | null}
   */
  #next = null;
  /** @type {ReturnType<typeof setTimeout> | null} */
  #timer = null;

  /**
   * @param {import('./elements/transfer-progress.js').TransferProgress} element
   * @param {string} word what is happening
   */
  constructor(element, word) {
    this.#element = element;
    element.word = word;
    element.reset();
  }

  /** @param {Step} step */
  update(step) {
    this.#pace ??= new Pace(step.total);
    if (step.waiting) this.#pace.pause();
    else this.#pace.update(step.done, performance.now());
    this.#next = step;
    if (this.#timer === null) this.#show();
  }

  /** Shows nothing more: the transfer is over. */
  end() {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#next = null;
  }

  /** Shows the newest step, then again after a while if there is a newer one. */
  #show() {
    this.#timer = null;
    if (!this.#next) return;
    const { done, total, waiting } = this.#next;
    this.#next = null;
    this.#element.shown = { done, total, line: this.#words(done, total), waiting };
    document.title = `${this.#element.percent} · ${place}`;
    this.#timer = setTimeout(() => this.#show(), CALM);
  }

  /**
   * @param {number} done
   * @param {number} total
   */
  #words(done, total) {
    const { rate = 0, left = null } = this.#pace ?? {};
    const parts = [words.of(bytesText(done), bytesText(total))];
    if (rate > 0) parts.push(words.speed(bytesText(Math.round(rate))));
    if (rate > 0 && left !== null && done < total) parts.push(durationText(left));
    return parts.join(' · ');
  }
}
