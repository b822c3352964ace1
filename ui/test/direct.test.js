// Parts that go straight between here and a real S3 server, and what happens when that way is closed.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { SendApi } from '../shared/api.js';
import { TRANSFER } from '../shared/retry.js';
import { remove, serviceOnS3 } from './s3.js';
import { brokenFetch, bytesOf, HASTY, onProgress, receivingOf, sendingOf, sha256, someFile } from './service.js';

/** Four parts, the last of them short. */
const SIZE = 13_000_000;
/** Eight parts. */
const LARGE = 33_000_000;

/** @typedef {typeof globalThis.fetch} Fetch */
/** @typedef {{method: string, origin: string, path: string}} Call */

/** Whether a request carries a part of a transfer through the service. @param {Call} call */
const carries = ({ method, path }) => path.includes('/parts/') && path.startsWith('/api/') && (method === 'PUT' || method === 'GET');

/**
 * How many parts went which way.
 * @param {Call[]} calls
 * @param {string} storage its origin
 */
function ways(calls, storage) {
  const straight = calls.filter(({ origin }) => origin === storage).length;
  return { straight, through: calls.filter(carries).length, asked: calls.filter(({ path }) => path.endsWith('/part-urls')).length };
}

/**
 * What a link leads to, hashed.
 * @param {import('node:test').TestContext} t
 * @param {string} base
 * @param {string} link
 * @param {{fetch?: Fetch, patience?: import('../shared/retry.js').Patience}} [options]
 */
async function hashOf(t, base, link, options) {
  const receiving = await receivingOf(t, base, link, options);
  await receiving.unlock();
  return sha256(await bytesOf(receiving.all().stream));
}

/**
 * A `fetch` that changes requests to one origin, or their answers.
 * @param {string} storage the origin
 * @param {(ask: (url: URL) => Promise<Response>, url: URL, n: number) => Promise<Response>} change when n counts from 0
 */
function changed(storage, change) {
  let n = 0;
  /** @type {Fetch} */
  const fetch = (input, init) => {
    const url = new URL(String(input));
    if (url.origin !== storage) return globalThis.fetch(url, init);
    return change((other) => globalThis.fetch(other, init), url, n++);
  };
  return fetch;
}

/**
 * A `fetch` that keeps what was answered.
 */
function heard() {
  /** @type {Array<Call & {status: number}>} */
  const answers = [];
  /** @type {Fetch} */
  const fetch = async (url, init) => {
    const response = await globalThis.fetch(url, init);
    const { origin, pathname: path } = new URL(String(url));
    answers.push({ method: init?.method ?? 'GET', origin, path, status: response.status });
    return response;
  };
  return { fetch, answers };
}

/** The URL with a signature that signs nothing. @param {URL} url */
function forged(url) {
  url.searchParams.set('X-Amz-Signature', '0'.repeat(64));
  return url;
}

/**
 * The part as another one came.
 * @param {Response} response
 * @param {(bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>} change
 */
async function altered(response, change) {
  return new Response(change(new Uint8Array(await response.arrayBuffer())), { status: response.status });
}

/** @type {Array<['both' | 'uploads' | 'off', object, object]>} */
const TRANSPORTS = [
  ['both', { straight: 4, through: 0, asked: 4 }, { straight: 4, through: 0, asked: 1 }],
  ['uploads', { straight: 4, through: 0, asked: 4 }, { straight: 0, through: 4, asked: 0 }],
  ['off', { straight: 0, through: 4, asked: 0 }, { straight: 0, through: 4, asked: 0 }],
];
for (const [direct, up, down] of TRANSPORTS) {
  test(`SEND_DIRECT=${direct}: each part goes the way that the service says, and no other`, async (t) => {
    const { base, storage } = await serviceOnS3(t, direct);
    const file = someFile('a', SIZE);
    const sending = brokenFetch(() => null);
    const sent = await sendingOf(t, base, { files: [file], fetch: sending.fetch, downloads: 1 }).start();
    assert.deepEqual(ways(sending.calls, storage), up);
    const receiving = brokenFetch(() => null);
    assert.equal(await hashOf(t, base, sent.link, receiving), await sha256(file));
    assert.deepEqual(ways(receiving.calls, storage), down);
  });
}

