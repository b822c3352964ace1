// Fifty files at once: all of them as one ZIP, which another program unpacks, and one of them alone.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { make, sha256Of } from '../files.js';
import { download, look, reach, send } from '../person.js';
import { stateOf } from '../server-side.js';
import { saw, story } from '../story.js';

const COUNT = 50;
const NAMES = ['minutes of {} May.txt', 'Übersicht {}, Größen.csv', "the editor's cut {}.mov", '会議の記録 {}.pdf', 'budget, 100% & more #{}.xlsx'];
const PASSPHRASES = [undefined, 'four unrelated words here'];

/**
 * @param {string} folder
 * @returns {Promise<import('../files.js').Made[]>}
 */
function makeMany(folder) {
  return Promise.all(Array.from({ length: COUNT }, (_, i) => {
    const name = NAMES[i % NAMES.length].replace('{}', String(i));
    // The first is empty, the last spans three parts; the parts' borders lie within files.
    return make(join(folder, name), i === COUNT - 1 ? 9_000_001 : i * 4_999);
  }));
}

/**
 * Unpacks with a program that is not ours, which checks every CRC.
 * @param {string} zip
 * @param {string} folder
 */
async function unpack(zip, folder) {
  await mkdir(folder);
  execFileSync('python3', ['-m', 'zipfile', '-e', zip, folder]);
  const names = await readdir(folder);
  return new Map(await Promise.all(names.map(async (name) => /** @type {const} */ ([name, await sha256Of(join(folder, name))]))));
}

await story(async (stage) => {
  for (const [round, passphrase] of PASSPHRASES.entries()) {
    await mkdir(join(stage.folder, `sent ${round}`));
    const files = await makeMany(join(stage.folder, `sent ${round}`));
    const link = await send(await stage.visitor('sender'), files.map(({ path }) => path), { passphrase });
    const page = await look(await stage.visitor('recipient'), link, passphrase);
    assert.equal(await page.locator('file-list li').count(), COUNT);

    const alone = files[33];
    const one = await download(page, `Save ${alone.name}`);
    await reach(page, 'open');
    assert.equal(one.name, alone.name);
    assert.equal(one.sha256, alone.sha256);
    saw(`one file of ${COUNT} by the button on its own line: identical`);

    const all = await download(page);
    await reach(page, 'done');
    const unpacked = await unpack(all.path, join(stage.folder, `unpacked ${round}`));
    assert.deepEqual(unpacked, new Map(files.map(({ name, sha256 }) => [name, sha256])));
    assert.equal((await stateOf(stage.given.server, link)).downloadsLeft, 9, 'both belong to one download');
    saw(`${COUNT} files as one ZIP ${passphrase === undefined ? 'without' : 'with'} a passphrase: every name and every byte, one download counted`);

    // One of each kind of name, the largest among them: looking for all would take minutes.
    await stage.nothingLeft(link, passphrase, files.slice(-NAMES.length));
    await stage.clear();
  }
});
