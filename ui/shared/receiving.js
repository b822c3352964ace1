// Receiving: from a link to files.

import { Progress, streamOf } from './arriving.js';
import { Content } from './content.js';
import { Way } from './direct.js';
import { ApiError } from './errors.js';
import { concat, fromB64u, randomBytes, toB64u } from './format/bytes.js';
import { cipher } from './format/cobblestone.js';
import { bound, linkKeys, readKeys } from './format/keys.js';
import { MAX_SEALED_MANIFEST, openManifest } from './format/manifest.js';
import { savingNames } from './format/names.js';
import { sealedSize } from './format/sizes.js';
import { FIRST_CONTACT, Persistence, TRANSFER } from './retry.js';
import { zipSize, zipStream } from './zip.js';

/** Where a tab keeps the link, so that a reload can go on. */
const LINK = 'sgraph-send.link';

/**
 * @typedef {import('./format/manifest.js').Manifest} Manifest
 * @typedef {import('./format/keys.js').ReadKeys} ReadKeys
 * @typedef {import('./retry.js').Patience} Patience
 * @typedef {{getItem(key: string): string | null, setItem(key: string, value: string): void, removeItem(key: string): void}} Store
 *   as `sessionStorage`
 */

/**
 * A file, or the ZIP of all of them, on its way.
 * @typedef {object} Arriving
 * @property {string} name as it may be written to a disk
 * @property {string} type
 * @property {number} size bytes
 * @property {ReadableStream<Uint8Array<ArrayBuffer>>} stream errors with a FormatError or an ApiError, after a true prefix
 */

/**
 * A download that was taken, and the way of its parts.
 * @typedef {{claim: Uint8Array<ArrayBuffer>, way: Way}} Claimed
 */

/**
 * @typedef {object} ReceivingOptions
 * @property {import('./api.js').SendApi} api
 * @property {import('./format/link.js').Link} link
 * @property {import('./pool.js').CryptoPool} pool
 * @property {Store} store keeps the link and the claim for this tab, so that a reload goes on
 * @property {Patience} [patience] while bytes are on their way
 */

/**
 * One download. Tells of itself by `progress` events (`CustomEvent`) whose detail is
 * `{received, total, waiting}`: bytes of the wanted files that have arrived, bytes in all, and what is waited
 * for: `network`, `server` or null (it goes on by itself).
 *
 * `state`, then `unlock`, consume nothing. The first byte that is read from a stream of `file` or `all`
 * takes one download, once for all streams, reloads and retries; `open` takes it before that. Call
 * `finish` once everything is saved: until then the same download can be tried again.
 */
export class Receiving extends EventTarget {
  #options;
  #keys;
  #control = new AbortController();
  /** @type {{manifest: Manifest, token: Uint8Array<ArrayBuffer>, cipher: import('./format/cobblestone.js').Cipher} | null} */
  #unlocked = null;
  /** @type {Promise<Claimed> | null} */
  #claimed = null;

  /** @param {ReceivingOptions} options */
  constructor(options) {
    super();
    this.#options = options;
    this.#keys = linkKeys(options.link.secret);
    options.store.setItem(LINK, options.link.text);
  }

  /**
   * The link that this tab was receiving before a reload.
   * @param {Store} store
   */
  static keptLink(store) {
    return store.getItem(LINK);
  }

  /** Whether the link alone does not open the transfer. */
  get needsPassphrase() {
    return this.#options.link.needsPassphrase;
  }

  /** Whether this tab has taken its download: going on does not count again. */
  async begun() {
    return this.#options.store.getItem(await this.#claimKey()) !== null;
  }

  /**
   * Where the transfer stands. Consumes nothing.
   * @returns {Promise<import('./api.js').SendState>}
   * @throws {ApiError}
   */
  async state() {
    const { id, linkToken } = await this.#keys;
    return this.#asked((signal) => this.#options.api.state(id, linkToken, { signal }));
  }

  /**
   * Fetches, opens and checks the manifest. Consumes nothing.
   * @param {string} [passphrase] when the link needs one
   * @returns {Promise<Manifest>}
   * @throws {ApiError} `wrong_passphrase`, `too_many_guesses`, or why the transfer is gone
   * @throws {import('./format/errors.js').FormatError}
   */
  async unlock(passphrase) {
    const { id, idBytes, linkToken } = await this.#keys;
    const { api, link } = this.#options;
    const keys = await readKeys(link.secret, idBytes, this.needsPassphrase ? passphrase ?? '' : undefined);
    const token = concat(linkToken, keys.readToken);
    const sealed = await this.#asked((signal) => api.manifest(id, token, MAX_SEALED_MANIFEST, { signal }));
    const manifest = await openManifest(keys.manifest, bound('/manifest', idBytes), sealed);
    this.#unlocked = { manifest, token, cipher: await cipher(keys.content, bound('/content', idBytes), manifest.salt) };
    return manifest;
  }

  /**
   * Takes one download, or goes on with the one that this tab took before.
   * @throws {ApiError} when none is left
   */
  async open() {
    await this.#opened();
  }

