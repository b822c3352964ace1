// Parts that go straight between the browser and a storage of another origin: identical, past the server, and nobody is told more than
// before. And a browser that cannot reach the storage, for which the server does.

import assert from 'node:assert/strict';
import { join } from 'node:path';

import { make } from '../files.js';
import { download, look, reach, send } from '../person.js';
import { saw, story } from '../story.js';

/**
 * @typedef {import('../story.js').Stage} Stage
 * @typedef {import('../files.js').Made} Made
 * @typedef {import('playwright-core').Page} Page
 */

/** A part of a transfer that the server is sent, or asked for. */
const PART = /\/api\/v1\/sends\/[0-9a-f]{32}\/parts\/\d+/;
/** What stands in every signed URL. */
const SIGNATURE = 'X-Amz-Signature';
/** What a request to the storage must not tell. */
const TELLS = /\r\n(?:cookie|referer|authorization|x-send-token|x-sgraph-[\w-]+|x-amz-content-sha256):/i;

/**
 * Three parts, and a file that begins behind the first.
 * @param {Stage} stage
 */
const files = (stage) => Promise.all([
  make(join(stage.folder, 'minutes of the meeting.mov'), 9_000_001), make(join(stage.folder, 'accounts.csv'), 70_001),
]);

/**
 * Both files, each by the button on its own line.
 * @param {Stage} stage
 * @param {string} link
 * @param {readonly Made[]} sent
 */
async function received(stage, link, sent) {
  const page = await look(await stage.visitor('recipient'), link);
  for (const { name, sha256 } of sent) {
    const saved = await download(page, `Save ${name}`);
    assert.deepEqual([saved.name, saved.sha256], [name, sha256], 'it comes back as it was sent');
  }
  await reach(page, 'done');
  return page;
}

/**
 * Everything that a page keeps in its browser, as text.
 * @param {Page} page
 */
function keptBy(page) {
  return page.evaluate(async () => {
    const databases = await Promise.all((await indexedDB.databases()).map(({ name = '' }) => new Promise((resolve, reject) => {
      const opened = indexedDB.open(name);
      opened.onerror = () => reject(opened.error);
      opened.onsuccess = async () => {
        const names = [...opened.result.objectStoreNames];
        const stores = names.map((store) => opened.result.transaction(store).objectStore(store).getAll());
        resolve(Promise.all(stores.map((all) => new Promise((done) => { all.onsuccess = () => done(all.result); }))));
      };
    })));
    return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, databases, await caches.keys()]);
  });
}

/**
 * The requests that a wire kept, without their bodies.
 * @param {import('../wire.js').Wire | null} wire
 */
function heads(wire) {
  const text = (wire?.sent ?? []).map((bytes) => bytes.toString('latin1')).join('\r\n');
  return [...text.matchAll(/(?:GET|PUT|POST|DELETE|PATCH|OPTIONS) \/\S* HTTP\/1\.1\r\n(?:[^\r\n]+\r\n)+\r\n/g)].map(([head]) => head);
}

/** @param {Stage} stage */
async function straight(stage) {
  const sent = await files(stage);
  const sender = await stage.visitor('sender');
  const link = await send(sender, sent.map(({ path }) => path));
  const page = await received(stage, link, sent);

  const toStorage = heads(stage.tap);
  const put = toStorage.filter((head) => head.startsWith('PUT '));
  assert.equal(put.length, 3, 'every part was sent to the storage');
  assert.ok(toStorage.filter((head) => head.startsWith('GET ')).length >= 4, 'and came from there');
  assert.deepEqual(toStorage.filter((head) => TELLS.test(head)), [], 'nothing tells the storage who asks');
  const toServer = heads(stage.wire);
  assert.deepEqual(toServer.filter((head) => PART.test(head)), [], 'no part passed the server');
  assert.ok(!stage.wire.sent.some((bytes) => bytes.includes(SIGNATURE)), 'no signed URL came back to the server');
  assert.ok(!(await keptBy(page)).includes(SIGNATURE), 'and none is kept');
  await stage.nothingLeft(link, undefined, sent);
  saw('two files straight to the storage and back: identical, no part past it, no signed URL kept, nothing told');
}

/** @param {Stage} stage */
async function closed(stage) {
  const sent = await files(stage);
  stage.tap?.break();
  const link = await send(await stage.visitor('sender'), sent.map(({ path }) => path));
  await received(stage, link, sent);
  const through = heads(stage.wire).filter((head) => PART.test(head));
  assert.ok(through.filter((head) => head.startsWith('PUT ')).length >= 3, 'the server took every part');
  stage.tap?.mend();
  await stage.nothingLeft(link, undefined, sent);
  saw('a browser that cannot reach the storage: all goes through the server, identical, nothing told');
}

await story(async (stage) => {
  assert.ok(stage.given.s3, 'give --s3 http://127.0.0.1:PORT, the origin that the server signs URLs for');
  for (const scene of [straight, closed]) {
    await scene(stage);
    await stage.clear();
  }
}, { tapped: true });
