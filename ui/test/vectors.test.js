import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { runVectors } from './run-vectors.js';

const folder = new URL('../../crates/send-crypto/vectors/', import.meta.url);

test('every vector of the format holds', async (t) => {
  const { groups, failures } = await runVectors((path) => readFile(new URL(path, folder), 'utf8'));
  for (const [name, count] of Object.entries(groups)) t.diagnostic(`vectors ${name}: ${count}`);
  t.diagnostic(`vectors in all: ${Object.values(groups).reduce((sum, count) => sum + count, 0)}`);
  assert.deepEqual(failures, []);
});
