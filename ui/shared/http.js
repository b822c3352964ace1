// One request and its answer: sent without anything that identifies the person, watched for stalls,
// read up to a limit, and turned into an error with a kind when it is a refusal.

import { ApiError } from './errors.js';
import { sha256, toHex, utf8 } from './format/bytes.js';
import { release } from './format/memory.js';

/** Milliseconds without a byte after which an answer is given up, so that it is asked for again. */
const STALL = 30_000;
/** Milliseconds until a body must be sent and answered: a part of 4 MiB at 14 kB/s. */
const SENDING = 300_000;
/** An answer in JSON has at most so many bytes. */
const MAX_JSON = 4 * 1024 * 1024;

/**
 * @typedef {object} Body
 * @property {Blob} content
 * @property {string} sha256 of the content, hexadecimal
 */

/**
 * @typedef {object} RequestOptions
 * @property {string} [token] of `x-send-token`
 * @property {string} [accessToken] of `x-sgraph-access-token`
 * @property {Body} [body]
 * @property {string} [type] of the body
 * @property {string} [range] of the header `Range`
 * @property {AbortSignal} [signal]
 * @property {boolean} [reading] whether a conflict means that the transfer is not complete yet
 */

/**
 * A request by a URL that somebody signed: it carries these headers, and nothing that is ours.
 * @typedef {object} SignedOptions
 * @property {Readonly<Record<string, string>>} signed the headers that it must carry
 * @property {Blob} [content]
 * @property {string} [range] of the header `Range`
 * @property {AbortSignal} [signal]
 */

/**
 * A value as a JSON body.
 * @param {unknown} value
 * @returns {Promise<Body>}
 */
export async function jsonBody(value) {
  return bytesBody(utf8(JSON.stringify(value)));
}

/**
 * Bytes as a body. A Blob, because some browsers send those much faster than arrays.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Promise<Body>}
 */
export async function bytesBody(bytes) {
  return { content: new Blob([bytes]), sha256: toHex(await sha256(bytes)) };
}

/** Sends requests. */
export class Http {
  #fetch;

  /**
   * @param {typeof globalThis.fetch} fetch
   */
  constructor(fetch) {
    this.#fetch = fetch;
  }

  /**
   * The answer to a request as JSON.
   * @param {string} method
   * @param {URL} url
   * @param {RequestOptions} options
   * @returns {Promise<any>}
   * @throws {ApiError}
   */
  async json(method, url, options) {
    const bytes = await this.bytes(method, url, options, MAX_JSON);
    try {
      return JSON.parse(new TextDecoder().decode(bytes));
    } catch (cause) {
      throw new ApiError('server', 'The server sent an answer that cannot be read.', { cause });
    }
  }

  /**
   * The answer to a request as bytes. Reading ends one byte behind `limit`, so that a longer answer
   * is noticed and never held.
   * @param {string} method
   * @param {URL} url
   * @param {RequestOptions} options
   * @param {number} limit bytes
   * @param {(bytes: number) => void} [onBytes] told how many more have arrived
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   * @throws {ApiError}
   */
  async bytes(method, url, options, limit, onBytes) {
    return (await this.answer(method, url, options, limit, onBytes)).bytes;
  }

  /**
   * The same, with the headers that came along.
   * @param {string} method
   * @param {URL} url
   * @param {RequestOptions} options
   * @param {number} limit bytes
   * @param {(bytes: number) => void} [onBytes] told how many more have arrived
   * @returns {Promise<{headers: Headers, bytes: Uint8Array<ArrayBuffer>}>}
   * @throws {ApiError}
   */
  async answer(method, url, options, limit, onBytes) {
    const { response, bytes } = await this.#ask(url, request(method, options), options.signal, limit, onBytes);
    if (response.ok) return { headers: response.headers, bytes };
    throw refusal(response, bytes, options.reading ?? false);
  }

  /**
   * The answer to a signed request, whatever it is. Nobody is told of its URL, which is a secret while it lives.
   * @param {string} method
   * @param {string} url
   * @param {SignedOptions} options
   * @param {number} limit bytes
   * @param {(bytes: number) => void} [onBytes] told how many more have arrived
   * @returns {Promise<{status: number, bytes: Uint8Array<ArrayBuffer>}>}
   * @throws {ApiError} `network`
   */
  async signed(method, url, { signed, content, range, signal }, limit, onBytes) {
    const headers = range === undefined ? signed : { ...signed, range };
    // Told not to store an answer, a browser adds headers to the request, which the storage would keep beside the bytes.
    const cache = method === 'PUT' ? 'default' : 'no-store';
    const { response, bytes } = await this.#ask(url, { ...ANONYMOUS, method, headers, body: content, cache }, signal, limit, onBytes);
    return { status: response.status, bytes };
  }

