// A page over plain http from another machine's name: no WebCrypto there, so both pages say so, and ask the server for nothing.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';

import { linkText } from '../../../../ui/shared/format/link.js';
import { launch } from '../chromium.js';
import { saidBy } from '../person.js';
import { saw, story } from '../story.js';
import { Visitor } from '../visitor.js';

const NAME = 'send.test';
/** Chromium says that it leaves out one header where there is no https: that is so for everyone. */
const IGNORED = /^The Cross-Origin-Opener-Policy header has been ignored/;

await story(async (stage) => {
  const browser = await launch([`--host-resolver-rules=MAP ${NAME} 127.0.0.1`]);
  try {
    const visitor = await Visitor.enter('visitor', browser, `http://${NAME}:${new URL(stage.wire.base).port}`);
    for (const address of ['/', `/d#${await linkText(randomBytes(32), false)}`]) {
      const page = await visitor.open(address);
      await page.getByRole('heading', { name: 'This address is not secure enough.' }).waitFor();
      assert.match(await saidBy(page), /Open this place by its https address/);
      assert.equal(await page.getByRole('button', { name: 'Send', exact: true }).isVisible().catch(() => false), false);
      saw(`${address.split('#')[0]} over plain http: ${await saidBy(page)}`);
    }
    assert.ok(!stage.wire.sent.some((bytes) => bytes.includes('/api/v1/')), 'nothing was asked');
    assert.deepEqual(visitor.wrong.filter((text) => !IGNORED.test(text)), []);
  } finally {
    await browser.close();
  }
});
