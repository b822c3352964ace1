// The routes of `/api/v1/sends`, one method each. Tokens travel in a header, never in an address.

import { toB64u } from './format/bytes.js';
import { Http, bytesBody, jsonBody } from './http.js';
import { signedFor, signedUrls, Storage } from './storage.js';

/**
 * @typedef {import('./http.js').Body} Body
 * @typedef {import('./storage.js').SignedUrls} SignedUrls
 * @typedef {{signal?: AbortSignal}} Options
 */

/**
 * @typedef {object} NewSend
 * @property {string} id
 * @property {string} linkVerifier hexadecimal, as the others
 * @property {string} readVerifier
 * @property {string} ownerVerifier
 * @property {number} size stored bytes of the content stream
 * @property {number} downloads the limit, 0 for none
 * @property {number} [expiresIn] seconds; the server's own choice when left out
 * @property {boolean} wipe whether the payload goes with the last download
 */

/**
 * @typedef {object} SendState
 * @property {string} state
 * @property {number} size stored bytes of the content stream
 * @property {number} createdAt milliseconds since 1970
 * @property {number} expiresAt milliseconds since 1970
 * @property {number} downloads the limit, 0 for none
 * @property {number | null} downloadsLeft null without a limit
 */

/**
 * As the server spells it.
 * @typedef {object} Info
 * @property {string} name
 * @property {string} version
 * @property {'open' | 'token'} uploads whether sending needs an access token
 * @property {{max_transfer_bytes: number, max_age_s: number, default_age_s: number, max_downloads: number}} limits
 * @property {string} [public_url] the origin of the links that are shown, where it is set
 */

/** A client of one server. Every method asks once; whoever calls decides whether to ask again. */
export class SendApi {
  #http;

