// The link that a recipient gets, and the one that an owner keeps. Both carry everything in the
// fragment, which no browser sends to a server.

import { concat, equal, fromB64u, sha256, toB64u, toHex, utf8 } from './bytes.js';
import { FormatError } from './errors.js';
import { T } from './keys.js';

/** Version byte of a recipient's link. */
const VERSION = 0x01;
/** Version byte of an owner's link. */
const OWNER_VERSION = 0x81;
/** The secret alone opens the transfer. */
export const KDF_NONE = 0x00;
/** A passphrase is needed too, stretched by PBKDF2-HMAC-SHA-256 with 600,000 rounds. */
export const KDF_PBKDF2 = 0x01;
const CHECK = 4;
const TEXT = 51;
const OWNER_TEXT = 71;

/**
 * A link that cannot be used: `damaged_link`, or `newer_version`.
 */
export class LinkError extends FormatError {
  /**
   * @param {'damaged_link'|'newer_version'} kind
   * @param {string} message
   */
  constructor(kind, message) {
    super(kind, message);
    this.name = 'LinkError';
  }
}

/**
 * @typedef {object} Link
 * @property {Uint8Array<ArrayBuffer>} secret 32 bytes
 * @property {boolean} needsPassphrase
 * @property {string} text the canonical 51 characters
 */

/**
 * @typedef {object} OwnerLink
 * @property {string} id 32 lower-case hexadecimal digits
 * @property {Uint8Array<ArrayBuffer>} ownerToken 32 bytes
 * @property {string} text the canonical 71 characters
 */

/**
 * The 51 characters of a link.
 * @param {Uint8Array} secret 32 bytes
 * @param {boolean} needsPassphrase
 */
export async function linkText(secret, needsPassphrase) {
  return withCheck(concat(Uint8Array.of(VERSION, needsPassphrase ? KDF_PBKDF2 : KDF_NONE), secret));
}

/**
 * The 71 characters of an owner's link.
 * @param {Uint8Array} idBytes 16 bytes
 * @param {Uint8Array} ownerToken 32 bytes
 */
export async function ownerLinkText(idBytes, ownerToken) {
  return withCheck(concat(Uint8Array.of(OWNER_VERSION), idBytes, ownerToken));
}

/**
 * Reads a link as it was pasted: a whole address or the characters after its `#`, with white space,
 * angle brackets, quotes or a sentence's punctuation around it.
 * @param {string} pasted
 * @returns {Promise<Link>}
 * @throws {LinkError}
 */
export async function parseLink(pasted) {
  const { bytes, text } = await checked(pasted, TEXT);
  if (bytes[0] !== VERSION || bytes[1] > KDF_PBKDF2) throw newer();
  return { secret: bytes.slice(2, 34), needsPassphrase: bytes[1] === KDF_PBKDF2, text };
}

/**
 * Reads an owner's link as it was pasted.
 * @param {string} pasted
 * @returns {Promise<OwnerLink>}
 * @throws {LinkError}
 */
export async function parseOwnerLink(pasted) {
  const { bytes, text } = await checked(pasted, OWNER_TEXT);
  if (bytes[0] !== OWNER_VERSION) throw newer();
  return { id: toHex(bytes.slice(1, 17)), ownerToken: bytes.slice(17, 49), text };
}

/**
 * Base64url of the bytes and the first four of SHA-256(T || "/link" || bytes).
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
async function withCheck(bytes) {
  return toB64u(concat(bytes, await checkOf(bytes)));
}

/** @param {Uint8Array} bytes */
async function checkOf(bytes) {
  return (await sha256(concat(utf8(`${T}/link`), bytes))).slice(0, CHECK);
}

/**
 * @param {string} pasted
 * @param {number} length characters that the text must have
 */
async function checked(pasted, length) {
  const text = stripped(pasted);
  if (text.length !== length) throw damaged();
  const all = decoded(text);
  const bytes = all.slice(0, -CHECK);
  if (!equal(await checkOf(bytes), all.subarray(-CHECK))) throw damaged();
  return { bytes, text };
}

// White space, angle brackets and quotes: the list of the specification, which is that of no language.
const SURROUNDING = String.raw`\t-\r \u00a0\u2000-\u200b\u2028\u2029\u202f\u3000\ufeff<>"'\u0060\u00ab\u00bb\u2018-\u201f`;
const BEFORE = new RegExp(`^[${SURROUNDING}]+`);
const BEHIND = new RegExp(`[${SURROUNDING}.,;)]+$`);

/**
 * What follows the first `#`, or all, without what mail and chat programs put around a link.
 * @param {string} pasted
 */
function stripped(pasted) {
  const bare = pasted.replace(BEFORE, '').replace(BEHIND, '');
  return bare.slice(bare.indexOf('#') + 1);
}

/** @param {string} text */
function decoded(text) {
  try {
    return fromB64u(text);
  } catch {
    throw damaged();
  }
}

function damaged() {
  return new LinkError('damaged_link', 'This link is incomplete or was altered.');
}

function newer() {
  return new LinkError('newer_version', 'This link was made by a newer version.');
}
