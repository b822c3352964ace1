// Moments and lengths of time as a person says them. Pure.

import { LANGUAGE } from './words.js';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const ONE_DAY = 24 * HOUR;

const RELATIVE = new Intl.RelativeTimeFormat(LANGUAGE, { numeric: 'auto' });

/** Units with their seconds, and up to how many seconds each is the one to say. */
const STEPS = /** @type {const} */ ([
  ['second', 1, 55], ['minute', MINUTE, 55 * MINUTE], ['hour', HOUR, 22 * HOUR], ['day', ONE_DAY, 45 * ONE_DAY],
  ['month', 30.44 * ONE_DAY, 320 * ONE_DAY], ['year', 365.25 * ONE_DAY, Infinity],
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

/**
 * "7 days", "12 hours": a length of time in its largest whole unit.
 * @param {number} seconds
 */
export function ageText(seconds) {
  const [unit, length] = /** @type {[string, number]} */ (
    seconds >= ONE_DAY ? ['day', ONE_DAY] : seconds >= HOUR ? ['hour', HOUR] : ['minute', MINUTE]);
  const format = new Intl.NumberFormat(LANGUAGE, { style: 'unit', unit, unitDisplay: 'long', maximumFractionDigits: 1 });
  return format.format(seconds / length);
}
