// The routes of the admin service, one method each. Answers are given as the server spells them. The admin's session is a cookie that
// only the browser sees.

import { ApiError } from '../shared/errors.js';
import { Http, jsonBody } from '../shared/http.js';

/** Where an exported page goes on, in a header. */
const NEXT = 'x-send-next';
/** An exported page holds at most 1,000 entries, of a few kilobytes each. */
const MAX_EXPORT = 16 * 1024 * 1024;

/**
 * @typedef {import('./wire.js').Session} Session
 * @typedef {import('./wire.js').Token} Token
 * @typedef {import('./wire.js').NewToken} NewToken
 * @typedef {import('./wire.js').Limits} Limits
 * @typedef {import('./wire.js').TransferPage} TransferPage
 * @typedef {import('./wire.js').Transfer} Transfer
 * @typedef {import('./wire.js').ReportPage} ReportPage
 * @typedef {import('./wire.js').Usage} Usage
 * @typedef {import('./wire.js').Pulse} Pulse
 * @typedef {import('./wire.js').AuditPage} AuditPage
 * @typedef {import('./wire.js').Verdict} Verdict
 * @typedef {import('./wire.js').Sweep} Sweep
 * @typedef {import('./wire.js').SweepRun} SweepRun
 * @typedef {import('./wire.js').Settings} Settings
 * @typedef {Record<string, string | number | boolean | null | undefined>} Query what is empty is left out
 * @typedef {{signal?: AbortSignal}} Options
 * @typedef {{before?: string, limit?: number, state?: string, min_size?: number, max_size?: number, token?: string, reported?: string}} TransferFilter
 */

/** The key was right, but the browser did not keep the session. */
export class SessionNotKept extends Error {}

/** A client of one admin service. */
export class AdminApi {
  #base;
  #http;
  #admit;

  /**
   * @param {object} options
   * @param {string} options.base the service's origin
   * @param {typeof globalThis.fetch} [options.fetch] how to ask; the host's own unless given
   * @param {(asked: number) => Promise<unknown>} [options.admit] asked when a request is not let in that was made at this time of
   *   `performance.now()`; once it is done, the request is made again. Without it the refusal is the caller's.
   */
  constructor({ base, fetch = (...request) => globalThis.fetch(...request), admit }) {
    this.#base = base;
    // Unlike the clients of transfers, this one is somebody: the session goes along, to this origin alone.
    this.#http = new Http((url, init) => fetch(url, { ...init, credentials: 'same-origin' }));
    this.#admit = admit;
  }

  /**
   * Exchanges the admin key for a session, and looks whether the browser keeps it: over plain HTTP some do not.
   * @param {string} key
   * @returns {Promise<Session>}
   * @throws {ApiError} `unauthorized` for a wrong key
   * @throws {SessionNotKept}
   */
  async signIn(key) {
    const body = await jsonBody({ cookie_value: key });
    await this.#http.json('POST', this.#url('/auth/set-auth-cookie'), { body, type: 'application/json' });
    try {
      return await this.#http.json('GET', this.#url('/auth/session'), {});
    } catch (error) {
      throw isLockedOut(error) ? new SessionNotKept() : error;
    }
  }

  /** @returns {Promise<Session>} */
  session() {
    return this.#get('/auth/session');
  }

  /** Ends the session, wherever it is used. Signed out already is as good. */
  async signOut() {
    try {
      await this.#http.bytes('DELETE', this.#url('/auth/session'), {}, 0);
    } catch (error) {
      if (!isLockedOut(error)) throw error;
    }
  }

  /**
   * @param {{after?: string, limit?: number} & Options} [page]
   * @returns {Promise<{tokens: Token[], next: string | null}>}
   */
  tokens({ signal, ...page } = {}) {
    return this.#get('/tokens/list-details', page, signal);
  }

  /** @param {string} name @param {Options} [options] @returns {Promise<Token>} */
  token(name, { signal } = {}) {
    return this.#get(`/tokens/lookup/${encodeURIComponent(name)}`, {}, signal);
  }

  /** @param {NewToken} token @returns {Promise<{cache_id: string, token_name: string, secret?: string}>} */
  createToken(token) {
    return this.#send('POST', '/tokens/create', token);
  }

  /** @param {string} name @returns {Promise<{status: string, token_name: string}>} */
  revokeToken(name) {
    return this.#send('POST', `/tokens/revoke/${encodeURIComponent(name)}`, {});
  }

  /** @param {string} name @returns {Promise<Token>} */
  reactivateToken(name) {
    return this.#send('POST', `/tokens/reactivate/${encodeURIComponent(name)}`, {});
  }

