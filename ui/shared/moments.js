// Moments as a person says them: how long ago, or in how long. Pure.

import { LANGUAGE } from './words.js';

const RELATIVE = new Intl.RelativeTimeFormat(LANGUAGE, { numeric: 'auto' });

/** Units with their seconds, and up to how many seconds each is the one to say. */
const STEPS = /** @type {const} */ ([
  ['second', 1, 55], ['minute', 60, 55 * 60], ['hour', 3600, 22 * 3600], ['day', 86_400, 45 * 86_400],
  ['month', 30.44 * 86_400, 320 * 86_400], ['year', 365.25 * 86_400, Infinity],
]);

/**
 * "3 minutes ago", "in 6 days", "now".
 * @param {number} at milliseconds since 1970
 * @param {number} now
 */
export function relativeText(at, now) {
  const seconds = (at - now) / 1000;
  if (Math.abs(seconds) < 5) return RELATIVE.format(0, 'second');
  const [unit, length] = STEPS.find(([, , border]) => Math.abs(seconds) < border) ?? STEPS[5];
  return RELATIVE.format(Math.round(seconds / length), unit);
}

/** @param {number} milliseconds */
export function tookText(milliseconds) {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  return `${(milliseconds / 1000).toLocaleString(LANGUAGE, { maximumFractionDigits: 1 })} s`;
}
