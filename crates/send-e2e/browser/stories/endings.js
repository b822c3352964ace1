// Every way in which a link can end, each in a sentence of its own; and that looking costs nothing.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { linkText } from '../../../../ui/shared/format/link.js';
import { make } from '../files.js';
import { download, look, press, reach, saidBy, send, unlock } from '../person.js';
import { idOf, Owner, stateOf } from '../server-side.js';
import { paths } from '../stored.js';
import { saw, story } from '../story.js';

/**
 * @typedef {import('../story.js').Stage} Stage
 * @typedef {import('../person.js').Settings} Settings
 */

/** @type {Map<string, string>} sentence to what it was said of */
const sentences = new Map();

/**
 * What a page says of a link that does not open; fails when another ending said the same.
 * @param {Stage} stage
 * @param {string} link
 * @param {string} ending
 * @param {RegExp} expected
 */
async function ends(stage, link, ending, expected) {
  const page = await (await stage.visitor(`recipient of ${ending}`)).open(link);
  await reach(page, 'ended');
  own(await saidBy(page), ending, expected);
}

/**
 * @param {string} sentence
 * @param {string} ending
 * @param {RegExp} expected
 */
function own(sentence, ending, expected) {
  assert.match(sentence, expected, ending);
  assert.equal(sentences.get(sentence), undefined, `${ending} has a sentence of its own`);
  sentences.set(sentence, ending);
  saw(`${ending}: ${sentence}`);
}

/**
 * @param {Stage} stage
 * @param {Settings} [settings]
 */
async function sent(stage, settings) {
  const file = await make(join(stage.folder, `a letter ${sentences.size}.bin`), 100_000);
  const link = await send(await stage.visitor('sender'), [file.path], settings);
  return { file, link, owner: Owner.heard(stage.given.server, stage.wire.sent) };
}

/** @param {Stage} stage */
async function damaged(stage) {
  const link = `/d#${await linkText(randomBytes(32), false)}`;
  const flipped = link.slice(0, 20) + (link[20] === 'A' ? 'B' : 'A') + link.slice(21);
  await ends(stage, flipped, 'a damaged link', /This link is incomplete/);
  const short = await (await stage.visitor('recipient of a link cut short')).open(link.slice(0, -1));
  await reach(short, 'ended');
  assert.match(await saidBy(short), /This link is incomplete/);
  assert.ok(!stage.wire.sent.some((bytes) => bytes.includes('/api/v1/sends')), 'nobody is asked about a damaged link');
  await ends(stage, link, 'an unknown link', /nothing behind this link/);
}

/** @param {Stage} stage */
async function wrongPassphrase(stage) {
  const { file, link } = await sent(stage, { passphrase: 'the right one', downloads: 'once' });
  const page = await (await stage.visitor('guesser')).open(link);
  await unlock(page, 'the wrong one');
  const hint = page.locator('passphrase-field .hint');
  await hint.filter({ hasText: /not the passphrase/ }).waitFor();
  own(await hint.innerText(), 'a wrong passphrase', /not the passphrase/);
  assert.equal((await stateOf(stage.given.server, link)).downloadsLeft, 1, 'a wrong passphrase counts nothing');
  await unlock(page, 'the right one');
  await reach(page, 'open');
  assert.equal((await download(page)).sha256, file.sha256);
  await reach(page, 'done');
  saw('the right passphrase afterwards: identical');
}

/** @param {Stage} stage */
async function usedUp(stage) {
  const { file, link } = await sent(stage, { downloads: 'once' });
  for (const name of ['first looker', 'second looker']) {
    const page = await look(await stage.visitor(name), link);
    assert.equal(await page.locator('file-list bdi').innerText(), file.name);
    await page.reload();
    await reach(page, 'open');
  }
  const page = await look(await stage.visitor('recipient'), link);
  assert.equal((await stateOf(stage.given.server, link)).downloadsLeft, 1, 'a preview burns nothing');
  saw('opening and reading names five times: nothing counted');
  assert.equal((await download(page)).sha256, file.sha256);
  await reach(page, 'done');
  await ends(stage, link, 'a used-up link', /used up/);
}

/** @param {Stage} stage */
async function expired(stage) {
  const { link, owner } = await sent(stage);
  const page = await look(await stage.visitor('late recipient'), link);
  await owner.expireIn(1);
  await pause(1_500);
  await press(page, 'Download');
  await reach(page, 'ended');
  assert.match(await saidBy(page), /This link has expired/, 'also to who has it open');
  await ends(stage, link, 'an expired link', /This link has expired/);
}

/** @param {Stage} stage */
async function deleted(stage) {
  const { link, owner } = await sent(stage);
  await owner.delete();
  await ends(stage, link, 'a deleted transfer', /The sender deleted this/);
}

/** @param {Stage} stage */
async function altered(stage) {
  const { link } = await sent(stage);
  await flipStored(stage.given.storage, await idOf(link));
  const page = await look(await stage.visitor('recipient of altered bytes'), link);
  /** @type {string[]} */
  const saved = [];
  page.on('download', async (file) => { if (await file.failure() === null) saved.push(file.suggestedFilename()); });
  await press(page, 'Download');
  await reach(page, 'ended');
  own(await saidBy(page), 'altered contents', /not what was sent/);
  assert.deepEqual(saved, [], 'nothing passes for the file');
}

/**
 * Changes one byte in the middle of what the server stored.
 * @param {string} storage
 * @param {string} id
 */
async function flipStored(storage, id) {
  const part = (await paths(storage)).find((path) => path.includes(id) && path.includes('/parts/'));
  assert.ok(part, 'the part lies in the folder');
  const bytes = await readFile(part);
  bytes[50_000] ^= 1;
  await writeFile(part, bytes);
}

await story(async (stage) => {
  for (const ending of [damaged, wrongPassphrase, usedUp, expired, deleted, altered]) {
    await ending(stage);
    stage.nothingWrong();
    await stage.clear();
  }
});
