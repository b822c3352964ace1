import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryJournal } from '../shared/journal.js';
import { brokenFetch, bytesOf, onProgress, receivingOf, sendingOf, service, sha256, someFile } from './service.js';

/** Four parts, the last of them short. */
const SIZE = 13_000_000;

/**
 * @param {import('node:test').TestContext} t
 * @param {string} base
 * @param {string} link
 */
async function hashOf(t, base, link) {
  const receiving = await receivingOf(t, base, link);
  await receiving.unlock();
  return sha256(await bytesOf(receiving.all().stream));
}

for (const how of /** @type {const} */ (['before', 'after'])) {
  test(`an upload whose every request once breaks ${how} it is answered ends identical`, async (t) => {
    const base = await service(t);
    const file = someFile('a', SIZE);
    const whole = brokenFetch(() => null);
    await sendingOf(t, base, { files: [file], fetch: whole.fetch }).start();
    for (let broken = 0; broken < whole.calls.length; broken++) {
      const { fetch, calls } = brokenFetch(({ n }) => (n === broken ? how : null));
      const sent = await sendingOf(t, base, { files: [file], fetch }).start();
      assert.equal(calls.length, whole.calls.length + 1);
      assert.equal(await hashOf(t, base, sent.link), await sha256(file));
    }
  });

  test(`a download whose every request once breaks ${how} it is answered ends identical and is counted once`, async (t) => {
    const base = await service(t);
    const file = someFile('a', SIZE);
    const sent = await sendingOf(t, base, { files: [file], downloads: 100 }).start();
    const requests = 2 + 4;
    for (let broken = 0; broken < requests; broken++) {
      const { fetch, calls } = brokenFetch(({ n }) => (n === broken ? how : null));
      const receiving = await receivingOf(t, base, sent.link, { fetch });
      await receiving.unlock();
      assert.equal(await sha256(await bytesOf(receiving.all().stream)), await sha256(file));
      assert.equal(calls.length, requests + 1);
      assert.equal((await receiving.state()).downloadsLeft, 99 - broken);
    }
  });
}

test('a part that breaks off in its middle is fetched again', async (t) => {
  const base = await service(t);
  const file = someFile('a', SIZE);
  const sent = await sendingOf(t, base, { files: [file] }).start();
  let broken = 0;
  /** @type {typeof globalThis.fetch} */
  const fetch = async (url, init) => {
    const response = await globalThis.fetch(url, init);
    if (!String(url).endsWith('/parts/2') || broken++ > 0) return response;
    const half = new Uint8Array(await response.arrayBuffer()).slice(0, 2_000_000);
    return new Response(new ReadableStream({
      start: (controller) => controller.enqueue(half),
      pull: (controller) => controller.error(new TypeError('the connection broke')),
    }), { headers: response.headers });
  };
  const receiving = await receivingOf(t, base, sent.link, { fetch });
  await receiving.unlock();
  assert.equal(await sha256(await bytesOf(receiving.all().stream)), await sha256(file));
  assert.equal(broken, 2);
});

test('while the network is gone both ends say that they wait, and then go on by themselves', async (t) => {
  const base = await service(t);
  const file = someFile('a', SIZE);
  let refused = 0;
  const gone = () => brokenFetch(({ path }) => (path.includes('/parts/') && refused++ < 30 ? 'before' : null)).fetch;
  const waited = new Set();
  const sending = sendingOf(t, base, { files: [file], fetch: gone() });
  onProgress(sending, ({ waiting }) => waited.add(waiting));
  const sent = await sending.start();
  assert.deepEqual(waited, new Set([null, 'network']));
  waited.clear();
  refused = 0;
  const receiving = await receivingOf(t, base, sent.link, { fetch: gone() });
  onProgress(receiving, ({ waiting }) => waited.add(waiting));
  await receiving.unlock();
  assert.equal(await sha256(await bytesOf(receiving.all().stream)), await sha256(file));
  assert.deepEqual(waited, new Set([null, 'network']));
});

/**
 * An upload of four parts, of which `n` arrive and the others never, as when the machine loses power.
 * @param {import('node:test').TestContext} t
 * @param {string} base
 * @param {number} n
 * @param {Partial<import('../shared/sending.js').SendingOptions>} options
 */