  /**
   * @param {object} options
   * @param {string} options.base the server's origin
   * @param {typeof globalThis.fetch} [options.fetch] how to ask; the host's own unless given
   */
  constructor({ base, fetch = (...request) => globalThis.fetch(...request) }) {
    this.base = base;
    this.#http = new Http(fetch);
    /** The storage behind the server, for whoever has a URL that it signed. */
    this.storage = new Storage(this.#http);
  }

  /**
   * What the server is, and what it allows.
   * @param {Options} [options]
   * @returns {Promise<Info>}
   */
  info({ signal } = {}) {
    return this.#http.json('GET', new URL('/api/info', this.base), { signal });
  }

  /**
   * Registers a transfer. The same again is answered the same.
   * @param {NewSend} send
   * @param {Options & {accessToken?: string}} [options]
   * @returns {Promise<{partSize: number, partCount: number, expiresAt: number, transport: string}>}
   */
  async create(send, { accessToken, signal } = {}) {
    const body = await jsonBody({
      id: send.id, link_verifier: send.linkVerifier, read_verifier: send.readVerifier, owner_verifier: send.ownerVerifier,
      size: send.size, downloads: send.downloads, expires_in: send.expiresIn, wipe: send.wipe,
    });
    const answer = await this.#http.json('POST', this.#url(), { body, type: 'application/json', accessToken, signal });
    return { partSize: answer.part_size, partCount: answer.part_count, expiresAt: answer.expires_at, transport: answer.transport };
  }

  /**
   * Stores the sealed manifest. It may be replaced until the transfer is complete.
   * @param {string} id
   * @param {Uint8Array} ownerToken
   * @param {Uint8Array<ArrayBuffer>} sealed
   * @param {Options} [options]
   */
  async putManifest(id, ownerToken, sealed, { signal } = {}) {
    const body = await bytesBody(sealed);
    await this.#http.json('PUT', this.#url(id, 'manifest'), { token: toB64u(ownerToken), body, signal });
  }

  /**
   * Stores a part. The same bytes again are answered the same.
   * @param {string} id
   * @param {number} part from 0
   * @param {Uint8Array} ownerToken
   * @param {Body} body
   * @param {Options} [options]
   */
  async putPart(id, part, ownerToken, body, { signal } = {}) {
    await this.#http.json('PUT', this.#url(id, 'parts', part), { token: toB64u(ownerToken), body, signal });
  }

  /**
   * A URL by which one part goes straight to the storage: for bytes of this digest, if nothing is there yet.
   * @param {string} id
   * @param {number} part from 0
   * @param {Uint8Array} ownerToken
   * @param {string} sha256 hexadecimal
   * @param {Options} [options]
   * @returns {Promise<import('./storage.js').Signed>}
   */
  async uploadUrl(id, part, ownerToken, sha256, { signal } = {}) {
    return signedFor(part, await this.#partUrls(id, ownerToken, [{ part, sha256 }], signal));
  }

  /**
   * URLs by which parts come straight from the storage.
   * @param {string} id
   * @param {number[]} parts at most 100
   * @param {Uint8Array} claim
   * @param {Options} [options]
   * @returns {Promise<SignedUrls>}
   */
  downloadUrls(id, parts, claim, { signal } = {}) {
    return this.#partUrls(id, claim, parts, signal);
  }

  /**
   * One page of the parts that have arrived, in ascending order.
   * @param {string} id
   * @param {Uint8Array} ownerToken
   * @param {Options & {after?: number}} [options] `after`: the last part of the page before
   * @returns {Promise<{parts: number[], more: boolean}>}
   */
  async receivedParts(id, ownerToken, { after, signal } = {}) {
    const url = this.#url(id, 'parts');
    if (after !== undefined) url.searchParams.set('after', String(after));
    const answer = await this.#http.json('GET', url, { token: toB64u(ownerToken), signal });
    return { parts: answer.received.map((/** @type {{part: number}} */ { part }) => part), more: answer.more };
  }

  /**
   * Completes a transfer: from here on it can be downloaded, and no longer changed. Again is no error.
   * @param {string} id
   * @param {Uint8Array} ownerToken
   * @param {Options} [options]
   * @returns {Promise<SendState>}
   */
  async complete(id, ownerToken, { signal } = {}) {
    const body = await bytesBody(new Uint8Array(0));
    return stateOf(await this.#http.json('POST', this.#url(id, 'complete'), { token: toB64u(ownerToken), body, signal }));
  }

  /**
   * Where a transfer stands. Consumes nothing.
   * @param {string} id
   * @param {Uint8Array} token link, reader's or owner's
   * @param {Options} [options]
   * @returns {Promise<SendState>}
   */
  async state(id, token, { signal } = {}) {
    return stateOf(await this.#http.json('GET', this.#url(id), { token: toB64u(token), signal, reading: true }));
  }

  /**
   * The sealed manifest. Consumes nothing.
   * @param {string} id
   * @param {Uint8Array} readerToken 64 bytes
   * @param {number} limit bytes that a manifest may have
   * @param {Options} [options]
   */
  manifest(id, readerToken, limit, { signal } = {}) {
    return this.#http.bytes('GET', this.#url(id, 'manifest'), { token: toB64u(readerToken), signal, reading: true }, limit);
  }

  /**
   * Takes one download. The same claim again takes none.
   * @param {string} id
   * @param {Uint8Array} readerToken 64 bytes
   * @param {Uint8Array} claim 32 random bytes that the caller keeps before it asks
   * @param {Options} [options]
   * @returns {Promise<{expiresAt: number, partCount: number, size: number, transport: string}>}
   */
  async claim(id, readerToken, claim, { signal } = {}) {
    const body = await jsonBody({ claim: toB64u(claim) });
    const options = { token: toB64u(readerToken), body, type: 'application/json', signal, reading: true };
    const answer = await this.#http.json('POST', this.#url(id, 'claims'), options);
    return { expiresAt: answer.expires_at, partCount: answer.part_count, size: answer.size, transport: answer.transport };
  }

  /**
   * A part, or its first bytes.
   * @param {string} id
   * @param {number} part from 0
   * @param {Uint8Array} claim
   * @param {Options & {length: number, first?: number, onBytes?: (bytes: number) => void}} options
   *   `length`: bytes that the part should have; no more than one byte beyond is read.
   *   `first`: how many of them to ask for, all when left out
   */
  part(id, part, claim, { length, first, onBytes, signal }) {
    const range = first === undefined ? undefined : `bytes=0-${first - 1}`;
    return this.#http.bytes('GET', this.#url(id, 'parts', part), { token: toB64u(claim), range, signal }, length, onBytes);
  }

  /**
   * Tells the server that a claim has served.
   * @param {string} id
   * @param {Uint8Array} claim
   * @param {Options} [options]
   */
  async finishClaim(id, claim, { signal } = {}) {
    await this.#http.bytes('DELETE', this.#url(id, 'claim'), { token: toB64u(claim), signal }, 0);
  }

  /**
   * Deletes a transfer, complete or not, at once.
   * @param {string} id
   * @param {Uint8Array} ownerToken
   * @param {Options} [options]
   */
  async delete(id, ownerToken, { signal } = {}) {
    await this.#http.bytes('DELETE', this.#url(id), { token: toB64u(ownerToken), signal }, 0);
  }

  /**
   * @param {string} id
   * @param {Uint8Array} token
   * @param {unknown[]} parts
   * @param {AbortSignal} [signal]
   */
  async #partUrls(id, token, parts, signal) {
    const body = await jsonBody({ parts });
    const asked = Date.now();
    const options = { token: toB64u(token), body, type: 'application/json', signal };
    return signedUrls(await this.#http.json('POST', this.#url(id, 'part-urls'), options), asked);
  }

  /**
   * @param {...(string | number)} path below `/api/v1/sends`
   */
  #url(...path) {
    return new URL(['/api/v1/sends', ...path].join('/'), this.base);
  }
}

/** @param {any} answer @returns {SendState} */
function stateOf(answer) {
  return {
    state: answer.state,
    size: answer.size,
    createdAt: answer.created_at,
    expiresAt: answer.expires_at,
    downloads: answer.downloads,
    downloadsLeft: answer.downloads_left,
  };
}
