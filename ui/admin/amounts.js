// Amounts as the forms take them and the tables show them. Pure.

/** The units that a limit can be given in. */
export const UNITS = /** @type {const} */ ({ bytes: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 });

/** @typedef {keyof typeof UNITS} Unit */

/** The sizes that transfers can be filtered by: from, and up to, in bytes. Empty is no border. */
export const SIZES = /** @type {const} */ ({
  small: { max_size: 999_999 },
  medium: { min_size: 1_000_000, max_size: 99_999_999 },
  large: { min_size: 100_000_000, max_size: 999_999_999 },
  huge: { min_size: 1_000_000_000 },
});

/** @typedef {keyof typeof SIZES} Size */

/**
 * Bytes as a number and the largest unit that says them exactly; 1 GB where there are none.
 * @param {number} bytes
 * @returns {{amount: number, unit: Unit}}
 */
export function inUnits(bytes) {
  const names = /** @type {Unit[]} */ (Object.keys(UNITS));
  const unit = bytes > 0 ? names.findLast((name) => bytes % UNITS[name] === 0) ?? 'bytes' : 'GB';
  return { amount: bytes / UNITS[unit], unit };
}

/**
 * The bytes of an amount that somebody typed; an empty one is no limit, 0.
 * @param {string} amount
 * @param {string} unit
 * @returns {number | null} null when it is no amount that can be counted
 */
export function bytesOf(amount, unit) {
  const bytes = Math.round(Number(amount) * UNITS[/** @type {Unit} */ (unit)]);
  return Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : null;
}

/**
 * A whole number that somebody typed; an empty one is no limit, 0.
 * @param {string} text
 * @returns {number | null} null when it is none
 */
export function countOf(text) {
  const count = Number(text);
  return Number.isSafeInteger(count) && count >= 0 ? count : null;
}

/**
 * The beginning of an id, enough to know it again.
 * @param {string} id
 */
export const shortened = (id) => (id.length > 12 ? `${id.slice(0, 8)}…` : id);