test('a file in the middle comes by the parts that hold it, and the header of the first', async (t) => {
  const { base, storage } = await serviceOnS3(t);
  const files = [someFile('first', 9_000_000, 1), someFile('second', 100, 2), someFile('third', 9_000_000, 3)];
  const sent = await sendingOf(t, base, { files }).start();
  let bytes = 0;
  const fetch = changed(storage, async (ask, url) => altered(await ask(url), (part) => {
    bytes += part.length;
    return part;
  }));
  const receiving = await receivingOf(t, base, sent.link, { fetch });
  await receiving.unlock();
  assert.equal(await sha256(await bytesOf(receiving.file(1).stream)), await sha256(files[1]));
  assert.equal(bytes, 56 + 4_198_400);
});

test('an upload by signed URLs whose every request once breaks ends identical, whether it was heard or not', async (t) => {
  const { base, storage } = await serviceOnS3(t);
  const file = someFile('a', SIZE);
  for (const how of /** @type {const} */ (['before', 'after'])) {
    for (let broken = 0; broken < 11; broken++) {
      const { fetch, calls } = brokenFetch(({ n }) => (n === broken ? how : null));
      const sent = await sendingOf(t, base, { files: [file], fetch }).start();
      assert.equal(ways(calls, storage).through, 0);
      assert.equal(await hashOf(t, base, sent.link), await sha256(file));
    }
  }
});

test('a part that is there already, because an answer was lost, counts as sent', async (t) => {
  const { base, storage } = await serviceOnS3(t);
  const file = someFile('a', SIZE);
  /** @type {number[]} */
  const statuses = [];
  const fetch = changed(storage, async (ask, url, n) => {
    const { status } = await ask(url);
    statuses.push(status);
    if (n === 0) throw new TypeError('the answer was lost');
    return new Response(null, { status });
  });
  const sent = await sendingOf(t, base, { files: [file], fetch }).start();
  assert.deepEqual(statuses.sort(), [200, 200, 200, 200, 412]);
  assert.equal(await hashOf(t, base, sent.link), await sha256(file));
});

test('a URL that the storage refuses is asked for again', async (t) => {
  const { base, storage } = await serviceOnS3(t);
  const file = someFile('a', SIZE);
  /** @type {number[]} */
  const statuses = [];
  const fetch = () => changed(storage, async (ask, url, n) => {
    const response = await ask(n < 2 ? forged(url) : url);
    statuses.push(response.status);
    return response;
  });
  const sent = await sendingOf(t, base, { files: [file], fetch: fetch() }).start();
  assert.deepEqual(statuses.splice(0).sort(), [200, 200, 200, 200, 403, 403]);
  assert.equal(await hashOf(t, base, sent.link, { fetch: fetch() }), await sha256(file));
  assert.deepEqual(statuses.sort(), [200, 200, 200, 200, 403, 403]);
});

test('a storage that this side cannot reach is left alone after a few parts, and all goes through the service', async (t) => {
  const { base, storage } = await serviceOnS3(t);
  const file = someFile('a', LARGE);
  const gone = brokenFetch(({ origin }) => (origin === storage ? 'before' : null));
  const sent = await sendingOf(t, base, { files: [file], fetch: gone.fetch }).start();
  const up = ways(gone.calls.splice(0), storage);
  assert.equal(up.through, 8);
  assert.ok(up.straight <= 12, `${up.straight} tries`);
  assert.equal(await hashOf(t, base, sent.link, gone), await sha256(file));
  const down = ways(gone.calls, storage);
  assert.equal(down.through, 8);
  assert.ok(down.straight <= 12, `${down.straight} tries`);
});

test('a service that signs nothing after all takes and gives the parts itself', async (t) => {
  const { base, storage } = await serviceOnS3(t);
  const file = someFile('a', SIZE);
  const { fetch, calls } = brokenFetch(() => null);
  /** @type {Fetch} */
  const refusing = (url, init) => (String(url).endsWith('/part-urls')
    ? Promise.resolve(Response.json({ detail: 'no', request_id: '' }, { status: 400 })) : fetch(url, init));
  const sent = await sendingOf(t, base, { files: [file], fetch: refusing }).start();
  assert.equal(await hashOf(t, base, sent.link, { fetch: refusing }), await sha256(file));
  assert.deepEqual(ways(calls, storage), { straight: 0, through: 8, asked: 0 });
});

