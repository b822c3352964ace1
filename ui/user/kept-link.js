// The link leaves the address bar before the first request, so that neither the history, nor a request, nor a
// picture of the screen holds it. What the tab keeps for a reload is kept by Receiving.

import { Receiving } from '../shared/receiving.js';

/**
 * Takes the key out of the address.
 * @returns {string} the key as it stood there; the one that this tab kept when there was none; else empty
 */
export function takeLink() {
  const key = location.hash.slice(1);
  if (key === '') return Receiving.keptLink(sessionStorage) ?? '';
  history.replaceState(null, '', location.pathname);
  return key;
}
