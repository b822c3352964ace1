import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { browser, files } from './chromium.js';
import { runVectors } from './run-vectors.js';

const repository = new URL('../../', import.meta.url);

test('every vector holds in Chromium, and they are as many as in Node', async (t) => {
  const origin = await files(t, repository);
  const page = await (await browser(t)).newPage();
  await page.goto(`${origin}/ui/test/vectors.html`);
  await page.waitForSelector('html[data-done]', { state: 'attached', timeout: 120_000 });
  const { groups, failures } = JSON.parse(await page.locator('pre').innerText());
  assert.deepEqual(failures, []);
  const load = (/** @type {string} */ path) => readFile(new URL(`crates/send-crypto/vectors/${path}`, repository), 'utf8');
  assert.deepEqual(groups, (await runVectors(load)).groups);
});
