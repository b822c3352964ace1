// Sending: from files to a link.

import { draft, newTicket } from './draft.js';
import { ApiError } from './errors.js';
import { FormatError } from './format/errors.js';
import { FIRST_CONTACT, Persistence, TRANSFER } from './retry.js';
import { Upload } from './upload.js';

/** Milliseconds that a pending transfer's removal may take; the server sweeps what is left anyhow. */
const FAREWELL = 10_000;

/**
 * @typedef {import('./draft.js').Draft} Draft
 * @typedef {import('./draft.js').Ticket} Ticket
 * @typedef {import('./upload.js').Facts} Facts
 */

/**
 * @typedef {object} SendingOptions
 * @property {import('./api.js').SendApi} api
 * @property {import('./draft.js').SourceFile[]} files
 * @property {import('./pool.js').CryptoPool} pool
 * @property {import('./journal.js').Journal | import('./journal.js').MemoryJournal} journal
 * @property {string} [note]
 * @property {string} [passphrase] none when empty
 * @property {number} [expiresIn] seconds; the server's own choice when left out
 * @property {number} [downloads] the limit, 0 for none
 * @property {string} [linkBase] the origin that links shall name; the server's own when left out
 * @property {string} [accessToken] where sending needs one; none when empty
 * @property {Ticket} [resume] of an upload that a restart broke off, with the same files and settings
 * @property {import('./retry.js').Patience} [patience]
 */

/**
 * @typedef {object} Sent
 * @property {string} link the whole address
 * @property {string} id
 * @property {number} expiresAt milliseconds since 1970
 * @property {number} downloads the limit, 0 for none
 * @property {Facts} facts
 */

/**
 * One upload. Tells of itself by `progress` events (`CustomEvent`) whose detail is
 * `{sent, total, waiting}`: bytes of the files that the server has, bytes in all, and what is waited for:
 * `network`, `server` or null (it goes on by itself).
 */
export class Sending extends EventTarget {
  #options;
  /** @type {Upload | null} */
  #upload = null;
  /** @type {DOMException | null} */
  #cancelled = null;
  /** @type {Promise<unknown>} */
  #ended = Promise.resolve();

  /** @param {SendingOptions} options */
  constructor(options) {
    super();
    this.#options = options;
    /** Bytes of all files. */
    this.total = options.files.reduce((sum, file) => sum + file.size, 0);
    /**
     * What goes on with this upload after a restart, for a caller that keeps it safe: it holds the
     * secret and the owner token.
     * @type {Ticket}
     */
    this.ticket = options.resume ?? newTicket();
  }

  /**
   * Sends everything.
   * @returns {Promise<Sent>}
   * @throws {ApiError} as the server refuses
   * @throws {FormatError} `content_changed`, `bad_passphrase`, `too_large`, `invalid_manifest`
   * @throws {DOMException} AbortError when cancelled
   */
  start() {
    const sent = this.#run();
    this.#ended = sent.catch(() => {});
    return sent;
  }

  /** Stops sending and removes what the server has of it. Resolves when that is done. */
  async cancel() {
    this.#cancelled = new DOMException('Sending was cancelled.', 'AbortError');
    this.#upload?.stop(this.#cancelled);
    await this.#ended;
  }

  /** @returns {Promise<Sent>} */
  async #run() {
    if (!this.#options.resume) return this.#attempt(false);
    try {
      return await this.#attempt(true);
    } catch (error) {
      if (!cannotGoOn(error)) throw error;
    }
    // Another plaintext must not go under the old salt: a new secret, a new salt, from the start.
    this.ticket = newTicket();
    return this.#attempt(false);
  }

  /**
   * @param {boolean} resumed
   * @returns {Promise<Sent>}
   */
  async #attempt(resumed) {
    const { api, journal, linkBase, patience = TRANSFER } = this.#options;
    const made = await draft(this.ticket, this.#options);
    const { id } = made.keys;
    this.#upload = new Upload(this.#options, made, patience, () => this.#tell());
    if (this.#cancelled) this.#upload.stop(this.#cancelled);
    try {
      const facts = await this.#upload.run(resumed);
      await journal.forget(id);
      const link = new URL(`/d#${made.link}`, linkBase ?? api.base).href;
      return { link, id, expiresAt: facts.expiresAt, downloads: facts.downloads, facts };
    } catch (error) {
      if (!mayGoOn(error)) await this.#discard(made);
      throw error;
    }
  }

  /**
   * Removes what the server has, as far as it can be reached.
   * @param {Draft} made
   */
  async #discard({ keys, ownerToken }) {
    const farewell = new Persistence({ patience: FIRST_CONTACT, signal: AbortSignal.timeout(FAREWELL) });
    await farewell.run((signal) => this.#options.api.delete(keys.id, ownerToken, { signal })).catch(() => {});
    await this.#options.journal.forget(keys.id);
  }

  #tell() {
    const { sent = 0, waiting = null } = this.#upload ?? {};
    this.dispatchEvent(new CustomEvent('progress', { detail: { sent, total: this.total, waiting } }));
  }
}

/**
 * Whether an upload that ended so could still be taken up again: nothing is wrong with it.
 * @param {unknown} error
 */
function mayGoOn(error) {
  return error instanceof ApiError && (error.kind === 'network' || error.kind === 'server' || error.kind === 'busy');
}

/**
 * Whether a resumed upload must begin anew: its files are others now, or the server has given it up.
 * @param {unknown} error
 */
function cannotGoOn(error) {
  if (error instanceof FormatError) return error.kind === 'content_changed';
  return error instanceof ApiError && ['conflict', 'not_found', 'expired', 'deleted'].includes(error.kind);
}
