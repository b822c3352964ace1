// One large file each way, with and without a passphrase: identical, and no memory that grows with it. Nothing lies between browser and
// server here, so that the speeds are theirs.

import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { Bare } from '../bare.js';
import { make, sha256Of } from '../files.js';
import { resident, watched } from '../memory.js';
import { choose, linkOf, press } from '../person.js';
import { saw, story } from '../story.js';
import { Visitor } from '../visitor.js';

/**
 * @typedef {import('../story.js').Stage} Stage
 * @typedef {import('../files.js').Made} Made
 */

const MIB = 1024 * 1024;
/** How much the memory of the server and of all renderers may grow. */
const SERVER = 64 * MIB;
const BROWSER = 300 * MIB;
/** Milliseconds that a large file may take. */
const LONG = 300_000;

/** @type {string[]} what took more memory than it may, told at the end, so that every figure is there */
const over = [];

/**
 * How long something took, in words, with its speed and the growth of the renderers.
 * @param {string} what
 * @param {number} size bytes
 * @param {() => Promise<string>} act
 */
async function measured(what, size, act) {
  const before = performance.now();
  let seconds = 0;
  const { result, growth } = await watched(async () => {
    const done = await act();
    seconds = (performance.now() - before) / 1000;
    return done;
  });
  saw(`${what}: ${seconds.toFixed(1)} s, ${Math.round(size / 1e6 / seconds)} MB/s, renderers grew by ${Math.round(growth / MIB)} MiB at most`);
  if (growth > BROWSER) over.push(`while ${what}, all renderers together grew by ${Math.round(growth / MIB)} MiB`);
  return result;
}

/**
 * @param {Stage} stage
 * @param {Made} file
 * @param {string | undefined} passphrase
 */
async function sent(stage, file, passphrase) {
  const visitor = await enter('sender', stage);
  const page = await choose(visitor, [file.path], { passphrase });
  const link = await measured('sending', file.size, async () => {
    await press(page, 'Send');
    return linkOf(page);
  });
  await leave(visitor);
  return link;
}

/**
 * In a browser that records nothing, since what is measured is what a person's browser takes.
 * @param {Stage} stage
 * @param {Made} file
 * @param {string} link
 * @param {string | undefined} passphrase
 */
async function received(stage, file, link, passphrase) {
  const [profile, downloads] = await Promise.all(['profile-', 'downloads-'].map((name) => mkdtemp(join(stage.folder, name))));
  const browser = new Bare(profile);
  try {
    const page = await browser.open(link, downloads);
    if (passphrase !== undefined) await page.unlock(passphrase);
    await page.reach('open');
    await measured('receiving', file.size, async () => {
      await page.press('Download');
      await page.reach('done');
      return '';
    });
  } finally {
    await browser.close();
  }
  const [name] = await readdir(downloads);
  assert.equal(await sha256Of(join(downloads, name)), file.sha256);
  await rm(downloads, { recursive: true });
}

/**
 * @param {string} name
 * @param {Stage} stage
 */
async function enter(name, stage) {
  const visitor = await Visitor.enter(name, stage.browser, stage.given.server);
  visitor.context.setDefaultTimeout(LONG);
  return visitor;
}

/** @param {Visitor} visitor */
async function leave(visitor) {
  assert.deepEqual([...visitor.wrong, ...visitor.elsewhere], []);
  await visitor.leave();
}

await story(async (stage) => {
  const { pid, size } = stage.given;
  assert.ok(size > 0 && pid > 0, 'give --size BYTES and --pid PID');
  const file = await make(join(stage.folder, 'a long recording.bin'), size);
  const before = await resident(pid);
  for (const passphrase of [undefined, 'a passphrase for a long recording']) {
    const link = await sent(stage, file, passphrase);
    await received(stage, file, link, passphrase);
    const growth = (await resident(pid)).peak - before.now;
    if (growth > SERVER) over.push(`the server grew by ${Math.round(growth / MIB)} MiB`);
    saw(`${Math.round(size / MIB)} MiB ${passphrase === undefined ? 'without' : 'with'} a passphrase: identical; the server grew by ${Math.round(growth / MIB)} MiB at most`);
  }
  assert.deepEqual(over, [], `the renderers may grow by ${BROWSER / MIB} MiB, the server by ${SERVER / MIB}`);
});
