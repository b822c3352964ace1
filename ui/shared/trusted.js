// The one Trusted Types policy of these pages: scripts that are started as workers come from where
// this page's own scripts come from, or are the service worker at the root.

/**
 * Where scripts may be: the folder above this module's, as `/assets/{hash}/`.
 */
const base = new URL('..', import.meta.url);

/** @param {string} address */
function allowed(address) {
  const url = new URL(address, base);
  const ours = url.href.startsWith(base.href) || (url.origin === base.origin && url.pathname === '/sw.js');
  if (!ours) throw new TypeError('not a script of this page');
  return url.href;
}

/**
 * Browsers with Trusted Types, until TypeScript's own library knows them.
 * @typedef {{createPolicy(name: string, rules: {createScriptURL(address: string): string}):
 *   {createScriptURL(address: string): string}}} TrustedTypes
 */

const { trustedTypes } = /** @type {{trustedTypes?: TrustedTypes}} */ (/** @type {unknown} */ (globalThis));
const policy = trustedTypes?.createPolicy('sgraph-send', { createScriptURL: allowed }) ?? { createScriptURL: allowed };

/**
 * The address in the form that `new Worker` and `serviceWorker.register` take under
 * `require-trusted-types-for 'script'`. Typed as the string that other browsers need.
 * @param {URL | string} address
 * @returns {string}
 * @throws {TypeError} when the script is not one of this page's own
 */
export function scriptUrl(address) {
  return policy.createScriptURL(String(address));
}
