// One large file each way, with and without a passphrase: identical, and no memory that grows with it. Nothing lies between browser,
// server and storage here, so that the speeds are theirs. Where parts go straight to the storage, once is enough: what differs is not there.

import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { Bare } from '../bare.js';
import { make, sha256Of } from '../files.js';
import { computed, resident, watched } from '../memory.js';
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
/** Milliseconds that a large file may take: at 5 MB/s, and never less than five minutes. */
const long = (/** @type {number} */ size) => Math.max(300_000, size / 5_000);

/** @type {string[]} what took more than it may, told at the end, so that every figure is there */
const over = [];

/**
 * How long something took, in words, with its speed, the growth of the renderers and the work of the server.
 * @param {string} what
 * @param {import('../story.js').Given} given
 * @param {() => Promise<string>} act
 */
async function measured(what, { cpu, pid, size }, act) {
  const before = performance.now();
  const work = await computed(pid);
  let seconds = 0;
  const { result, growth } = await watched(async () => {
    const done = await act();
    seconds = (performance.now() - before) / 1000;
    return done;
  });
  const share = (await computed(pid) - work) / seconds;
  saw(`${what}: ${seconds.toFixed(1)} s, ${Math.round(size / 1e6 / seconds)} MB/s, renderers grew by ${Math.round(growth / MIB)} MiB at most, the server computed ${(100 * share).toFixed(2)} % of the time`);
  if (share > cpu) over.push(`while ${what}, the server computed ${(100 * share).toFixed(2)} % of the time`);
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
  const link = await measured('sending', stage.given, async () => {
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
    await measured('receiving', stage.given, async () => {
      await page.press('Download');
      await page.reach('done', long(file.size));
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
  const { s3, server, size } = stage.given;
  const visitor = await Visitor.enter(name, stage.browser, server, s3);
  visitor.context.setDefaultTimeout(long(size));
  return visitor;
}

/** @param {Visitor} visitor */
async function leave(visitor) {
  assert.deepEqual([...visitor.wrong, ...visitor.elsewhere], []);
  await visitor.leave();
}

await story(async (stage) => {
  const { pid, s3, size } = stage.given;
  assert.ok(size > 0 && pid > 0, 'give --size BYTES and --pid PID');
  const file = await make(join(stage.folder, 'a long recording.bin'), size);
  const before = await resident(pid);
  const passphrases = s3 ? [undefined] : [undefined, 'a passphrase for a long recording'];
  for (const passphrase of passphrases) {
    const link = await sent(stage, file, passphrase);
    await received(stage, file, link, passphrase);
    const growth = (await resident(pid)).peak - before.now;
    if (growth > SERVER) over.push(`the server grew by ${Math.round(growth / MIB)} MiB`);
    saw(`${Math.round(size / MIB)} MiB ${passphrase === undefined ? 'without' : 'with'} a passphrase: identical; the server grew by ${Math.round(growth / MIB)} MiB at most`);
  }
  assert.deepEqual(over, [], `the renderers may grow by ${BROWSER / MIB} MiB, the server by ${SERVER / MIB}, and compute ${100 * stage.given.cpu} %`);
});
