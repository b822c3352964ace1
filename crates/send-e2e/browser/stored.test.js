// The storage is read whole while it changes.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { paths, stored } from './stored.js';

/** Puts a file in its place again and again, as the server does. @param {string} folder */
async function restless(folder) {
  await mkdir(join(folder, '.staging'));
  for (let turn = 0; turn < 300; turn += 1) {
    const staged = join(folder, '.staging', String(turn));
    await writeFile(staged, 'moved');
    await rename(staged, join(folder, 'moving'));
  }
}

test('a file that is moved while it is looked at is found', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'send-e2e-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'still'), 'still');
  let moves = true;
  const moved = restless(folder).finally(() => { moves = false; });
  while (moves) {
    const seen = await stored(folder, (path) => !path.endsWith('still'));
    assert.ok(seen.paths.includes(join(folder, 'still')));
    for (const content of seen.contents) assert.ok(['', 'moved'].includes(content.toString()));
  }
  await moved;
  assert.deepEqual((await paths(folder)).sort(), ['moving', 'still'].map((name) => join(folder, name)));
});

test('a folder that is not there is told', async () => {
  await assert.rejects(stored(join(tmpdir(), 'send-e2e-nowhere')), { code: 'ENOENT' });
});
