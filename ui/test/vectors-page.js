// Runs the vectors in a browser, and writes what came of them into the page: the same text for a person
// and for a test. The page is served from the root of the repository.

import { runVectors } from './run-vectors.js';

const folder = new URL('../../crates/send-crypto/vectors/', import.meta.url);

const { groups, failures } = await runVectors(async (path) => {
  const response = await fetch(new URL(path, folder));
  if (!response.ok) throw new Error(`no vectors at ${path}`);
  return response.text();
});

/** @type {HTMLPreElement} */ (document.querySelector('pre')).textContent = JSON.stringify({ groups, failures }, null, 2);
document.documentElement.dataset.done = 'true';
