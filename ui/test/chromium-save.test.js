// Saving and the journal, in a real browser: what Node has not got.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { browser, files } from './chromium.js';

const folder = new URL('../', import.meta.url);

/** What the service sends with every page. */
const CSP = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
  + "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types sgraph-send";

/**
 * An empty page under the service's own rules, which fails the test when one is broken.
 * @param {import('node:test').TestContext} t
 */
async function page(t) {
  const origin = await files(t, folder, {
    '/blank': { type: 'text/html', text: '<!doctype html><title>Blank</title>', headers: { 'content-security-policy': CSP } },
    '/sw.js': { type: 'text/javascript', text: await readFile(new URL('user/sw.js', folder), 'utf8') },
  });
  const opened = await (await browser(t)).newPage();
  opened.on('console', (message) => assert.doesNotMatch(message.text(), /Content Security Policy/));
  await opened.goto(`${origin}/blank`);
  return opened;
}

/**
 * Saves `count` chunks of 300,000 bytes, each filled with its number, and says what became of it.
 * @param {import('playwright-core').Page} opened
 * @param {{count: number, fails?: boolean, slow?: boolean, abort?: boolean}} how
 * @returns {Promise<{ending: string, read: number, cancelled: boolean}>}
 */
function save(opened, how) {
  return opened.evaluate(async ({ count, fails, slow, abort }) => {
    const { save: saving, prepare } = await import(/** @type {any} */ ('/user/save.js'));
    let read = 0;
    let cancelled = false;
    const stream = new ReadableStream({
      async pull(controller) {
        if (slow && read > 2) await new Promise((resolve) => setTimeout(resolve, 50));
        if (read === count && fails) controller.error(new Error('the source failed'));
        else if (read === count) controller.close();
        else controller.enqueue(new Uint8Array(300_000).fill(read++));
      },
      cancel() {
        cancelled = true;
      },
    }, { highWaterMark: 0 });
    const control = new AbortController();
    if (abort) setTimeout(() => control.abort(new DOMException('Stopped.', 'AbortError')), 1000);
    const file = { name: "50 % 'ü'.bin", type: '', size: count * 300_000, stream };
    const ending = await saving(file, { signal: control.signal, prepared: prepare(file) }).catch((/** @type {Error} */ error) => error.message);
    return { ending, read, cancelled };
  }, how);
}

test('a stream is saved among the downloads, byte for byte and under its name', async (t) => {
  const opened = await page(t);
  const downloaded = opened.waitForEvent('download');
  const outcome = await save(opened, { count: 20 });
  const download = await downloaded;
  assert.equal(outcome.ending, 'saved');
  assert.equal(download.suggestedFilename(), "50 % 'ü'.bin");
  assert.equal(await download.failure(), null);
  const bytes = await readFile(await download.path());
  assert.equal(bytes.length, 6_000_000);
  assert.ok(bytes.every((byte, i) => byte === Math.floor(i / 300_000)));
});

test('an empty file is saved too', async (t) => {
  const opened = await page(t);
  const downloaded = opened.waitForEvent('download');
  assert.equal((await save(opened, { count: 0 })).ending, 'saved');
  assert.equal((await readFile(await (await downloaded).path())).length, 0);
});

test('a stream that fails half-way is a failed download, not a short file', async (t) => {
  const opened = await page(t);
  const downloaded = opened.waitForEvent('download');
  assert.equal((await save(opened, { count: 5, fails: true })).ending, 'the source failed');
  assert.notEqual(await (await downloaded).failure(), null);
});

test('a stream that fails at once is no download', async (t) => {
  const opened = await page(t);
  let downloads = 0;
  opened.on('download', () => downloads++);
  assert.equal((await save(opened, { count: 0, fails: true })).ending, 'the source failed');
  await opened.waitForTimeout(300);
  assert.equal(downloads, 0);
});

test('cancelling in the browser\'s list stops the reading', async (t) => {
  const opened = await page(t);
  const downloaded = opened.waitForEvent('download').then((download) => download.cancel());
  const outcome = await save(opened, { count: 1000, slow: true });
  await downloaded;
  assert.match(outcome.ending, /cancelled/);
  assert.ok(outcome.cancelled && outcome.read < 1000);
});

test('stopping on the page fails the download and stops the reading', async (t) => {
  const opened = await page(t);
  const downloaded = opened.waitForEvent('download');
  const outcome = await save(opened, { count: 1000, slow: true, abort: true });
  assert.equal(outcome.ending, 'Stopped.');
  assert.ok(outcome.cancelled && outcome.read < 1000);
  assert.notEqual(await (await downloaded).failure(), null);
});

test('the service worker has no part in any other request', async (t) => {
  const opened = await page(t);
  await save(opened, { count: 1 });
  await opened.reload();
  assert.equal(await opened.evaluate(() => navigator.serviceWorker.controller), null);
  const answer = await opened.evaluate(async () => (await fetch('/download/nothing/here')).status);
  assert.equal(answer, 404);
});

test('the journal keeps the first digest of a part beyond a reload, and forgets when told', async (t) => {
  const opened = await page(t);
  const record = (/** @type {string} */ sha256) => opened.evaluate(async (digest) => {
    const { Journal } = await import(/** @type {any} */ ('/shared/journal.js'));
    const journal = await Journal.open();
    return [journal.constructor.name, await journal.record('id', 3, digest), await journal.record('other', 3, digest)];
  }, sha256);
  assert.deepEqual(await record('one'), ['Journal', 'one', 'one']);
  await opened.reload();
  assert.deepEqual(await record('two'), ['Journal', 'one', 'one']);
  await opened.evaluate(async () => {
    const { Journal } = await import(/** @type {any} */ ('/shared/journal.js'));
    await (await Journal.open()).forget('id');
  });
  assert.deepEqual(await record('three'), ['Journal', 'three', 'one']);
});

test('only this page\'s own scripts become workers', async (t) => {
  const opened = await page(t);
  const refused = await opened.evaluate(async () => {
    const { scriptUrl } = await import(/** @type {any} */ ('/shared/trusted.js'));
    scriptUrl('/sw.js');
    return ['https://elsewhere.example/shared/crypto-worker.js', 'data:text/javascript,1', 'blob:null/1'].map((address) => {
      try {
        return String(scriptUrl(address));
      } catch (error) {
        return /** @type {Error} */ (error).name;
      }
    });
  });
  assert.deepEqual(refused, ['TypeError', 'TypeError', 'TypeError']);
});
