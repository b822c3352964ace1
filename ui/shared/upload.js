// One attempt to bring a draft to the server. What it sends under the draft's salt, it sends once and
// for ever: when it has ended, nothing of it runs any more.

import { Way } from './direct.js';
import { contentBetween, filesBetween, registration, sealedManifest } from './draft.js';
import { ApiError } from './errors.js';
import { FormatError } from './format/errors.js';
import { partCount, partRange } from './format/sizes.js';
import { inParallel } from './parallel.js';
import { Persistence } from './retry.js';

/** Parts under way at once: while one is sealed, others travel. */
const LANES = 4;
/** How often the parts that the server misses in the end are sent again. */
const ROUNDS = 2;

/**
 * @typedef {object} UploadOptions
 * @property {import('./api.js').SendApi} api
 * @property {import('./pool.js').CryptoPool} pool
 * @property {import('./journal.js').Journal | import('./journal.js').MemoryJournal} journal
 * @property {number} [expiresIn] seconds
 * @property {number} [downloads] the limit, 0 for none
 * @property {string} [accessToken]
 */

/**
 * What the server really stored, from its own answers.
 * @typedef {object} Facts
 * @property {number} storedSize bytes of the content stream, padded and sealed
 * @property {number} manifestSize bytes of the sealed list of files
 * @property {number} partCount
 * @property {number} partSize bytes
 * @property {number} createdAt milliseconds since 1970
 * @property {number} expiresAt milliseconds since 1970
 * @property {number} downloads the limit, 0 for none
 * @property {string} transport `service` or `direct`
 */

/** @typedef {import('./api.js').SendState} SendState */

export class Upload {
  #options;
  #draft;
  #control = new AbortController();
  #network;
  #onChange;
  #way = new Way('service');
  /** Bytes of the files that the server has. */
  sent = 0;

  /**
   * @param {UploadOptions} options
   * @param {import('./draft.js').Draft} draft
   * @param {import('./retry.js').Patience} patience
   * @param {() => void} onChange called when `sent` or `waiting` may have changed
   */
  constructor(options, draft, patience, onChange) {
    this.#options = options;
    this.#draft = draft;
    this.#onChange = onChange;
    this.#network = new Persistence({ patience, signal: this.#control.signal, onChange });
  }

  /** What everything under way waits for, null while something is not held up. */
  get waiting() {
    return this.#network.waiting;
  }

  /** @param {unknown} reason what `run` then fails with */
  stop(reason) {
    this.#control.abort(reason);
  }

