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

/** What a request waits for. @typedef {'network' | 'server'} Awaited */

/**
 * While bytes are on their way: a lost network is waited for as long as the page is open, a server that says
 * that it cannot for at least 50 seconds (the pauses alone, each at its shortest).
 */
export const TRANSFER = Object.freeze({ base: 400, cap: 15_000, networkTries: Infinity, serverTries: 12 });
/** While a person waits for a first answer: better a sentence soon. */
export const FIRST_CONTACT = Object.freeze({ base: 300, cap: 2_000, networkTries: 3, serverTries: 3 });

/** A server that asks to wait longer than this is not waited for, in seconds. */
const LONGEST_WAIT = 60;
/** Milliseconds after which a new try is no longer taken for one that will be turned away: a server gives up before. */
const UNDER_WAY = 15_000;

/**
 * Runs requests again until they are answered, and knows what they wait for.
 */
export class Persistence {
  #active = 0;
  /** @type {Map<symbol, Awaited>} requests that were turned away, and what each waits for */
  #held = new Map();

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

  /**
   * What everything under way waits for, null while something is not held up. An answer, even that it cannot,
   * shows that the network is there.
   * @returns {Awaited | null}
   */
  get waiting() {
    const causes = [...this.#held.values()];
    if (causes.length === 0 || causes.length < this.#active) return null;
    return causes.includes('server') ? 'server' : 'network';
  }

  /** Bytes have arrived: what was held is on its way. */
  arriving() {
    if (this.#held.size === 0) return;
    this.#held.clear();
    this.onChange();
  }

  /**
   * The result of `attempt`, tried again after errors that may pass.
   * @template T
   * @param {(signal: AbortSignal) => Promise<T>} attempt
   * @returns {Promise<T>}
   * @throws the last error, or the signal's reason
   */
  async run(attempt) {
    const request = Symbol('request');
    const failures = { network: 0, server: 0 };
    this.#active++;
    try {
      for (;;) {
        this.signal.throwIfAborted();
        try {
          return await this.#tried(request, attempt);
        } catch (error) {
          const cause = this.#passing(error);
          if (!cause || ++failures[cause] >= this.#most(cause)) throw error;
          this.#hold(request, cause);
          await this.#pause(/** @type {ApiError} */ (error), failures.network + failures.server);
        }
      }
    } finally {
      this.#active--;
      this.#hold(request, null);
    }
  }

  /**
   * One try. A request that was turned away counts as held until it is answered, or is under way for long.
   * @template T
   * @param {symbol} request
   * @param {(signal: AbortSignal) => Promise<T>} attempt
   */
  async #tried(request, attempt) {
    const timer = setTimeout(() => this.#hold(request, null), UNDER_WAY);
    // In Node a timer alone does not keep the process from ending.
    if (typeof timer === 'object') timer.unref();
    try {
      return await attempt(this.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * What has to come back before this could end well; null when that will not help.
   * @param {unknown} error
   * @returns {Awaited | null}
   */
  #passing(error) {
    if (!(error instanceof ApiError) || this.signal.aborted) return null;
    if (error.kind === 'network' || error.kind === 'server') return error.kind;
    return error.kind === 'busy' && (error.retryAfter ?? 0) <= LONGEST_WAIT ? 'server' : null;
  }

  /** @param {Awaited} cause */
  #most(cause) {
    return cause === 'network' ? this.patience.networkTries : this.patience.serverTries;
  }

  /**
   * @param {ApiError} error
   * @param {number} failures so far
   */
  #pause(error, failures) {
    const { base, cap } = this.patience;
    // Half of the delay is left to chance, so that clients which failed together do not come back together.
    const backoff = Math.min(cap, base * 2 ** (failures - 1)) * (0.5 + Math.random() / 2);
    return pause(Math.max(backoff, (error.retryAfter ?? 0) * 1000), this.signal);
  }

  /**
   * @param {symbol} request
   * @param {Awaited | null} cause
   */
  #hold(request, cause) {
    if (cause) this.#held.set(request, cause);
    else this.#held.delete(request);
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