  /** @param {string} name @param {Limits} limits @returns {Promise<Token>} */
  changeLimits(name, limits) {
    return this.#send('POST', `/tokens/update-limit/${encodeURIComponent(name)}`, limits);
  }

  /** @param {TransferFilter & Options} [filter] @returns {Promise<TransferPage>} */
  transfers({ signal, ...filter } = {}) {
    return this.#get('/transfers', filter, signal);
  }

  /** @param {string} id @param {Options} [options] @returns {Promise<Transfer>} */
  transfer(id, { signal } = {}) {
    return this.#get(`/transfers/${encodeURIComponent(id)}`, {}, signal);
  }

  /** @param {string} id @param {string} reason @returns {Promise<Transfer>} */
  takeDown(id, reason) {
    return this.#send('POST', `/transfers/${encodeURIComponent(id)}/takedown`, { reason });
  }

  /** @param {string} id @param {number} seconds from now @returns {Promise<Transfer>} */
  extend(id, seconds) {
    return this.#send('PATCH', `/transfers/${encodeURIComponent(id)}`, { expires_in: seconds });
  }

  /** @param {string} id */
  async deleteTransfer(id) {
    await this.#let(() => this.#http.bytes('DELETE', this.#url(`/transfers/${encodeURIComponent(id)}`), {}, 0));
  }

  /** @param {{after?: string, limit?: number} & Options} [page] @returns {Promise<ReportPage>} */
  reports({ signal, ...page } = {}) {
    return this.#get('/reports', page, signal);
  }

  /** @param {string} id of the transfer @returns {Promise<{dismissed: number}>} */
  dismiss(id) {
    return this.#send('POST', `/reports/${encodeURIComponent(id)}/dismiss`, {});
  }

  /** @param {number} days @param {Options} [options] @returns {Promise<Usage>} */
  usage(days, { signal } = {}) {
    return this.#get('/usage', { days }, signal);
  }

  /** @param {number} minutes @param {Options} [options] @returns {Promise<Pulse>} */
  pulse(minutes, { signal } = {}) {
    return this.#get('/health/pulse', { window_minutes: minutes }, signal);
  }

  /** @param {{before?: number, limit?: number} & Options} [page] @returns {Promise<AuditPage>} */
  audit({ signal, ...page } = {}) {
    return this.#get('/audit', page, signal);
  }

  /** @param {number} from the number of an entry @returns {Promise<Verdict>} */
  verifyAudit(from) {
    return this.#get('/audit/verify', { from });
  }

  /**
   * Entries from a number on, oldest first, one JSON value a line. A page may hold none and still not be the last.
   * @param {number} since
   * @returns {Promise<{lines: Uint8Array<ArrayBuffer>, next: number | null}>} `next`: where the next page begins
   */
  async exportAudit(since) {
    const { headers, bytes } = await this.#let(() => this.#http.answer('GET', this.#url('/audit/export', { since }), {}, MAX_EXPORT));
    const next = headers.get(NEXT);
    return { lines: bytes, next: next === null ? null : Number(next) };
  }

  /** @returns {Promise<Sweep>} */
  sweep() {
    return this.#send('POST', '/sweep', {});
  }

  /** @param {Options} [options] @returns {Promise<{runs: SweepRun[]}>} */
  sweeps({ signal } = {}) {
    return this.#get('/sweep', {}, signal);
  }

  /** @param {Options} [options] @returns {Promise<Settings>} */
  settings({ signal } = {}) {
    return this.#get('/settings', {}, signal);
  }

  /**
   * @param {string} path
   * @param {Query} [query]
   * @param {AbortSignal} [signal]
   * @returns {Promise<any>}
   */
  #get(path, query, signal) {
    return this.#let(() => this.#http.json('GET', this.#url(path, query), { signal }));
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} value
   * @returns {Promise<any>}
   */
  async #send(method, path, value) {
    const body = await jsonBody(value);
    return this.#let(() => this.#http.json(method, this.#url(path), { body, type: 'application/json' }));
  }

  /**
   * Asks; and where the session is over, once more after the admin has signed in again.
   * @template T
   * @param {() => Promise<T>} ask
   * @returns {Promise<T>}
   */
  async #let(ask) {
    for (;;) {
      const asked = performance.now();
      try {
        return await ask();
      } catch (error) {
        if (!this.#admit || !isLockedOut(error)) throw error;
        await this.#admit(asked);
      }
    }
  }

  /**
   * @param {string} path
   * @param {Query} [query]
   */
  #url(path, query = {}) {
    const url = new URL(path, this.#base);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined && value !== null && value !== '' && value !== false) url.searchParams.set(name, String(value));
    }
    return url;
  }
}

/** @param {unknown} error */
const isLockedOut = (error) => error instanceof ApiError && error.kind === 'unauthorized';
