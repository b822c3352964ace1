// Where in the pages somebody is. The place stands in the address, as `#/tokens`. What of it is looked at (a token's name, a transfer's id,
// a filter) stands in the browser's history beside it and not in the address: some names are all that it takes to send, and addresses
// are kept, completed and passed on.

export const PLACES = /** @type {const} */ (['overview', 'tokens', 'transfers', 'reports', 'audit', 'settings']);

/** @typedef {(typeof PLACES)[number]} Place */

/**
 * What of a place is looked at: one thing, or a page of all that the filter lets pass. `pages`: where the pages before this one
 * went on, this one's last; empty on the first.
 * @typedef {{subject: string, filter: Record<string, string>, pages: string[]}} View
 */

/** All of a place, from the beginning. @type {View} */
export const WHOLE = { subject: '', filter: {}, pages: [] };

/**
 * The place that an address names; the overview, where it names none.
 * @param {string} hash `#/tokens`
 * @returns {Place}
 */
export function placeOf(hash) {
  return PLACES.find((place) => hash === hashOf(place)) ?? 'overview';
}

/** @param {Place} place */
export const hashOf = (place) => `#/${place}`;

/**
 * The view that the history holds, as far as it is one: an older page may have written it.
 * @param {unknown} state
 * @returns {View}
 */
export function viewOf(state) {
  const { subject, filter, pages } = /** @type {Partial<Record<keyof View, unknown>>} */ (state ?? {});
  return {
    subject: typeof subject === 'string' ? subject : '',
    filter: textsOf(filter),
    pages: Array.isArray(pages) && pages.every((page) => typeof page === 'string') ? pages : [],
  };
}

/** @param {unknown} filter @returns {Record<string, string>} */
function textsOf(filter) {
  if (typeof filter !== 'object' || filter === null) return {};
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => typeof value === 'string' && value !== ''));
}