  /**
   * One file.
   * @param {number} index in the manifest
   * @returns {Arriving}
   */
  file(index) {
    const { files } = this.#ready().manifest;
    const { offset, size, type } = files[index];
    const name = savingNames(files.map((file) => file.name))[index].split('/').at(-1) ?? '';
    const bytes = this.#between(offset, offset + size, files.length === 1);
    return { name, type, size, stream: streamOf(bytes) };
  }

  /**
   * All files: the one there is, or a ZIP.
   * @returns {Arriving}
   */
  all() {
    const { files, size } = this.#ready().manifest;
    if (files.length === 1) return this.file(0);
    const names = savingNames(files.map((file) => file.name));
    const entries = files.map((file, i) => ({ name: names[i], size: file.size, modified: file.modified }));
    const bytes = this.#between(0, size, true);
    const stream = zipStream(entries, bytes.content);
    return { name: 'files.zip', type: 'application/zip', size: zipSize(entries), stream: streamOf({ ...bytes, content: stream.values() }) };
  }

  /** Stops everything that is on its way. The download is not lost: it can go on. */
  cancel() {
    this.#control.abort(new DOMException('Receiving was stopped.', 'AbortError'));
    this.#control = new AbortController();
  }

  /**
   * Ends the download: everything is saved, or wanted no more. What the tab kept is forgotten. That the
   * server cannot be told is no error, since a claim lapses by itself.
   */
  async finish() {
    const claim = kept(this.#options.store, await this.#claimKey());
    const { id } = await this.#keys;
    if (claim) await this.#asked((signal) => this.#options.api.finishClaim(id, claim, { signal })).catch(() => {});
    await this.forget();
  }

  /** Forgets what the tab kept, without ending the download. */
  async forget() {
    this.#claimed = null;
    this.#options.store.removeItem(LINK);
    this.#options.store.removeItem(await this.#claimKey());
  }

  /** The claim, asked for once for all streams of this page. */
  async #opened() {
    this.#claimed ??= this.#claim();
    try {
      return await this.#claimed;
    } catch (error) {
      this.#claimed = null;
      throw error;
    }
  }

  /**
   * The claim is kept before the server hears of it, so that a lost answer costs no second download.
   * @returns {Promise<Claimed>}
   */
  async #claim() {
    const { api, store } = this.#options;
    const { token } = this.#ready();
    const { id } = await this.#keys;
    const key = await this.#claimKey();
    const claim = kept(store, key) ?? randomBytes(32);
    store.setItem(key, toB64u(claim));
    try {
      const { transport } = await this.#network(this.#control.signal).run((signal) => api.claim(id, token, claim, { signal }));
      return { claim, way: new Way(transport) };
    } catch (error) {
      // Refused for good: a later try must not bring the same claim again.
      if (error instanceof ApiError && error.status === 410) store.removeItem(key);
      throw error;
    }
  }

  async #claimKey() {
    return `sgraph-send.claim.${(await this.#keys).id}`;
  }

  /**
   * Part of the content stream, and what ends its requests.
   * @param {number} start
   * @param {number} end
   * @param {boolean} toEnd
   */
  #between(start, end, toEnd) {
    const stop = new AbortController();
    const content = this.#bytes(start, end, toEnd, AbortSignal.any([stop.signal, this.#control.signal]));
    return { content, stop };
  }

  /**
   * @param {number} start
   * @param {number} end
   * @param {boolean} toEnd
   * @param {AbortSignal} signal
   * @returns {AsyncGenerator<Uint8Array<ArrayBuffer>, void, void>}
   */
  async* #bytes(start, end, toEnd, signal) {
    const claimed = await this.#opened();
    const { manifest: { padded }, cipher } = this.#ready();
    const { id } = await this.#keys;
    const progress = new Progress(end - start, sealedSize(end - start), (detail) => this.#tell(detail));
    const network = this.#network(signal, () => progress.wait(network.waiting));
    const onBytes = (/** @type {number} */ bytes) => progress.add(bytes);
    const content = new Content({ ...this.#options, ...claimed, network, id, cipher, padded, onBytes });
    if (end > start || toEnd) yield* content.between(start, end, toEnd);
    progress.end();
  }

  /** @param {object} detail */
  #tell(detail) {
    this.dispatchEvent(new CustomEvent('progress', { detail }));
  }

  #ready() {
    if (!this.#unlocked) throw new Error('unlock comes before a download');
    return this.#unlocked;
  }

  /**
   * @param {AbortSignal} signal
   * @param {() => void} [onChange]
   */
  #network(signal, onChange) {
    return new Persistence({ patience: this.#options.patience ?? TRANSFER, signal, onChange });
  }

  /**
   * While a person waits: few tries.
   * @template T
   * @param {(signal: AbortSignal) => Promise<T>} attempt
   */
  #asked(attempt) {
    return new Persistence({ patience: FIRST_CONTACT, signal: this.#control.signal }).run(attempt);
  }
}

/**
 * @param {Store} store
 * @param {string} key
 */
function kept(store, key) {
  const text = store.getItem(key);
  return text === null ? null : fromB64u(text);
}
