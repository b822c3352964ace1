// The real service for tests, and the two ends of a transfer as one line each.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { SendApi } from '../shared/api.js';
import { parseLink } from '../shared/format/link.js';
import { MemoryJournal } from '../shared/journal.js';
import { CryptoPool } from '../shared/pool.js';
import { Receiving } from '../shared/receiving.js';
import { Sending } from '../shared/sending.js';
import { MapStore } from './map-store.js';

/** @typedef {typeof globalThis.fetch} Fetch */

/** Tries that follow each other at once: the tests break requests on purpose. */
export const HASTY = { base: 1, cap: 5, networkTries: Infinity, serverTries: 8 };

/** Where cargo puts what it builds. */
const BUILT = new URL('../../target/debug/', import.meta.url);

/** What a service is told where a test needs nothing special. */
const IN_MEMORY = { SEND_STORAGE: 'memory:' };

/**
 * A service of its own, until the test ends; without settings the one at SEND_URL, where that is set.
 * @param {import('node:test').TestContext} t
 * @param {Record<string, string>} [settings]
 * @returns {Promise<string>} its origin
 */
export async function service(t, settings = IN_MEMORY) {
  if (process.env.SEND_URL && settings === IN_MEMORY) return process.env.SEND_URL;
  return started(t, 'send-user', process.env.SEND_USER, settings);
}

/**
 * An admin service of its own, until the test ends.
 * @param {import('node:test').TestContext} t
 * @param {Record<string, string>} settings
 * @returns {Promise<string>} its origin
 */
export function adminService(t, settings) {
  return started(t, 'send-admin', process.env.SEND_ADMIN, settings);
}

/**
 * @param {import('node:test').TestContext} t
 * @param {string} name of the program
 * @param {string | undefined} path where it is, if not where cargo puts it
 * @param {Record<string, string>} settings
 */
async function started(t, name, path, settings) {
  const binary = path ?? fileURLToPath(new URL(name, BUILT));
  if (!existsSync(binary)) throw new Error(`there is no ${binary}: cargo build -p ${name} makes it`);
  const listen = `127.0.0.1:${await freePort()}`;
  const child = spawn(binary, { env: { SEND_LISTEN: listen, ...settings }, stdio: 'ignore' });
  t.after(async () => {
    child.kill();
    await once(child, 'exit');
  });
  await listening(`http://${listen}/info/health`);
  return `http://${listen}`;
}

/** @returns {Promise<number>} */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  server.close();
  await once(server, 'close');
  return port;
}

/** Waits until a server answers. @param {string} url */
export async function listening(url) {
  for (let tries = 0; tries < 200; tries++) {
    const up = await fetch(url).then((response) => response.ok, () => false);
    if (up) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`nothing answers at ${url}`);
}

/**
 * A file with bytes that are its own.
 * @param {string} name
 * @param {number} size
 * @param {number} [seed]
 */
export function someFile(name, size, seed = 1) {
  const bytes = new Uint8Array(size);
  let x = seed;
  for (let i = 0; i < size; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    bytes[i] = x;
  }
  return new File([bytes], name, { type: 'application/octet-stream', lastModified: 1_700_000_000_000 });
}

/**
 * A pool that ends with the test.
 * @param {import('node:test').TestContext} t
 */
export function somePool(t) {
  const pool = new CryptoPool({ size: 2 });
  t.after(() => pool.close());
  return pool;
}

/**
 * An upload that was not started yet.
 * @param {import('node:test').TestContext} t
 * @param {string} base
 * @param {Partial<import('../shared/sending.js').SendingOptions> & {fetch?: Fetch}} options
 */
export function sendingOf(t, base, { fetch, files = [someFile('a.bin', 1000)], ...options } = {}) {
  const api = new SendApi({ base, fetch });
  return new Sending({ api, files, pool: somePool(t), journal: new MemoryJournal(), patience: HASTY, expiresIn: 600, ...options });
}

/**
 * A download that has asked for nothing yet.
 * @param {import('node:test').TestContext} t
 * @param {string} base
 * @param {string} link
 * @param {{fetch?: Fetch, store?: Storage | MapStore, patience?: import('../shared/retry.js').Patience}} [options]
 */
export async function receivingOf(t, base, link, { fetch, store = new MapStore(), patience = HASTY } = {}) {
  const api = new SendApi({ base, fetch });
  return new Receiving({ api, link: await parseLink(link), pool: somePool(t), store, patience });
}

/**
 * Hears of progress.
 * @param {EventTarget} target
 * @param {(detail: {waiting: import('../shared/retry.js').Awaited | null, sent?: number, received?: number, total: number}) => void} heard
 */
export function onProgress(target, heard) {
  target.addEventListener('progress', (event) => heard(/** @type {CustomEvent} */ (event).detail));
}

/**
 * Every byte of a stream.
 * @param {ReadableStream<Uint8Array>} stream
 */
export async function bytesOf(stream) {
  return new Uint8Array(await new Response(/** @type {ReadableStream<Uint8Array<ArrayBuffer>>} */ (stream)).arrayBuffer());
}

/** @param {Blob | Uint8Array} content */
export async function sha256(content) {
  const bytes = content instanceof Blob ? new Uint8Array(await content.arrayBuffer()) : content;
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * A `fetch` that breaks requests: `before`, so that the server never hears of them, or `after`, so that
 * the answer is lost.
 * @param {(call: {n: number, method: string, origin: string, path: string}) => 'before' | 'after' | null} when n counts from 0
 */
export function brokenFetch(when) {
  /** @type {Array<{method: string, origin: string, path: string}>} */
  const calls = [];
  /** @type {Fetch} */
  const fetch = async (url, init) => {
    const { origin, pathname: path } = new URL(String(url));
    const call = { method: init?.method ?? 'GET', origin, path };
    const how = when({ n: calls.length, ...call });
    calls.push(call);
    if (how === 'before') throw new TypeError('the network is gone');
    const response = await globalThis.fetch(url, init);
    if (how !== 'after') return response;
    await response.arrayBuffer();
    throw new TypeError('the answer was lost');
  };
  return { fetch, calls };
}
