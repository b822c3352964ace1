// Sizes at the borders of the format: what arrives is what was sent, and nothing of it was told to anyone on the way.

import assert from 'node:assert/strict';
import { join } from 'node:path';

import { make } from '../files.js';
import { download, look, reach, send } from '../person.js';
import { saw, story } from '../story.js';
import { stateOf } from '../server-side.js';

/** Nothing, one byte, the most that fits one part after padding, and one byte more. */
const SIZES = [0, 1, 4_128_768, 4_128_769];
const PASSPHRASES = [undefined, 'correct horse, päßword 42'];

await story(async (stage) => {
  for (const size of SIZES) {
    for (const passphrase of PASSPHRASES) {
      const file = await make(join(stage.folder, `quarterly figures ${size} (final).bin`), size);
      const link = await send(await stage.visitor('sender'), [file.path], { passphrase });
      assert.match(link, /\/d#[\w-]{51}$/, 'the link is an address and 51 characters');

      const page = await look(await stage.visitor('recipient'), link, passphrase);
      assert.equal(new URL(page.url()).hash, '', 'the fragment leaves the address bar');
      const saved = await download(page);
      await reach(page, 'done');
      assert.equal(saved.name, file.name);
      assert.equal(saved.sha256, file.sha256, `${size} bytes come back as they were sent`);
      assert.equal((await stateOf(stage.given.server, link)).downloadsLeft, 9, 'one download of ten was counted');

      await stage.nothingLeft(link, passphrase, [file]);
      await stage.clear();
      saw(`${size} bytes ${passphrase === undefined ? 'without' : 'with'} a passphrase: identical, one download counted, nothing told`);
    }
  }
});
