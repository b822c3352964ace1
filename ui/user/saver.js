// Saving what arrives: one thing at a time, with its progress, and a way to stop.

import { detail } from './page.js';
import { ProgressLine } from './progress-line.js';
import { prepare, save } from './save.js';
import { progress as words } from './words.js';

/** @typedef {import('../shared/receiving.js').Receiving} Receiving */
/** @typedef {import('../shared/receiving.js').Arriving} Arriving */

/** Saves to disk while a `<transfer-progress>` tells of it. */
export class Saver {
  #element;
  /** @type {AbortController | null} */
  #stop = null;

  /** @param {import('./elements/transfer-progress.js').TransferProgress} element */
  constructor(element) {
    this.#element = element;
    element.addEventListener('cancel', () => this.stop());
  }

  /** Whether something is being saved. */
  get busy() {
    return this.#stop !== null;
  }

  /** Ends what is being saved. The download can be resumed. */
  stop() {
    this.#stop?.abort(new DOMException('Saving was stopped.', 'AbortError'));
  }

  /**
   * Saves one thing. To be called in the click itself: browsers ask where to save only then.
   * @param {Receiving} receiving
   * @param {Arriving} arriving
   * @throws {import('../shared/errors.js').SaveError} and whatever its stream errors with
   */
  async run(receiving, arriving) {
    const prepared = prepare(arriving);
    const stop = new AbortController();
    this.#stop = stop;
    const line = new ProgressLine(this.#element, words.receiving);
    const tell = (/** @type {Event} */ event) => {
      const { received, total, waiting } = detail(event);
      line.update({ done: received, total, waiting });
    };
    receiving.addEventListener('progress', tell);
    try {
      await save(arriving, { signal: stop.signal, prepared });
    } finally {
      receiving.removeEventListener('progress', tell);
      line.end();
      if (this.#stop === stop) this.#stop = null;
    }
  }
}
