// What the pages promise of themselves, as far as it can be told without a browser.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { ApiError, SaveError } from '../shared/errors.js';
import { endingOf, isCancel, oldBrowser } from '../user/endings.js';
import { strength } from '../user/passphrase-strength.js';
import { RECEIVING } from '../user/receive-endings.js';
import { SENDING } from '../user/send-endings.js';
import { often } from '../user/words.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PAGES = /** @type {const} */ ([
  ['user/index.html', 'user/send-page.js'],
  ['user/d.html', 'user/receive-page.js'],
  ['docs/index.html', 'docs/docs.js'],
  ['admin/index.html', 'admin/page.js'],
]);
/** Bytes, compressed, of the first load for sending. */
const FIRST_LOAD = 60_000;

/** @param {string} path */
const read = (path) => readFileSync(join(ROOT, path), 'utf8');

/**
 * Everything that a module imports before it runs, itself included.
 * @param {string} path
 * @param {Set<string>} [seen]
 * @returns {Set<string>}
 */
function imported(path, seen = new Set()) {
  if (seen.has(path)) return seen;
  seen.add(path);
  for (const [, source] of read(path).matchAll(/^(?:import|export)\s[^;]*?from '(\.[^']+)';$/gms)) {
    imported(relative(ROOT, join(ROOT, dirname(path), source)), seen);
  }
  return seen;
}

/** @param {string} page */
function preloaded(page) {
  return [...read(page).matchAll(/rel="modulepreload" href="\{\{assets\}\}\/([^"]+)"/g)].map(([, path]) => path).sort();
}

for (const [page, entry] of PAGES) {
  test(`${page} preloads all that its script imports, and nothing else`, () => {
    assert.deepEqual(preloaded(page), [...imported(entry)].filter((path) => path !== entry).sort());
  });

  test(`${page} has no script, style or handler of its own`, () => {
    assert.doesNotMatch(read(page), /<style|style=|\son\w+=|<script(?![^>]*\ssrc=)/);
  });

  test(`${page} names nothing on another host`, () => {
    assert.doesNotMatch(read(page), /(?:src|href)="(?:[a-z]+:)?\/\//);
  });
}

test('the first load for sending stays under 60 kB', () => {
  const files = [...imported('user/send-page.js'), 'user/index.html', 'shared/style.css', 'user/style.css', 'shared/favicon.svg'];
  const bytes = files.reduce((sum, path) => sum + gzipSync(read(path)).length, 0);
  assert.ok(bytes < FIRST_LOAD, `${bytes} bytes`);
});

test('each error of the engine has a sentence of its own', () => {
  const expired = endingOf(new ApiError('expired', ''), RECEIVING);
  const titles = Object.values(RECEIVING).map(({ title }) => title);
  assert.equal(new Set(titles).size, titles.length);
  assert.equal(expired.title, 'This link has expired.');
  assert.notEqual(endingOf(new SaveError('disk', ''), RECEIVING).title, expired.title);
});

test('sending says that the files are still chosen', () => {
  assert.match(endingOf(new ApiError('storage_full', ''), SENDING).text, /still chosen/);
});

test('what the engine did not foresee is said to be so', () => {
  assert.equal(endingOf(new TypeError('x'), RECEIVING).title, 'Something went wrong on this page.');
});

test('an abort is no failure, and an error is no abort', () => {
  assert.equal(isCancel(new DOMException('', 'AbortError')), true);
  assert.equal(isCancel(new ApiError('network', '')), false);
});

test('a browser that is too old is told what it lacks', () => {
  assert.match(oldBrowser(['workers', 'streams']).text, /^It lacks workers and streams\./);
});

for (const [text, expected] of /** @type {const} */ ([
  ['', 'empty'], ['password', 'weak'], ['Password1!', 'weak'], ['12345678', 'weak'], ['aaaaaaaaaaaaaaaaaaaa', 'weak'],
  ['correct horse', 'weak'], ['copper lantern meadow violin', 'fair'], ['copper lantern meadow violin harbour', 'strong'],
  ['horse horse horse horse horse horse', 'weak'], ['kQ7!vR2#pL9z', 'strong'],
])) {
  test(`"${text}" is ${expected}`, () => assert.equal(strength(text), expected));
}

test('the limit of downloads is said in words', () => {
  assert.equal(often.will(1, 'Sunday'), 'Can be downloaded once, until Sunday.');
  assert.equal(often.will(0, 'Sunday'), 'Can be downloaded any number of times, until Sunday.');
  assert.equal(often.can(null, 'Sunday'), 'It can be downloaded until Sunday.');
  assert.equal(often.can(9, 'Sunday'), 'It can be downloaded 9 times more, until Sunday.');
  assert.match(often.can(0, 'Sunday'), /^No download is left/);
});
