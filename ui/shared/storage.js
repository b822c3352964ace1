// The storage behind a server, reached by URLs that it signed: each for one part, for minutes. They are
// secrets while they live, so that they are kept nowhere, and no error tells of them.

import { ApiError } from './errors.js';

/** What the storage says of a request is read so far, and not understood: the status is all that counts. */
const ANSWER = 64 * 1024;

/**
 * A request that was signed for one part.
 * @typedef {object} Signed
 * @property {string} url
 * @property {Readonly<Record<string, string>>} headers that it must carry, exactly these
 */

/**
 * Some of them, by part.
 * @typedef {object} SignedUrls
 * @property {Map<number, Signed>} urls
 * @property {number} until milliseconds since 1970: not to be used later
 */

/**
 * The storage could not be reached, or did not do what was signed. `network` when no answer came, `server`
 * else: both may pass.
 */
export class StorageError extends ApiError {
  /** @param {number} status 0 when no answer came */
  constructor(status) {
    super(status === 0 ? 'network' : 'server', status === 0 ? 'The storage does not answer.' : `The storage answered ${status}.`);
    this.name = 'StorageError';
  }
}

/**
 * What the server answered when it was asked for URLs.
 * @param {any} answer
 * @param {number} asked milliseconds since 1970
 * @returns {SignedUrls}
 */
export function signedUrls({ urls, expires_in: seconds }, asked) {
  const byPart = urls.map((/** @type {{part: number} & Signed} */ { part, url, headers }) => [part, { url, headers }]);
  // Half their life, so that a request that begins late is in time still.
  return { urls: new Map(byPart), until: asked + seconds * 500 };
}

/**
 * The request for one part.
 * @param {number} part
 * @param {SignedUrls} asked
 * @returns {Signed}
 * @throws {ApiError} `server`
 */
export function signedFor(part, { urls }) {
  const signed = urls.get(part);
  if (signed) return signed;
  throw new ApiError('server', 'The server left out a part that it was asked for.');
}

/** Sends signed requests. Every method asks once. */
export class Storage {
  #http;

  /** @param {import('./http.js').Http} http */
  constructor(http) {
    this.#http = http;
  }

  /**
   * Stores what a URL was signed for. That it is there already is no error: an answer was lost.
   * @param {Signed} signed
   * @param {Blob} content
   * @param {AbortSignal} signal
   * @throws {StorageError}
   */
  async put({ url, headers }, content, signal) {
    const { status } = await this.#ask('PUT', url, { signed: headers, content, signal }, ANSWER);
    if (status !== 200 && status !== 412) throw new StorageError(status);
  }

  /**
   * A part, or its first bytes: as many as it must have, or an error. One byte more shows that there are too many.
   * @param {Signed} signed
   * @param {import('./content.js').Span} span
   * @param {AbortSignal} signal
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   * @throws {StorageError}
   */
  async get({ url, headers }, { length, first, onBytes }, signal) {
    const range = first === undefined ? undefined : `bytes=0-${first - 1}`;
    const { status, bytes } = await this.#ask('GET', url, { signed: headers, range, signal }, length, onBytes);
    if (status !== 200 && status !== 206) throw new StorageError(status);
    if (bytes.length < length) throw new StorageError(0);
    return bytes;
  }

  /**
   * @param {string} method
   * @param {string} url
   * @param {import('./http.js').SignedOptions & {signal: AbortSignal}} options
   * @param {number} limit
   * @param {(bytes: number) => void} [onBytes]
   */
  async #ask(method, url, options, limit, onBytes) {
    try {
      return await this.#http.signed(method, url, options, limit, onBytes);
    } catch (error) {
      // Without its cause: what a browser says of a URL that it cannot parse has the URL in it.
      throw options.signal.aborted ? error : new StorageError(0);
    }
  }
}
