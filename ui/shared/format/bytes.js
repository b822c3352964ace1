// Bytes and their text forms. Everything here is pure and the same in Node and browsers.

const encoder = new TextEncoder();

/**
 * Text as UTF-8.
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function utf8(text) {
  return encoder.encode(text);
}

/**
 * The arrays one after another, as one new array.
 * @param {...Uint8Array} arrays
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function concat(...arrays) {
  const joined = new Uint8Array(arrays.reduce((length, array) => length + array.length, 0));
  let offset = 0;
  for (const array of arrays) {
    joined.set(array, offset);
    offset += array.length;
  }
  return joined;
}

/**
 * Whether two arrays hold the same bytes. Takes the same time wherever they differ.
 * @param {Uint8Array} a
 * @param {Uint8Array} b
 */
export function equal(a, b) {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i] ^ b[i];
  return difference === 0;
}

/**
 * Lower-case hexadecimal.
 * @param {Uint8Array} bytes
 */
export function toHex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Bytes of hexadecimal text of either case.
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 * @throws {RangeError} when the text is not an even number of hexadecimal digits
 */
export function fromHex(text) {
  if (!/^(?:[0-9a-f]{2})*$/i.test(text)) throw new RangeError('not hexadecimal');
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

/**
 * Base64url without padding (RFC 4648, section 5).
 * @param {Uint8Array} bytes
 */
export function toB64u(bytes) {
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/**
 * Bytes of base64url without padding. Only the canonical text of the bytes is accepted, so that one
 * value has one spelling: unused low bits must be zero.
 * @param {string} text
 * @returns {Uint8Array<ArrayBuffer>}
 * @throws {RangeError} when the text is anything else
 */
export function fromB64u(text) {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) throw new RangeError('not base64url');
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  if (toB64u(bytes) !== text) throw new RangeError('not canonical base64url');
  return bytes;
}

/**
 * SHA-256.
 * @param {BufferSource} bytes
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

/**
 * Bytes from the operating system's generator.
 * @param {number} length
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function randomBytes(length) {
  return crypto.getRandomValues(new Uint8Array(length));
}
