// A stage as `deploy` made it: an admin makes a token at the admin service, somebody sends with it by way of the CDN, somebody else receives,
// and nobody a second time.

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { at, goTo, secretOf, signIn } from '../admin.js';
import { launch } from '../chromium.js';
import { make } from '../files.js';
import { choose, download, linkOf, look, press, reach } from '../person.js';
import { Visitor } from '../visitor.js';

const { values } = parseArgs({
  options: { user: { type: 'string' }, admin: { type: 'string' }, key: { type: 'string' }, s3: { type: 'string' } },
});
const { user, admin, key, s3 } = values;
if (!user || !admin || !key || !s3) throw new Error('give --user and --admin, the addresses of the services, --key of the admins, and --s3, the origin of the storage');

// Nobody knows who signed the certificate of the emulator.
const browser = await launch(['--ignore-certificate-errors']);
const folder = await mkdtemp(join(tmpdir(), 'send-e2e-'));
/** @type {Visitor[]} */
const visitors = [];

/**
 * @param {string} name
 * @param {string} base
 */
async function enter(name, base) {
  const visitor = await Visitor.enter(name, browser, base, s3);
  visitors.push(visitor);
  return visitor;
}

/** @returns {Promise<string>} the secret of a token */
async function madeToken() {
  const page = await (await enter('admin', /** @type {string} */ (admin))).open('/');
  await signIn(page, /** @type {string} */ (key));
  await at(page, 'Overview');
  await goTo(page, 'Tokens');
  await press(page, 'New token');
  await page.getByLabel('Name', { exact: true }).fill('newsroom');
  await press(page, 'Create');
  return secretOf(page);
}

/**
 * @param {string} token
 * @param {import('../files.js').Made} file
 */
async function sent(token, file) {
  const page = await choose(await enter('sender', /** @type {string} */ (user)), [file.path], { downloads: 'once' });
  await page.getByLabel('Access token').fill(token);
  await press(page, 'Send');
  return linkOf(page);
}

try {
  // Three parts.
  const file = await make(join(folder, 'minutes of the meeting.mov'), 9_000_001);
  const link = await sent(await madeToken(), file);
  assert.ok(link.startsWith(`${user}/d#`), `the link leads through the CDN: ${link.split('#')[0]}`);
  const saved = await download(await look(await enter('recipient', /** @type {string} */ (user)), link));
  assert.deepEqual([saved.name, saved.sha256], [file.name, file.sha256], 'it comes back as it was sent');
  const late = await (await enter('another', /** @type {string} */ (user))).open(link);
  await reach(late, 'ended');
  for (const { name, wrong, elsewhere } of visitors) {
    assert.deepEqual([wrong, elsewhere], [[], []], `nothing was reported by the ${name}, nor asked of another origin`);
  }
  console.log(`  9,000,001 bytes with a token of the admin page through ${new URL(link).host} and back: identical, once`);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
} finally {
  await browser.close();
  await rm(folder, { recursive: true, force: true });
}
