// What the vectors do not say: they hold for readers, these for writers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromB64u, fromHex, toB64u, utf8 } from '../shared/format/bytes.js';
import { cipher, openStream, sealStream } from '../shared/format/cobblestone.js';
import { parseJson } from '../shared/format/json.js';
import { linkText, parseLink, parseOwnerLink } from '../shared/format/link.js';
import { buildManifest } from '../shared/format/manifest.js';
import { isName, savingNames, tidyNames } from '../shared/format/names.js';
import { MAX_PARTS, PART_PLAIN, partCount, partSealedSize, sealedSize } from '../shared/format/sizes.js';

test('base64url comes back, and only its one spelling is read', () => {
  for (let length = 0; length < 40; length++) {
    const bytes = new Uint8Array(length).fill(251);
    assert.deepEqual(fromB64u(toB64u(bytes)), bytes);
  }
  for (const text of ['A', 'AB==', 'AB', 'A+', 'A/', 'é', ' AA']) assert.throws(() => fromB64u(text), RangeError, text);
  for (const text of ['0', 'zz', '0x']) assert.throws(() => fromHex(text), RangeError, text);
});

test('the parts of a stream make up its length, whatever it is', () => {
  for (const plain of [0, 1, 16_383, 16_384, PART_PLAIN - 1, PART_PLAIN, PART_PLAIN + 1, 3 * PART_PLAIN + 5]) {
    const parts = Array.from({ length: partCount(plain) }, (_, part) => partSealedSize(plain, part));
    assert.equal(parts.reduce((sum, size) => sum + size, 0), sealedSize(plain), String(plain));
  }
});

test('a stream opens with its key, context and place only', async () => {
  const key = new Uint8Array(32).fill(7);
  const salt = new Uint8Array(24).fill(1);
  for (const length of [0, 1, 16_383, 16_384, 16_385, 50_000]) {
    const plain = new Uint8Array(length).fill(length);
    const sealed = await sealStream(await cipher(key, utf8('here'), salt), plain);
    assert.deepEqual(await openStream(key, utf8('here'), sealed), plain);
    await assert.rejects(openStream(key, utf8('there'), sealed), { kind: 'wrong_key' });
    await assert.rejects(openStream(key.slice().fill(8), utf8('here'), sealed), { kind: 'wrong_key' });
  }
});

test('a link comes back from what people paste, and an owner link is no link', async () => {
  const secret = new Uint8Array(32).fill(5);
  const text = await linkText(secret, true);
  for (const pasted of [text, ` <https://send.example/d#${text}>.\n`, `“${text}”,`, `\`${text}\``]) {
    assert.deepEqual(await parseLink(pasted), { secret, needsPassphrase: true, text });
  }
  await assert.rejects(parseOwnerLink(text), { name: 'LinkError', kind: 'damaged_link' });
  await assert.rejects(parseLink(text.slice(0, -1)), { name: 'LinkError', kind: 'damaged_link' });
});

test('JSON that could be read in two ways is refused', () => {
  assert.deepEqual(parseJson('{"a":{"b":[1,"}\\"{"]},"b":"a"}'), { a: { b: [1, '}"{'] }, b: 'a' });
  assert.deepEqual(parseJson('{"a" : "a:", "b\\\\": 1}'), { a: 'a:', 'b\\': 1 });
  for (const text of ['{"a":1,"a":1}', '{"a":{"b":1 , "b":2}}', '[{"x":1,"\\u0078":2}]', '{"a":1,"a" \n: 2}', '"\\ud800"']) {
    assert.throws(() => parseJson(text), SyntaxError, text);
  }
  assert.throws(() => parseJson('['.repeat(17) + ']'.repeat(17)), SyntaxError);
});

test('names from a disk are made such that a manifest takes them, each once', () => {
  const names = ['a.txt', 'A.TXT', 'a.txt', 'cafe\u0301', 'caf\u00e9', 'x\u202etxt.exe', 'a\\b', '../etc', '', '/', 'n\u0000', '\ud800.txt'];
  const tidy = tidyNames(names);
  assert.deepEqual(tidy.slice(0, 5), ['a.txt', 'A (2).TXT', 'a (3).txt', 'caf\u00e9', 'caf\u00e9 (2)']);
  assert.deepEqual(tidy.slice(5), ['x_txt.exe', 'a_b', '_/etc', 'file', 'file (2)', 'n_', '_.txt']);
  assert.ok(tidy.every(isName));
});

test('a name that is too long keeps its extension', () => {
  const [one, other] = tidyNames([`${'é'.repeat(200)}.pdf`, `${'é'.repeat(200)}.pdf`]);
  assert.ok(isName(one) && isName(other) && one !== other);
  assert.match(one, /é\.pdf$/);
  assert.match(other, /é \(2\)\.pdf$/);
  assert.ok(isName(tidyNames([`a.${'x'.repeat(400)}`])[0]));
});

test('names are saved so that no system takes them for a device, or refuses them', () => {
  const saved = savingNames(['con', 'CON.txt', 'com1.log', 'lpt¹', 'console.txt', 'a/nul/b.txt', 'a:b?.txt', 'end. ', 'con_']);
  assert.deepEqual(saved, ['con_', 'CON_.txt', 'com1_.log', 'lpt¹_', 'console.txt', 'a/nul_/b.txt', 'a_b_.txt', 'end__', 'con_ (2)']);
});

test('more than one transfer can hold is refused before anything is sent', () => {
  const salt = new Uint8Array(24);
  const file = { name: 'a', type: '', size: MAX_PARTS * PART_PLAIN };
  assert.throws(() => buildManifest(salt, [file]), { kind: 'too_large' });
  const many = Array.from({ length: 10_001 }, (_, i) => ({ name: String(i), type: '', size: 0 }));
  assert.throws(() => buildManifest(salt, many), { kind: 'too_large' });
  assert.throws(() => buildManifest(salt, []), { kind: 'invalid_manifest' });
});
