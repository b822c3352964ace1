// What the audit log notes beside an act, as a person reads it. Pure.

import { bytesText } from '../shared/measure.js';
import { ageText } from '../shared/moments.js';
import { audit as words } from './words.js';

/** The texts of what is known; a limit of 0 is none, and not worth a word. @type {Record<string, (value: any) => string>} */
const TEXTS = {
  usage_limit: (count) => (count === 0 ? words.details.anyTransfers : words.details.transfers(count)),
  bytes_limit: (bytes) => (bytes === 0 ? '' : words.details.bytes(bytesText(bytes))),
  max_age_s: (seconds) => (seconds === 0 ? '' : words.details.age(ageText(seconds))),
  expires_in: (seconds) => words.details.age(ageText(seconds)),
  reason: (reason) => words.details.reason(String(reason)),
};

/** In this order, whatever order they are noted in. */
const ORDER = Object.keys(TEXTS);

/**
 * @param {Record<string, unknown>} details
 * @returns {string} empty where there is nothing to say; what is not known is said as it was noted
 */
export function detailsText(details) {
  const known = ORDER.filter((name) => name in details).map((name) => TEXTS[name](details[name]));
  const others = Object.entries(details).filter(([name]) => !(name in TEXTS)).map(([name, value]) => `${name.replaceAll('_', ' ')} ${plain(value)}`);
  return [...known, ...others].filter((text) => text !== '').join(', ');
}

/** @param {unknown} value */
const plain = (value) => (typeof value === 'string' ? value : JSON.stringify(value));
