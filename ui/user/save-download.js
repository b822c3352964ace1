// Saving among the browser's own downloads: the service worker answers a navigation of a hidden frame
// with a stream, and this page feeds the stream chunk by chunk as the browser asks for them.

import { SaveError } from '../shared/errors.js';
import { randomBytes, toHex } from '../shared/format/bytes.js';
import { scriptUrl } from '../shared/trusted.js';

/** The folder that the service worker answers for. No page lies in it. */
const SCOPE = '/download/';
/** Milliseconds between two signs of life: Firefox ends a worker that hears nothing for 30 s. */
const PULSE = 10_000;
/** From here on the length is left unsaid, because Firefox fails on it. */
const UNTOLD = 2 ** 31;
/** Milliseconds that the frame stays after its download has ended. */
const AFTERWARDS = 5_000;

/**
 * The service worker, running.
 * @returns {Promise<ServiceWorker>}
 * @throws {SaveError} `unsupported`
 */
export async function downloadWorker() {
  try {
    const registration = await navigator.serviceWorker.register(scriptUrl('/sw.js'), { scope: SCOPE, updateViaCache: 'none' });
    const worker = registration.active ?? registration.waiting ?? registration.installing;
    if (!worker) throw new Error('no worker');
    await activated(worker);
    return worker;
  } catch (cause) {
    throw new SaveError('unsupported', 'This browser cannot save as it receives.', { cause });
  }
}

/**
 * @param {ServiceWorker} worker
 * @returns {Promise<void>}
 */
function activated(worker) {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (worker.state === 'activated') resolve();
      if (worker.state === 'redundant') reject(new Error('the worker was not installed'));
    };
    worker.addEventListener('statechange', look);
    look();
  });
}

/**
 * Has the browser download the stream. Resolves when it has taken the last byte.
 * @param {ServiceWorker} worker
 * @param {import('../shared/receiving.js').Arriving} file
 * @param {AbortSignal} signal
 */
export async function downloadThrough(worker, file, signal) {
  const reader = file.stream.getReader();
  try {
    // What fails at once, fails before the browser lists a download.
    const first = await abortable(reader.read(), signal);
    await new Feed(worker, file, reader, first).run(signal);
  } catch (error) {
    await reader.cancel(error).catch(() => {});
    throw error;
  }
}

/**
 * @typedef {ReadableStreamReadResult<Uint8Array<ArrayBuffer>>} Chunk
 */

/** One download, from the page's side. */
class Feed {
  #key = toHex(randomBytes(16));
  #channel = new MessageChannel();
  #frame = document.createElement('iframe');
  #worker;
  #file;
  #reader;
  /** @type {Chunk | null} */
  #first;

  /**
   * @param {ServiceWorker} worker
   * @param {{name: string, size: number}} file
   * @param {ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>} reader
   * @param {Chunk} first what was read already
   */
  constructor(worker, file, reader, first) {
    this.#worker = worker;
    this.#file = file;
    this.#reader = reader;
    this.#first = first;
  }

  /** @param {AbortSignal} signal */
  async run(signal) {
    const pulse = setInterval(() => this.#worker.postMessage({ type: 'stay', key: this.#key }), PULSE);
    // A page that is left feeds nobody any more: the browser's list must say so, and not wait for ever.
    const fail = () => this.#send({ type: 'fail' });
    window.addEventListener('pagehide', fail);
    try {
      await abortable(this.#served(), signal);
    } catch (error) {
      fail();
      throw error;
    } finally {
      clearInterval(pulse);
      window.removeEventListener('pagehide', fail);
      setTimeout(() => this.#frame.remove(), AFTERWARDS);
    }
  }

  /** @returns {Promise<void>} */
  #served() {
    return new Promise((resolve, reject) => {
      const { port1, port2 } = this.#channel;
      port1.onmessage = ({ data }) => {
        if (data.type === 'offered') this.#navigate(reject);
        else if (data.type === 'pull') this.#feed().catch(reject);
        else if (data.type === 'closed') resolve();
        else if (data.type === 'cancelled') reject(new DOMException('The download was cancelled.', 'AbortError'));
      };
      this.#worker.postMessage({ type: 'offer', key: this.#key, headers: headersOf(this.#file) }, [port2]);
    });
  }

  /**
   * A download never loads in its frame: what loads is a page, so the worker was not asked.
   * @param {(error: Error) => void} reject
   */
  #navigate(reject) {
    this.#frame.hidden = true;
    this.#frame.onload = () => reject(new SaveError('blocked', 'The browser did not take the download.'));
    // Without the name: where no worker answered after all, the server would read it.
    this.#frame.src = `${SCOPE}${this.#key}`;
    document.body.append(this.#frame);
  }

  async #feed() {
    const { done, value } = this.#first ?? await this.#reader.read();
    this.#first = null;
    if (done) this.#send({ type: 'end' });
    else this.#sendChunk(value);
  }

  /**
   * The bytes are handed over. A view of a larger buffer is copied out, since others may look at the rest.
   * @param {Uint8Array<ArrayBuffer>} bytes
   */
  #sendChunk(bytes) {
    const chunk = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
    this.#send({ type: 'chunk', chunk }, [chunk.buffer]);
  }

  /**
   * @param {object} message
   * @param {Transferable[]} [transfer]
   */
  #send(message, transfer = []) {
    this.#channel.port1.postMessage(message, transfer);
  }
}

/**
 * The head of a download. Never shown, never run, whatever is in it.
 * @param {{name: string, size: number}} file
 * @returns {Record<string, string>}
 */
function headersOf({ name, size }) {
  return {
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename*=UTF-8''${extValue(name)}`,
    'content-security-policy': "default-src 'none'; frame-ancestors 'self'; sandbox",
    'x-content-type-options': 'nosniff',
    ...(size < UNTOLD ? { 'content-length': String(size) } : {}),
  };
}

/**
 * A name as RFC 8187 writes it.
 * @param {string} name
 */
function extValue(name) {
  return encodeURIComponent(name).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/**
 * The promise's result, or the signal's reason if that comes first.
 * @template T
 * @param {Promise<T>} promise
 * @param {AbortSignal} signal
 * @returns {Promise<T>}
 */
function abortable(promise, signal) {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