async function lostUpload(t, base, n, options) {
  let sent = 0;
  const { promise, resolve } = withResolvers();
  /** @type {typeof globalThis.fetch} */
  const fetch = (url, init) => {
    if (init?.method !== 'PUT') return globalThis.fetch(url, init);
    sent++;
    if (sent === 4) resolve(undefined);
    return sent <= n ? globalThis.fetch(url, init) : new Promise(() => {});
  };
  const sending = sendingOf(t, base, { ...options, fetch });
  sending.start().catch(() => {});
  await promise;
  return sending.ticket;
}

function withResolvers() {
  /** @type {(value: unknown) => void} */
  let resolve = () => {};
  const promise = new Promise((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

test('an upload that a restart broke off goes on with the parts that are missing', async (t) => {
  const base = await service(t);
  const file = someFile('a', SIZE);
  const journal = new MemoryJournal();
  const ticket = await lostUpload(t, base, 2, { files: [file], journal });
  const { fetch, calls } = brokenFetch(() => null);
  const sending = sendingOf(t, base, { files: [file], journal, resume: ticket, fetch });
  const sent = await sending.start();
  assert.deepEqual(sending.ticket, ticket);
  const parts = calls.filter(({ method, path }) => method === 'PUT' && path.includes('/parts/'));
  assert.ok(parts.length >= 1 && parts.length <= 3, `${parts.length} parts were sent again`);
  assert.equal(await hashOf(t, base, sent.link), await sha256(file));
});

test('an upload goes on after a restart only as what it was: another content begins a new transfer', async (t) => {
  const base = await service(t);
  const journal = new MemoryJournal();
  const ticket = await lostUpload(t, base, 0, { files: [someFile('a', SIZE, 1)], journal });
  const changed = someFile('a', SIZE, 2);
  const { fetch, calls } = brokenFetch(() => null);
  const sending = sendingOf(t, base, { files: [changed], journal, resume: ticket, fetch });
  const sent = await sending.start();
  assert.notDeepEqual(sending.ticket, ticket);
  const ids = new Set(calls.map(({ path }) => path.split('/')[4]).filter(Boolean));
  assert.equal(ids.size, 2);
  const [before] = ids;
  assert.equal(calls.filter(({ method, path }) => method === 'PUT' && path.includes(before)).length, 0);
  assert.equal(await hashOf(t, base, sent.link), await sha256(changed));
});

test('an upload goes on only as what it was, for parts that have arrived too', async (t) => {
  const base = await service(t);
  const journal = new MemoryJournal();
  const before = someFile('a', SIZE, 1);
  const ticket = await lostUpload(t, base, 4, { files: [before], journal });
  const after = new File([someFile('a', 100, 2), before.slice(100)], 'a', { type: before.type, lastModified: before.lastModified });
  const sending = sendingOf(t, base, { files: [after], journal, resume: ticket });
  const sent = await sending.start();
  assert.notDeepEqual(sending.ticket, ticket);
  assert.equal(await hashOf(t, base, sent.link), await sha256(after));
});

test('an upload whose journal is lost begins a new transfer', async (t) => {
  const base = await service(t);
  const file = someFile('a', SIZE);
  const ticket = await lostUpload(t, base, 2, { files: [file], journal: new MemoryJournal() });
  const sending = sendingOf(t, base, { files: [file], resume: ticket });
  const sent = await sending.start();
  assert.notDeepEqual(sending.ticket, ticket);
  assert.equal(await hashOf(t, base, sent.link), await sha256(file));
});

test('an upload whose last answer was lost before a restart is found complete', async (t) => {
  const base = await service(t);
  const file = someFile('a', SIZE);
  const journal = new MemoryJournal();
  const { promise, resolve } = withResolvers();
  /** @type {typeof globalThis.fetch} */
  const fetch = async (url, init) => {
    const response = await globalThis.fetch(url, init);
    if (!String(url).endsWith('/complete')) return response;
    resolve(undefined);
    return new Promise(() => {});
  };
  const first = sendingOf(t, base, { files: [file], journal, fetch });
  first.start().catch(() => {});
  await promise;
  const second = sendingOf(t, base, { files: [file], journal, resume: first.ticket });
  const after = await second.start();
  assert.deepEqual(second.ticket, first.ticket);
  assert.equal(await hashOf(t, base, after.link), await sha256(file));
});
