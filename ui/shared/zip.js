// Several files as one ZIP, written while they arrive: stored without compression, ZIP64 where needed.

import { makeZip, predictLength } from './vendor/client-zip/index.js';

/** The first and the last date that a ZIP can hold, in milliseconds since 1970. */
const EARLIEST = Date.UTC(1980, 0, 2);
const LATEST = Date.UTC(2107, 11, 30);

/**
 * @typedef {object} ZipEntry
 * @property {string} name
 * @property {number} size bytes
 * @property {number} [modified] milliseconds since 1970
 */

/**
 * The bytes of the ZIP that `zipStream` makes of these.
 * @param {ZipEntry[]} entries
 */
export function zipSize(entries) {
  return Number(predictLength(entries.map(({ name, size }) => ({ name, size }))));
}

/**
 * A ZIP of the entries, whose contents follow each other in `content`. The list of contents at the
 * ZIP's end is written only after `content` has ended well, so that a broken one is no valid ZIP.
 * @param {ZipEntry[]} entries
 * @param {AsyncGenerator<Uint8Array<ArrayBuffer>, void, void>} content
 * @returns {ReadableStream<Uint8Array<ArrayBuffer>>}
 */
export function zipStream(entries, content) {
  const zip = makeZip(inputs(entries, new Cutter(content)), { metadata: entries });
  return /** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (zip);
}

/**
 * @param {ZipEntry[]} entries
 * @param {Cutter} cutter
 */
async function* inputs(entries, cutter) {
  for (const { name, size, modified = Date.now() } of entries) {
    const lastModified = new Date(Math.min(LATEST, Math.max(EARLIEST, modified)));
    // An empty stream has no bytes to wait for; the library takes an empty array as an empty file.
    yield { name, size, lastModified, input: size === 0 ? new Uint8Array(0) : cutter.next(size) };
  }
  await cutter.end();
}

/** Cuts a sequence of bytes at the borders of files. */
class Cutter {
  #content;
  #rest = new Uint8Array(0);

  /** @param {AsyncGenerator<Uint8Array<ArrayBuffer>, void, void>} content */
  constructor(content) {
    this.#content = content;
  }

  /**
   * The next `length` bytes.
   * @param {number} length
   */
  async* next(length) {
    for (let missing = length; missing > 0;) {
      if (this.#rest.length === 0) await this.#more();
      const piece = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(piece.length);
      missing -= piece.length;
      yield piece;
    }
  }

  /** Reads on to where the content ends, so that its end is checked. */
  async end() {
    while (!(await this.#content.next()).done);
  }

  async #more() {
    const { done, value } = await this.#content.next();
    if (done) throw new RangeError('the content is shorter than its files');
    this.#rest = value;
  }
}
