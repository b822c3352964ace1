// Runs every vector of the format in Node, and prints how many of each file there were, as JSON.

import { readFile } from 'node:fs/promises';

import { runVectors } from '../../../ui/test/run-vectors.js';

const FOLDER = new URL('../../send-crypto/vectors/', import.meta.url);

const { groups, failures } = await runVectors((path) => readFile(new URL(path, FOLDER), 'utf8'));
for (const failure of failures) console.error(failure);
console.log(JSON.stringify(groups));
process.exitCode = failures.length === 0 ? 0 : 1;
