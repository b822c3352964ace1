// Reading the content stream of a claimed transfer: fetched and opened ahead, several parts at a
// time, given out in order, and nothing that is not proven to be what was sent.

import { DownloadUrls } from './direct.js';
import { ApiError } from './errors.js';
import { HEADER, partCount, partRange, partSealedSize } from './format/sizes.js';
import { checkHeader, fault } from './format/stream.js';
import { inOrder } from './parallel.js';

/** Parts under way or waiting to be taken: the most that is held in memory, each 4 MiB. */
const AHEAD = 4;

/**
 * @typedef {object} ContentOptions
 * @property {import('./api.js').SendApi} api
 * @property {import('./pool.js').CryptoPool} pool
 * @property {import('./retry.js').Persistence} network
 * @property {import('./direct.js').Way} way of the parts
 * @property {string} id
 * @property {Uint8Array} claim
 * @property {import('./format/cobblestone.js').Cipher} cipher
 * @property {number} padded plaintext bytes of the stream
 * @property {(bytes: number) => void} onBytes told of stored bytes as they arrive; negative when some must come again
 */

/**
 * How much of a part.
 * @typedef {object} Span
 * @property {number} length bytes that there should be
 * @property {number} [first] how many to ask for; all when left out
 * @property {(bytes: number) => void} [onBytes]
 */

/** The content stream behind one claim. */
export class Content {
  #options;
  #urls;

  /** @param {ContentOptions} options */
  constructor(options) {
    const { api, claim, id } = options;
    this.#options = options;
    this.#urls = new DownloadUrls((parts, signal) => api.downloadUrls(id, parts, claim, { signal }));
  }

  /**
   * The plaintext from `start` up to and without `end`, where `toEnd` reads on and checks everything
   * behind `end` up to the final chunk.
   *
   * A file in the middle needs the header and the parts that it lies in, and no more: the manifest
   * is authenticated and says where the file lies and how long the stream is, and each chunk's nonce
   * is its place in the stream, so that a chunk that opens is the chunk that was sealed there. What
   * the server withholds behind it would not be in the file. Whoever takes everything also gets the
   * proof that the stream ends where it should.
   * @param {number} start
   * @param {number} end
   * @param {boolean} toEnd
   * @returns {AsyncGenerator<Uint8Array<ArrayBuffer>, void, void>}
   * @throws {import('./format/errors.js').FormatError} after a true prefix: `wrong_key`, `corrupted`, `incomplete`
   */
  async* between(start, end, toEnd) {
    const { padded } = this.#options;
    const first = partOf(start);
    const last = toEnd ? partCount(padded) : partOf(Math.max(start, end - 1)) + 1;
    if (first > 0) await this.#checkHeader();
    let part = first;
    for await (const plain of inOrder(first, last, AHEAD, (n) => this.#part(n, last))) {
      const offset = partRange(padded, part++).start;
      const wanted = plain.subarray(Math.max(0, start - offset), Math.max(0, end - offset));
      if (wanted.length > 0) yield wanted;
    }
  }

  /**
   * Fetches and opens one part.
   * @param {number} part
   * @param {number} end the part behind the last that is wanted
   */
  async #part(part, end) {
    const { cipher, padded, pool } = this.#options;
    const sealed = await this.#fetch(part, { length: partSealedSize(padded, part) }, end);
    return pool.open({ cipher, padded, part, sealed });
  }

  /** Part 0 has the salt and the commitment; a reader that begins behind it asks for these alone. */
  async #checkHeader() {
    checkHeader(this.#options.cipher, await this.#fetch(0, { length: HEADER, first: HEADER }, 1));
  }

  /**
   * @param {number} part
   * @param {Span} span
   * @param {number} end the part behind the last that is wanted
   */
  async #fetch(part, span, end) {
    const { api, claim, id, network, way } = this.#options;
    const straight = (/** @type {AbortSignal} */ signal) => this.#counted(span, async (counting) => (
      api.storage.get(await this.#urls.of(part, end, signal), counting, signal)));
    const through = (/** @type {AbortSignal} */ signal) => this.#counted(span, (counting) => api.part(id, part, claim, { ...counting, signal }));
    try {
      return await way.carry(network, straight, through);
    } catch (error) {
      // The claim holds: a part that is not there was withheld.
      if (error instanceof ApiError && error.status === 404) throw fault('incomplete');
      throw error;
    }
  }

  /**
   * One try. Bytes of a try that failed do not count.
   * @param {Span} span
   * @param {(counting: Span) => Promise<Uint8Array<ArrayBuffer>>} ask
   */
  async #counted(span, ask) {
    const { network, onBytes } = this.#options;
    let counted = 0;
    const count = (/** @type {number} */ bytes) => {
      counted += bytes;
      network.arriving();
      onBytes(bytes);
    };
    try {
      return await ask({ ...span, onBytes: count });
    } catch (error) {
      onBytes(-counted);
      throw error;
    }
  }
}

/**
 * Which part holds this offset of the plaintext.
 * @param {number} offset
 */
function partOf(offset) {
  return partCount(offset) - 1;
}
