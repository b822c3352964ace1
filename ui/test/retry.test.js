import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ApiError } from '../shared/errors.js';
import { Persistence, TRANSFER } from '../shared/retry.js';

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
  assert.deepEqual([...seen], [null]);
  answer();
  await other;
  await assert.rejects(persistence.run(() => Promise.reject(new ApiError('network', ''))));
  assert.deepEqual([...seen], [null, 'network']);
});

/**
 * Milliseconds for which a request is tried that a server turns away at once, with the shortest pauses that chance can choose.
 * @param {import('node:test').TestContext} t
 * @param {import('../shared/retry.js').Patience} patience
 */
async function shortestWait(t, patience) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  t.mock.method(Math, 'random', () => 0);
  let over = false;
  const persistence = new Persistence({ patience, signal: new AbortController().signal });
  persistence.run(() => Promise.reject(new ApiError('server', '', { status: 503 }))).catch(() => { over = true; });
  let waited = 0;
  for (; !over && waited < 600_000; waited += 100) {
    for (let turns = 0; turns < 10; turns++) await Promise.resolve();
    if (!over) t.mock.timers.tick(100);
  }
  return waited;
}

test('a server that turns away is waited for twice as long as it takes to lose and regain its storage', async (t) => {
  const waited = await shortestWait(t, TRANSFER);
  assert.ok(waited > 45_000 && waited < 60_000, String(waited));
});

test('a network that came back does not shorten the wait for the server', async () => {
  const patience = { ...PATIENCE, networkTries: Infinity };
  const persistence = new Persistence({ patience, signal: new AbortController().signal });
  let tries = 0;
  const result = await persistence.run(async () => {
    tries++;
    if (tries <= 10) throw new ApiError('network', '');
    if (tries <= 12) throw new ApiError('server', '', { status: 503 });
    return 'answered';
  });
  assert.equal(result, 'answered');
});

test('what was turned away waits until it is answered, or until bytes arrive', async () => {
  /** @type {Array<string | null>} */
  const seen = [];
  const persistence = new Persistence({ patience: PATIENCE, signal: new AbortController().signal });
  let tries = 0;
  await persistence.run(async () => {
    seen.push(persistence.waiting);
    tries++;
    if (tries === 1) throw new ApiError('network', '');
    if (tries === 2) throw new ApiError('server', '', { status: 503 });
    persistence.arriving();
    seen.push(persistence.waiting);
  });
  assert.deepEqual(seen, [null, 'network', 'server', null]);
  assert.equal(persistence.waiting, null);
});
