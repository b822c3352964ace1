import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../shared/errors.js';
import { Persistence } from '../shared/retry.js';

const PATIENCE = { base: 1, cap: 2, networkTries: 5, serverTries: 3 };

/**
 * How often a request is tried that always ends so.
 * @param {ApiError | Error} error
 */
async function triesOf(error) {
  let tries = 0;
  const persistence = new Persistence({ patience: PATIENCE, signal: new AbortController().signal });
  await assert.rejects(persistence.run(async () => {
    tries++;
    throw error;
  }), (thrown) => thrown === error);
  return tries;
}

test('what may pass is tried again, for as long as patience lasts', async () => {
  assert.equal(await triesOf(new ApiError('network', '')), 5);
  assert.equal(await triesOf(new ApiError('server', '', { status: 503 })), 3);
  assert.equal(await triesOf(new ApiError('busy', '', { status: 429, retryAfter: 0 })), 3);
});

test('what will not pass is tried once', async () => {
  for (const kind of /** @type {const} */ (['not_found', 'exhausted', 'storage_full', 'too_many_guesses', 'conflict', 'refused'])) {
    assert.equal(await triesOf(new ApiError(kind, '')), 1, kind);
  }
  assert.equal(await triesOf(new Error('a defect')), 1);
  assert.equal(await triesOf(new ApiError('busy', '', { status: 429, retryAfter: 3600 })), 1);
});

test('an abort ends the wait with its reason', async () => {
  const control = new AbortController();
  const patience = { ...PATIENCE, base: 60_000, cap: 60_000 };
  const waiting = new Persistence({ patience, signal: control.signal, onChange: () => control.abort(new DOMException('', 'AbortError')) });
  await assert.rejects(waiting.run(() => Promise.reject(new ApiError('network', ''))), { name: 'AbortError' });
});

test('it waits for the network only while everything under way does', async () => {
  const seen = new Set();
  const control = new AbortController();
  const persistence = new Persistence({ patience: PATIENCE, signal: control.signal, onChange: () => seen.add(persistence.waiting) });
  /** @type {() => void} */
  let answer = () => {};
  const other = persistence.run(() => new Promise((resolve) => { answer = () => resolve(null); }));
  await assert.rejects(persistence.run(() => Promise.reject(new ApiError('network', ''))));
  assert.deepEqual([...seen], [false]);
  answer();
  await other;
  await assert.rejects(persistence.run(() => Promise.reject(new ApiError('network', ''))));
  assert.deepEqual([...seen], [false, true]);
});