test('twenty-one seconds without storage: both ends say that they wait, go on by themselves, and go straight again', async (t) => {
  const { base, storage, relay } = await serviceOnS3(t);
  const file = someFile('a', 2 * LARGE);
  const before = await sendingOf(t, base, { files: [file], downloads: 1 }).start();
  const [up, down] = [heard(), heard()];
  const receiving = await receivingOf(t, base, before.link, { patience: TRANSFER, fetch: down.fetch });
  await receiving.unlock();
  await receiving.open();
  const sending = sendingOf(t, base, { files: [file], patience: TRANSFER, fetch: up.fetch });
  const waited = { up: new Set(), down: new Set() };
  onProgress(sending, ({ waiting }) => waited.up.add(waiting));
  onProgress(receiving, ({ waiting }) => waited.down.add(waiting));
  const begun = new Promise((resolve) => onProgress(sending, ({ sent = 0 }) => sent > 0 && resolve(null)));
  const sent = sending.start();
  await begun;
  relay.refuse();
  const received = bytesOf(receiving.all().stream);
  await pause(21_000);
  relay.accept();
  assert.equal(await hashOf(t, base, (await sent).link), await sha256(file));
  assert.equal(await sha256(await received), await sha256(file));
  assert.ok(waited.up.has('server') && waited.down.has('server'), 'both said so');
  assert.equal((await receiving.state()).downloadsLeft, 0);
  for (const { answers } of [up, down]) {
    const { straight, through } = ways(answers.filter(({ status }) => status === 200 || status === 412), storage);
    assert.ok(straight >= 12 && through <= 4, `${straight} parts went straight, ${through} through the service`);
  }
});

test('a transfer that is deleted while its parts come from the storage ends with the reason', async (t) => {
  const { base, storage } = await serviceOnS3(t);
  const sending = sendingOf(t, base, { files: [someFile('a', LARGE)] });
  const sent = await sending.start();
  const { fetch, calls } = brokenFetch(() => null);
  const receiving = await receivingOf(t, base, sent.link, { fetch });
  await receiving.unlock();
  const reader = receiving.all().stream.getReader();
  await reader.read();
  await new SendApi({ base }).delete(sent.id, Buffer.from(sending.ticket.ownerToken, 'base64url'));
  await assert.rejects(async () => {
    while (!(await reader.read()).done);
  }, { name: 'ApiError', kind: 'deleted' });
  assert.equal(ways(calls, storage).through, 0);
});

test('a part that comes too short is fetched again, and one that was altered is refused', async (t) => {
  const { base, storage } = await serviceOnS3(t);
  const file = someFile('a', SIZE);
  const sent = await sendingOf(t, base, { files: [file] }).start();
  const short = changed(storage, async (ask, url, n) => (
    altered(await ask(url), (part) => (n === 1 ? part.subarray(0, 2_000_000) : part))));
  assert.equal(await hashOf(t, base, sent.link, { fetch: short }), await sha256(file));
  const wrong = changed(storage, async (ask, url) => altered(await ask(url), (part) => part.with(1_000_000, part[1_000_000] ^ 1)));
  await assert.rejects(hashOf(t, base, sent.link, { fetch: wrong }), { name: 'FormatError', kind: 'corrupted' });
});

test('parts that the storage lost before the end are sent again', async (t) => {
  const { base, storage } = await serviceOnS3(t);
  const file = someFile('a', SIZE);
  /** @type {string[]} */
  const stored = [];
  let lost = 0;
  /** @type {Fetch} */
  const fetch = async (url, init) => {
    const { origin, pathname } = new URL(String(url));
    if (pathname.endsWith('/complete') && lost++ === 0) for (const path of stored.slice(0, 2)) await remove(storage, path);
    if (origin === storage) stored.push(pathname);
    return globalThis.fetch(url, init);
  };
  const sending = sendingOf(t, base, { files: [file], fetch });
  const figures = new Set();
  onProgress(sending, ({ sent }) => figures.add(sent));
  const sent = await sending.start();
  assert.equal(Math.max(...figures), SIZE, 'what was sent twice counts once');
  assert.equal(stored.length, 6);
  assert.equal(lost, 2);
  assert.equal(await hashOf(t, base, sent.link), await sha256(file));
});

test('no error tells of a signed URL', async (t) => {
  const { base, storage } = await serviceOnS3(t);
  /** @type {Fetch} */
  const fetch = async (url, init) => {
    if (new URL(String(url)).origin === storage) throw new TypeError(`Failed to parse URL from ${url}`);
    if (String(url).includes('/parts/')) return new Response(null, { status: 503 });
    return globalThis.fetch(url, init);
  };
  for (const networkTries of [1, 3]) {
    const patience = { ...HASTY, networkTries, serverTries: 2 };
    const error = await sendingOf(t, base, { fetch, patience }).start().catch((thrown) => thrown);
    assert.ok(error instanceof Error);
    for (let told = error; told; told = /** @type {any} */ (told.cause)) assert.doesNotMatch(`${told.message} ${told.stack}`, /X-Amz|Signature/i);
  }
});
