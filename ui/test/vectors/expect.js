// What the checks of the vectors share: comparing, expecting a class of error, making plaintext.

import { sha256, toHex } from '../../shared/format/bytes.js';

/**
 * @param {unknown} found
 * @param {unknown} expected
 * @param {string} what
 */
export function same(found, expected, what) {
  if (found !== expected) throw new Error(`${what} is ${found}, not ${expected}`);
}

/**
 * Refuses a case with a field that this runner does not know: it would not be checked.
 * @param {object} vector
 * @param {string[]} fields
 */
export function only(vector, fields) {
  const stranger = Object.keys(vector).find((field) => !fields.includes(field));
  if (stranger) throw new Error(`the runner does not know the field ${stranger}`);
}

/**
 * Runs `attempt`, which must fail with this class, or must succeed when there is none.
 * @template T
 * @param {string | null | undefined} kind
 * @param {() => T | Promise<T>} attempt
 * @returns {Promise<T | undefined>} the result, nothing when it failed as it should
 */
export async function ending(kind, attempt) {
  const { value, error } = await settled(attempt);
  same(error === null ? null : /** @type {{kind?: string}} */ (error).kind ?? String(error), kind ?? null, 'the error');
  return value;
}

/**
 * @template T
 * @param {() => T | Promise<T>} attempt
 * @returns {Promise<{value?: T, error: unknown}>}
 */
async function settled(attempt) {
  try {
    return { value: await attempt(), error: null };
  } catch (error) {
    return { error };
  }
}

/**
 * The SHA-256 of bytes in hexadecimal.
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
export async function hash(bytes) {
  return toHex(await sha256(bytes));
}

/**
 * The plaintext that a vector describes, as the vectors' README defines it.
 * @param {{seed: number, length: number}} described
 */
export function plaintext({ seed, length }) {
  const bytes = new Uint8Array(length);
  let x = seed | 0;
  for (let i = 0; i < length; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    bytes[i] = x;
  }
  return bytes;
}