  /**
   * Creates, sends the parts, seals the manifest, completes.
   * @param {boolean} resumed whether parts may have been sent before
   * @returns {Promise<Facts>}
   * @throws {import('./errors.js').ApiError} as the server refuses
   * @throws {FormatError} `content_changed`
   */
  async run(resumed) {
    const { api, accessToken, downloads = 0, expiresIn } = this.#options;
    const register = await registration(this.#draft, { downloads, expiresIn });
    const created = await this.#network.run((signal) => api.create(register, { accessToken, signal }));
    this.#way = new Way(created.transport);
    const arrived = resumed ? await this.#arrived() : new Set();
    const parts = Array.from({ length: partCount(this.#draft.manifest.padded) }, (_, part) => part);
    await this.#parts(parts, arrived);
    const manifest = await sealedManifest(this.#draft);
    const state = await this.#commit(manifest, resumed, parts);
    return {
      storedSize: state.size, manifestSize: manifest.length, createdAt: state.createdAt, expiresAt: state.expiresAt,
      downloads: state.downloads, partCount: created.partCount, partSize: created.partSize, transport: created.transport,
    };
  }

  /**
   * The parts that the server has from before a restart.
   * @returns {Promise<Set<number>>}
   */
  async #arrived() {
    const { api, journal } = this.#options;
    const { keys: { id }, ownerToken } = this.#draft;
    // Without the journal nobody knows what was sent under this salt.
    if (!(await journal.holds(id))) throw changed();
    /** @type {Set<number>} */
    const arrived = new Set();
    /** @type {number | undefined} */
    let after;
    for (let more = true; more;) {
      const page = await this.#network.run((signal) => api.receivedParts(id, ownerToken, { after, signal }));
      for (const part of page.parts) arrived.add(part);
      after = page.parts.at(-1);
      more = page.more && after !== undefined;
    }
    return arrived;
  }

  /**
   * @param {number[]} parts
   * @param {Set<number>} arrived those that the server has
   */
  #parts(parts, arrived) {
    return inParallel(parts.length, LANES, (i) => this.#part(parts[i], arrived.has(parts[i])), (error) => this.stop(error));
  }

  /**
   * Reads, seals and sends one part. It is sent again from the bytes that were sealed, and only if
   * they are the ones that were written down before the first try. One that the server has is read too:
   * else a file that changed would arrive half old, half new.
   * @param {number} part
   * @param {boolean} arrived whether the server has it
   */
  async #part(part, arrived) {
    const { journal } = this.#options;
    const { keys: { id }, manifest } = this.#draft;
    const { start, end } = partRange(manifest.padded, part);
    const { sealed, sha256 } = await this.#seal(part, start, Math.min(end, manifest.size));
    this.#control.signal.throwIfAborted();
    const stands = arrived ? await journal.known(id, part) : await journal.record(id, part, sha256);
    if (stands !== sha256) throw changed();
    if (!arrived) {
      // A Blob's bytes lie outside of this page until the garbage collector finds the Blob, which weighs nothing
      // itself. The bytes that it was made of do, and are left to the collector too, so that it comes in time.
      await this.#send(part, { content: new Blob([sealed]), sha256 });
    }
    this.#count(part, 1);
  }

  /**
   * @param {number} part
   * @param {import('./http.js').Body} body
   */
  #send(part, body) {
    const { api } = this.#options;
    const { keys: { id }, ownerToken } = this.#draft;
    const straight = async (/** @type {AbortSignal} */ signal) => {
      const signed = await api.uploadUrl(id, part, ownerToken, body.sha256, { signal });
      await api.storage.put(signed, body.content, signal);
    };
    return this.#way.carry(this.#network, straight, (signal) => api.putPart(id, part, ownerToken, body, { signal }));
  }

  /**
   * @param {number} part
   * @param {1 | -1} sign whether its bytes are sent, or turned out not to be
   */
  #count(part, sign) {
    const { padded, size } = this.#draft.manifest;
    const { start, end } = partRange(padded, part);
    this.sent += sign * Math.max(0, Math.min(end, size) - start);
    this.#onChange();
  }

  /**
   * @param {number} part
   * @param {number} start of its bytes of the files
   * @param {number} end
   */
  async #seal(part, start, end) {
    const { cipher, manifest } = this.#draft;
    const content = contentBetween(this.#draft, start, end);
    try {
      return await this.#options.pool.seal({ cipher, padded: manifest.padded, part, content });
    } catch (error) {
      if (!(error instanceof FormatError) || error.kind !== 'content_changed') throw error;
      throw await changedFile(this.#draft, start, end);
    }
  }

  /**
   * The manifest, then the commit. A resumed upload may find that it was complete already.
   * @param {Uint8Array<ArrayBuffer>} manifest
   * @param {boolean} resumed
   * @param {number[]} parts
   * @returns {Promise<SendState>}
   */
  async #commit(manifest, resumed, parts) {
    const { api } = this.#options;
    const { keys: { id }, ownerToken } = this.#draft;
    const known = resumed ? await this.#network.run((signal) => api.state(id, ownerToken, { signal })) : null;
    if (known?.state === 'completed') return known;
    await this.#network.run((signal) => api.putManifest(id, ownerToken, manifest, { signal }));
    for (let round = 0; ; round++) {
      try {
        return await this.#network.run((signal) => api.complete(id, ownerToken, { signal }));
      } catch (error) {
        if (!(error instanceof ApiError) || error.kind !== 'conflict' || round === ROUNDS) throw error;
        await this.#again(parts, error);
      }
    }
  }

  /**
   * Sends the parts that the server misses although they were sent.
   * @param {number[]} parts
   * @param {ApiError} refusal thrown when that is not what is wrong
   */
  async #again(parts, refusal) {
    const arrived = await this.#arrived();
    const missing = parts.filter((part) => !arrived.has(part));
    if (missing.length === 0) throw refusal;
    for (const part of missing) this.#count(part, -1);
    await this.#parts(missing, arrived);
  }
}

function changed() {
  return new FormatError('content_changed', 'A file is not what it was when sending began.');
}

/**
 * Says which file cannot be read any more, where that can be found out.
 * @param {import('./draft.js').Draft} draft
 * @param {number} start
 * @param {number} end
 */
async function changedFile({ files, manifest }, start, end) {
  for (const i of filesBetween(manifest, start, end)) {
    const readable = await files[i].slice(0, 1).arrayBuffer().then(() => true, () => false);
    if (!readable) return new FormatError('content_changed', `${files[i].name} changed, or vanished, while it was being sent.`);
  }
  return new FormatError('content_changed', 'A file changed, or vanished, while it was being sent.');
}
