// The search for secrets finds what it is there to find.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';

import { found, spellings } from './secrets.js';

const NAME = 'Übersicht, 2026.pdf';

/** @type {[string, (bytes: Buffer) => string | Buffer][]} */
const WRITERS = [
  ['raw', (bytes) => bytes],
  ['hexadecimal', (bytes) => bytes.toString('hex')],
  ['HEXADECIMAL', (bytes) => bytes.toString('hex').toUpperCase()],
  ['base64 at 0', (bytes) => bytes.toString('base64')],
  ['base64 at 1', (bytes) => Buffer.concat([Buffer.from('x'), bytes, Buffer.from('tail')]).toString('base64')],
  ['base64 at 2', (bytes) => Buffer.concat([Buffer.from('xy'), bytes, Buffer.from('tail')]).toString('base64')],
  ['base64url at 0', (bytes) => bytes.toString('base64url')],
  ['base64url at 1', (bytes) => Buffer.concat([Buffer.from('x'), bytes, Buffer.from('tail')]).toString('base64url')],
  ['base64url at 2', (bytes) => Buffer.concat([Buffer.from('xy'), bytes, Buffer.from('tail')]).toString('base64url')],
];

for (const [spelling, write] of WRITERS) {
  test(`a secret written as ${spelling} is found inside something longer`, () => {
    const secret = { name: 'the secret', bytes: randomBytes(32) };
    const buffer = Buffer.concat([randomBytes(1000), Buffer.from(write(secret.bytes)), randomBytes(1000)]);
    assert.ok(found([secret], [buffer]).includes(`the secret (${spelling})`));
  });
}

test('a name is found as a part of an address and in a JSON string', () => {
  const secret = { name: 'the name', bytes: Buffer.from(NAME) };
  const address = Buffer.from(new URL(`/download/1/${encodeURIComponent(NAME)}`, 'http://localhost').href);
  assert.deepEqual(found([secret], [address]), ['the name (percent-encoded)']);
  assert.deepEqual(found([secret], [Buffer.from(JSON.stringify({ n: NAME }))]), ['the name (raw)']);
});

test('nothing is found where nothing is', () => {
  assert.deepEqual(found([{ name: 'the secret', bytes: randomBytes(32) }], [randomBytes(1_000_000)]), []);
});

test('what is so short that it is found by chance is refused', () => {
  assert.throws(() => spellings(Buffer.from('a.txt')), /too few/);
});
