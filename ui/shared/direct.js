// How a part travels: straight between here and the storage where the server says so, else through the
// server, which always takes it.

import { ApiError } from './errors.js';
import { signedFor, StorageError } from './storage.js';

/** Tries by signed URLs, each a fresh one, before a part goes through the server. */
const TRIES = 2;
/** Rounds of such parts, without one that went straight in between, after which all others go through the server too. */
const DETOURS = 2;
/** Parts whose URLs are asked for at once: few, since what is deleted meanwhile can be read by them. */
const AHEAD = 8;

/** The way of the parts of one transfer. */
export class Way {
  #straight;
  /** Rounds of parts for which the server had to do, since the last that went straight. */
  #detours = 0;

  /** @param {string} transport as the server answered: `direct`, or `service` */
  constructor(transport) {
    this.#straight = transport === 'direct';
  }

  /**
   * Brings one part across. That the storage fails says nothing yet: it, or the network, may be away. Only when the
   * server can do what the storage did not is the way to the storage closed, by a firewall or by a bucket without CORS rules.
   * @template T
   * @param {import('./retry.js').Persistence} network
   * @param {(signal: AbortSignal) => Promise<T>} straight one try by a signed URL
   * @param {(signal: AbortSignal) => Promise<T>} through one try through the server
   * @returns {Promise<T>}
   * @throws {ApiError} as the server refuses
   */
  carry(network, straight, through) {
    let failures = 0;
    return network.run(async (signal) => {
      if (!this.#straight) return through(signal);
      const round = this.#detours;
      try {
        const result = await straight(signal);
        this.#detours = 0;
        return result;
      } catch (error) {
        if (signsNone(error)) this.#straight = false;
        else if (!(error instanceof StorageError) || ++failures < (round > 0 ? 1 : TRIES)) throw error;
      }
      const result = await through(signal);
      // Parts that met the same obstacle side by side are one round: it may be gone for the next.
      if (this.#detours === round) this.#detours++;
      if (this.#detours >= DETOURS) this.#straight = false;
      return result;
    });
  }
}

/**
 * Whether a server that was asked for URLs says that there are none.
 * @param {unknown} error
 */
function signsNone(error) {
  return error instanceof ApiError && error.status === 400;
}

/** The URLs of the next parts of a download: asked for a few at a time, each given out once. */
export class DownloadUrls {
  #ask;
  /** @type {Map<number, Promise<import('./storage.js').SignedUrls>>} by part */
  #kept = new Map();

  /** @param {(parts: number[], signal: AbortSignal) => Promise<import('./storage.js').SignedUrls>} ask */
  constructor(ask) {
    this.#ask = ask;
  }

  /**
   * A URL for a part. A second one is a fresh one.
   * @param {number} part
   * @param {number} end the part behind the last that will be wanted
   * @param {AbortSignal} signal
   * @returns {Promise<import('./storage.js').Signed>}
   * @throws {ApiError} why the server gives none
   */
  async of(part, end, signal) {
    const before = this.#kept.get(part);
    this.#kept.delete(part);
    // If asking together with another part failed, that part tells why, when it is asked for again.
    const kept = before && await before.catch(() => null);
    return signedFor(part, kept && Date.now() < kept.until ? kept : await this.#batch(part, end, signal));
  }

  /**
   * Asks for a part, and for those behind it that nobody asked for yet.
   * @param {number} part
   * @param {number} end
   * @param {AbortSignal} signal
   */
  #batch(part, end, signal) {
    const parts = [part];
    for (let next = part + 1; next < Math.min(end, part + AHEAD); next++) if (!this.#kept.has(next)) parts.push(next);
    const asked = this.#ask(parts, signal);
    for (const next of parts.slice(1)) this.#kept.set(next, asked);
    return asked;
  }
}