  /**
   * @param {URL | string} url
   * @param {RequestInit} init
   * @param {AbortSignal | undefined} signal
   * @param {number} limit bytes of an answer that is no refusal
   * @param {(bytes: number) => void} [onBytes]
   */
  async #ask(url, init, signal, limit, onBytes = () => {}) {
    const watch = new Watch(signal);
    try {
      watch.expect(init.body ? SENDING : STALL);
      const response = await this.#fetch(url, { ...init, signal: watch.signal });
      const bytes = await read(response, response.ok ? limit : MAX_JSON, watch, response.ok ? onBytes : () => {});
      return { response, bytes };
    } catch (cause) {
      throw signal?.aborted ? signal.reason : new ApiError('network', 'The network does not answer.', { cause });
    } finally {
      watch.end();
    }
  }
}

/** Nothing that tells who asks goes along, and nobody sends a request elsewhere. @satisfies {RequestInit} */
const ANONYMOUS = /** @type {const} */ ({ credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer' });

/**
 * @param {string} method
 * @param {RequestOptions} options
 * @returns {RequestInit}
 */
function request(method, { token, accessToken, body, type, range }) {
  /** @type {Record<string, string>} */
  const headers = {};
  if (token !== undefined) headers['x-send-token'] = token;
  if (accessToken) headers['x-sgraph-access-token'] = accessToken;
  if (range !== undefined) headers.range = range;
  if (body !== undefined) headers['x-amz-content-sha256'] = body.sha256;
  if (body !== undefined) headers['content-type'] = type ?? 'application/octet-stream';
  return { ...ANONYMOUS, method, headers, body: body?.content, cache: 'no-store' };
}

/**
 * @param {Response} response
 * @param {number} limit
 * @param {Watch} watch
 * @param {(bytes: number) => void} onBytes
 */
async function read(response, limit, watch, onBytes) {
  // One buffer of the length that was announced, and one byte more to notice a longer answer.
  const announced = Number(response.headers.get('content-length') ?? limit);
  let bytes = new Uint8Array(Math.min(limit, announced) + 1);
  let length = 0;
  const reader = response.body?.getReader();
  while (reader && length <= limit) {
    watch.expect(STALL);
    const { done, value } = await reader.read();
    if (done) return bytes.subarray(0, length);
    const room = Math.min(value.length, limit + 1 - length);
    if (length + room > bytes.length) bytes = grown(bytes, limit + 1);
    bytes.set(value.subarray(0, room), length);
    release([value]);
    length += room;
    onBytes(room);
  }
  await reader?.cancel();
  return bytes.subarray(0, length);
}

/**
 * @param {Uint8Array} bytes
 * @param {number} length
 */
function grown(bytes, length) {
  const larger = new Uint8Array(length);
  larger.set(bytes);
  return larger;
}

/**
 * @param {Response} response
 * @param {Uint8Array} bytes
 * @param {boolean} reading
 */
function refusal(response, bytes, reading) {
  const { detail, request_id: id, reason } = sentence(bytes);
  const message = detail || `The server answered ${response.status}.`;
  const retryAfter = Number(response.headers.get('retry-after') ?? NaN);
  return new ApiError(kindOf(response.status, detail, retryAfter, reading), message, {
    status: response.status,
    requestId: id || (response.headers.get('x-request-id') ?? ''),
    reason,
    ...(Number.isFinite(retryAfter) ? { retryAfter } : {}),
  });
}

/** @param {Uint8Array} bytes @returns {{detail: string, request_id: string, reason: string}} */
function sentence(bytes) {
  try {
    const { detail, request_id: id, reason } = JSON.parse(new TextDecoder().decode(bytes));
    return { detail: String(detail ?? ''), request_id: String(id ?? ''), reason: String(reason ?? '') };
  } catch {
    return { detail: '', request_id: '', reason: '' };
  }
}

/** @type {Readonly<Record<number, import('./errors.js').ApiKind>>} */
const BY_STATUS = {
  401: 'unauthorized', 403: 'wrong_passphrase', 404: 'not_found', 408: 'server', 409: 'conflict',
  410: 'deleted', 413: 'too_large', 507: 'storage_full',
};

/**
 * @param {number} status
 * @param {string} detail
 * @param {number} retryAfter
 * @param {boolean} reading
 * @returns {import('./errors.js').ApiKind}
 */
function kindOf(status, detail, retryAfter, reading) {
  if (status === 409 && reading) return 'pending';
  if (status === 410 && (detail === 'expired' || detail === 'exhausted' || detail === 'taken_down')) return detail;
  // A limit on guesses is told without a time; one on requests says when to come back.
  if (status === 429) return Number.isFinite(retryAfter) ? 'busy' : 'too_many_guesses';
  return BY_STATUS[status] ?? (status >= 500 ? 'server' : 'refused');
}

/** Gives a request up when nothing happens for too long, or when the caller does. */
class Watch {
  #stalled = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {AbortSignal} [signal] of the caller */
  constructor(signal) {
    this.signal = signal ? AbortSignal.any([signal, this.#stalled.signal]) : this.#stalled.signal;
  }

  /** @param {number} milliseconds until something must have happened */
  expect(milliseconds) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#stalled.abort(), milliseconds);
    // In Node a watch alone does not keep the process from ending.
    if (typeof this.#timer === 'object') this.#timer.unref();
  }

  end() {
    clearTimeout(this.#timer);
  }
}
