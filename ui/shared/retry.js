// Keeping requests going on a network that comes and goes.

import { ApiError } from './errors.js';

/**
 * How long to go on trying.
 * @typedef {object} Patience
 * @property {number} base milliseconds before the second try; doubled each time
 * @property {number} cap milliseconds between tries at most
 * @property {number} networkTries tries while no answer comes at all
 * @property {number} serverTries tries while the server answers that it cannot
 */

/** While bytes are on their way: a lost network is waited for as long as the page is open. */
export const TRANSFER = Object.freeze({ base: 400, cap: 15_000, networkTries: Infinity, serverTries: 8 });
/** While a person waits for a first answer: better a sentence soon. */
export const FIRST_CONTACT = Object.freeze({ base: 300, cap: 2_000, networkTries: 3, serverTries: 3 });

/** A server that asks to wait longer than this is not waited for, in seconds. */
const LONGEST_WAIT = 60;

/**
 * Runs requests again until they are answered, and knows whether it is the network that they wait for.
 */
export class Persistence {
  #active = 0;
  #waiting = 0;

  /**
   * @param {object} options
   * @param {Patience} options.patience
   * @param {AbortSignal} options.signal ends every wait
   * @param {() => void} [options.onChange] called when `waiting` may have changed
   */
  constructor({ patience, signal, onChange = () => {} }) {
    this.patience = patience;
    this.signal = signal;
    this.onChange = onChange;
  }

  /** Whether everything under way waits for the network. */
  get waiting() {
    return this.#active > 0 && this.#waiting === this.#active;
  }

  /**
   * The result of `attempt`, tried again after errors that may pass.
   * @template T
   * @param {(signal: AbortSignal) => Promise<T>} attempt
   * @returns {Promise<T>}
   * @throws the last error, or the signal's reason
   */
  async run(attempt) {
    this.#active++;
    try {
      for (let failures = 0; ; failures++) {
        this.signal.throwIfAborted();
        try {
          return await attempt(this.signal);
        } catch (error) {
          if (!this.#mayPass(error, failures + 1)) throw error;
          await this.#wait(/** @type {ApiError} */ (error), failures);
        }
      }
    } finally {
      this.#active--;
      this.onChange();
    }
  }

  /**
   * @param {unknown} error
   * @param {number} tries so far
   */
  #mayPass(error, tries) {
    if (!(error instanceof ApiError) || this.signal.aborted) return false;
    if (error.kind === 'network') return tries < this.patience.networkTries;
    if (error.kind === 'busy' && (error.retryAfter ?? 0) > LONGEST_WAIT) return false;
    return (error.kind === 'busy' || error.kind === 'server') && tries < this.patience.serverTries;
  }

  /**
   * @param {ApiError} error
   * @param {number} failures before this one
   */
  async #wait(error, failures) {
    const { base, cap } = this.patience;
    // Half of the delay is left to chance, so that clients which failed together do not come back together.
    const backoff = Math.min(cap, base * 2 ** failures) * (0.5 + Math.random() / 2);
    const forNetwork = error.kind === 'network';
    if (forNetwork) this.#change(1);
    try {
      await pause(Math.max(backoff, (error.retryAfter ?? 0) * 1000), this.signal);
    } finally {
      if (forNetwork) this.#change(-1);
    }
  }

  /** @param {number} by */
  #change(by) {
    this.#waiting += by;
    this.onChange();
  }
}

/**
 * Waits; a network that comes back ends the wait early, and an abort ends it with its reason.
 * @param {number} milliseconds
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const over = new AbortController();
    const done = () => {
      clearTimeout(timer);
      over.abort();
      if (signal.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { signal: over.signal });
    // Only windows and workers hear of the network; elsewhere the timer is all.
    globalThis.addEventListener?.('online', done, { signal: over.signal });
  });
}
