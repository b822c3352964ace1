// What the pages need from a browser, asked for before anything begins.

import { insecure, oldBrowser } from './endings.js';

/** @type {readonly (readonly [string, () => boolean])[]} */
const NEEDS = [
  ['workers', () => typeof Worker === 'function'],
  ['streams', () => typeof ReadableStream === 'function' && typeof TransformStream === 'function' && 'stream' in Blob.prototype],
  ['AbortSignal.any', () => 'any' in AbortSignal],
];

/**
 * The ending to show when this page cannot work here, else null.
 * @returns {import('./endings.js').Ending | null}
 */
export function unmetNeed() {
  // Over plain http from another machine there is no WebCrypto: https://w3c.github.io/webcrypto/#crypto-interface
  if (!globalThis.isSecureContext) return insecure;
  if (!globalThis.crypto?.subtle) return oldBrowser(['WebCrypto']);
  const missing = NEEDS.filter(([, met]) => !met()).map(([name]) => name);
  return missing.length > 0 ? oldBrowser(missing) : null;
}
