// Sizes and moments as a person reads them, with the exact value in the element for machines and on hover.

import { bytesText } from '../measure.js';
import { exactly, LANGUAGE } from '../words.js';
import { make } from './dom.js';

const DAY = new Intl.DateTimeFormat(LANGUAGE, { weekday: 'long', day: 'numeric', month: 'long' });
/** The time of day, to the minute. */
export const TIME = new Intl.DateTimeFormat(LANGUAGE, { hour: '2-digit', minute: '2-digit' });
/** The whole of a moment, with its zone. */
export const EXACT = new Intl.DateTimeFormat(LANGUAGE, { dateStyle: 'full', timeStyle: 'long' });

/**
 * "Sunday 29 November, 14:05", in the reader's zone.
 * @param {number} at milliseconds since 1970
 */
export const momentText = (at) => `${DAY.format(at)}, ${TIME.format(at)}`;

/**
 * @param {number} at milliseconds since 1970
 * @returns {HTMLTimeElement}
 */
export function momentMark(at) {
  return make('time', { datetime: new Date(at).toISOString(), title: EXACT.format(at) }, momentText(at));
}

/**
 * @param {number} bytes
 * @returns {HTMLDataElement}
 */
export function sizeMark(bytes) {
  return make('data', { value: bytes, title: exactly(bytes) }, bytesText(bytes));
}
