// The key schedule: from the secret in the link, and the passphrase if there is one, to every key
// and token of a transfer. WebCrypto's HKDF extracts and expands, which is just what is used here.

import { concat, randomBytes, sha256, toHex, utf8 } from './bytes.js';
import { FormatError } from './errors.js';

/** The name of the format. Every label below starts with it. */
export const T = 'sgraph-send.v1';
/** Rounds of PBKDF2-HMAC-SHA-256: what OWASP asks for since 2023. */
export const ROUNDS = 600_000;
/** Bytes of the link's secret, and of every token. */
export const SECRET = 32;
/** A passphrase has at most so many bytes as NFKC and UTF-8. */
export const MAX_PASSPHRASE = 1024;

/**
 * What the link alone gives, before any passphrase.
 * @typedef {object} LinkKeys
 * @property {string} id 32 lower-case hexadecimal digits
 * @property {Uint8Array<ArrayBuffer>} idBytes the same, 16 bytes
 * @property {Uint8Array<ArrayBuffer>} linkToken 32 bytes: may ask for the state
 */

/**
 * What opens the transfer.
 * @typedef {object} ReadKeys
 * @property {Uint8Array<ArrayBuffer>} content input key of the content stream
 * @property {Uint8Array<ArrayBuffer>} manifest input key of the manifest
 * @property {Uint8Array<ArrayBuffer>} readToken 32 bytes: the other half of the reader's token
 */

/**
 * `HK(ikm, info, n)` of the format: HKDF-SHA-256 with the salt T.
 * @param {Uint8Array<ArrayBuffer>} ikm
 * @param {Uint8Array<ArrayBuffer>} info
 * @param {number} length bytes
 */
async function hk(ikm, info, length) {
  const key = await crypto.subtle.importKey('raw', ikm, 'HKDF', false, ['deriveBits']);
  const algorithm = { name: 'HKDF', hash: 'SHA-256', salt: utf8(T), info };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, length * 8));
}

/**
 * PBKDF2-HMAC-SHA-256 with the format's rounds, 32 bytes.
 * @param {Uint8Array<ArrayBuffer>} password
 * @param {Uint8Array<ArrayBuffer>} salt
 */
export async function stretch(password, salt) {
  const key = await crypto.subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits']);
  const algorithm = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: ROUNDS };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, SECRET * 8));
}

/**
 * A label that binds a key to its transfer: T || name || 00 || id.
 * @param {string} name
 * @param {Uint8Array} idBytes
 */
export function bound(name, idBytes) {
  return concat(utf8(T + name), Uint8Array.of(0), idBytes);
}

/**
 * The salt of the passphrase. Public values derive from the secret, so it needs no place of its own.
 * @param {Uint8Array<ArrayBuffer>} secret
 */
export function passphraseSalt(secret) {
  return hk(secret, utf8(`${T}/pw-salt`), 16);
}

/**
 * Keys that need no passphrase.
 * @param {Uint8Array<ArrayBuffer>} secret 32 bytes
 * @returns {Promise<LinkKeys>}
 */
export async function linkKeys(secret) {
  const idBytes = await hk(secret, utf8(`${T}/id`), 16);
  return { id: toHex(idBytes), idBytes, linkToken: await hk(secret, bound('/reach', idBytes), SECRET) };
}

/**
 * Keys that need the passphrase too, where there is one.
 * @param {Uint8Array<ArrayBuffer>} secret 32 bytes
 * @param {Uint8Array} idBytes
 * @param {string} [passphrase] given exactly when the link says so
 * @returns {Promise<ReadKeys>}
 * @throws {FormatError} `bad_passphrase`
 */
export async function readKeys(secret, idBytes, passphrase) {
  const ikm = passphrase === undefined ? secret : concat(secret, await passphraseKey(secret, passphrase));
  const [content, manifest, readToken] = await Promise.all(
    ['/content', '/manifest', '/read'].map((name) => hk(ikm, bound(name, idBytes), SECRET)),
  );
  return { content, manifest, readToken };
}

/**
 * `W` of the format: the stretched passphrase.
 * @param {Uint8Array<ArrayBuffer>} secret
 * @param {string} passphrase
 */
export async function passphraseKey(secret, passphrase) {
  const bytes = utf8(passphrase.normalize('NFKC'));
  if (bytes.length < 1 || bytes.length > MAX_PASSPHRASE) {
    throw new FormatError('bad_passphrase', `A passphrase has 1 to ${MAX_PASSPHRASE} bytes.`);
  }
  return stretch(bytes, await passphraseSalt(secret));
}

/**
 * What the server keeps in place of a token: SHA-256(T || name || token), in hexadecimal.
 * @param {'/link-verifier'|'/read-verifier'|'/owner-verifier'} name
 * @param {Uint8Array} token
 */
export async function verifier(name, token) {
  return toHex(await sha256(concat(utf8(T + name), token)));
}

/** A new secret, one for each transfer and never used again. */
export function newSecret() {
  return randomBytes(SECRET);
}

/** A new owner token. It never derives from the secret: who holds the link does not own the transfer. */
export function newOwnerToken() {
  return randomBytes(SECRET);
}
