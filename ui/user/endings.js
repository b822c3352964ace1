// What a person reads when something ends: what happened, whether anything was lost, and what can be done. Each page
// has a table of its own for what can happen there; what can happen on both is here.

import { LANGUAGE } from './words.js';

/** @typedef {import('../shared/errors.js').ApiKind} ApiKind */
/** @typedef {import('../shared/errors.js').SaveKind} SaveKind */
/** @typedef {import('../shared/format/errors.js').FormatKind} FormatKind */
/** @typedef {ApiKind | SaveKind | FormatKind | 'insecure' | 'unknown'} Kind every kind that the engine can tell apart */
/** @typedef {'busy' | 'refused' | 'insecure' | 'unknown'} CommonKind */

/**
 * `again`: trying the same once more can help. `grave`: something is not as it should be.
 * @typedef {{title: string, text: string, again?: boolean, grave?: boolean}} Ending
 */
/** @typedef {Partial<Record<Kind, Ending>>} Endings */

/** @type {Record<CommonKind, Ending>} */
const COMMON = {
  busy: { title: 'The server is busy.', text: 'Nothing was lost. Try again in a minute.', again: true },
  refused: { title: 'The server did not understand this page.', text: 'Reload the page; it may be older than the server.', again: true },
  insecure: { title: 'This address is not secure enough.', text: 'Browsers encrypt only on pages that come over https, or from this very computer. Open this place by its https address; whoever runs it can set one up.' },
  unknown: { title: 'Something went wrong on this page.', text: 'Nothing was lost. Reload the page and try again.', again: true },
};

/**
 * @param {unknown} error
 * @returns {Kind} `unknown` for what the engine did not foresee
 */
export function kindOf(error) {
  const kind = error instanceof Error && 'kind' in error ? String(error.kind) : 'unknown';
  return /** @type {Kind} */ (kind);
}

/**
 * True when a person or another link stopped it, which is no failure.
 * @param {unknown} error
 */
export const isCancel = (error) => error instanceof DOMException && error.name === 'AbortError';

/**
 * The ending for an error, by the page's own table first.
 * @param {unknown} error
 * @param {Endings} own
 * @returns {Ending}
 */
export function endingOf(error, own) {
  const kind = kindOf(error);
  /** @type {Endings} */
  const common = COMMON;
  return own[kind] ?? common[kind] ?? COMMON.unknown;
}

/** The ending on a page that came over plain http from another machine. */
export const insecure = COMMON.insecure;

/**
 * The ending in a browser that lacks something.
 * @param {readonly string[]} names
 * @returns {Ending}
 */
export function oldBrowser(names) {
  const lacks = new Intl.ListFormat(LANGUAGE).format(names);
  return { title: 'This browser is too old for this page.', text: `It lacks ${lacks}. Update it, or use another.` };
}
