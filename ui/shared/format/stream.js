// The content stream by parts. A part is a whole number of chunks, so it is sealed, sent, fetched,
// opened and tried again alone.

import { equal } from './bytes.js';
import { checkCommitment, openChunks, sealChunks } from './cobblestone.js';
import { FormatError } from './errors.js';
import { HEADER, PART_CHUNKS, SALT, partCount, partRange, partSealedSize } from './sizes.js';

/** @typedef {import('./cobblestone.js').Cipher} Cipher */

/**
 * Seals one part.
 * @param {Cipher} cipher
 * @param {number} padded plaintext bytes of the whole stream
 * @param {number} part from 0
 * @param {Uint8Array<ArrayBuffer>} plain the part's plaintext, as long as `partRange` says
 */
export async function sealPart(cipher, padded, part, plain) {
  const { start, end } = partRange(padded, part);
  if (plain.length !== end - start) throw new FormatError('content_changed', 'A file changed while it was being sent.');
  const sealed = new Uint8Array(partSealedSize(padded, part));
  if (part === 0) sealed.set(cipher.header);
  const final = part === partCount(padded) - 1;
  await sealChunks(cipher, part * PART_CHUNKS, plain, final, sealed.subarray(part === 0 ? HEADER : 0));
  return sealed;
}

/**
 * Opens one part: all of it, or nothing. Checked in this order: the length, in part 0 the salt and the
 * commitment, then the chunks.
 * @param {Cipher} cipher
 * @param {number} padded plaintext bytes of the whole stream
 * @param {number} part from 0
 * @param {Uint8Array<ArrayBuffer>} sealed as it arrived, of whatever length
 * @returns {Promise<Uint8Array<ArrayBuffer>>} plaintext, padding and all
 * @throws {FormatError} `incomplete`, `corrupted`, `wrong_key`
 */
export async function openPart(cipher, padded, part, sealed) {
  const expected = partSealedSize(padded, part);
  if (sealed.length < expected) throw fault('incomplete');
  if (sealed.length > expected) throw fault('corrupted');
  if (part === 0) checkHeader(cipher, sealed);
  const chunks = sealed.subarray(part === 0 ? HEADER : 0);
  return openChunks(cipher, part * PART_CHUNKS, chunks);
}

/**
 * Checks the first 56 bytes of a stream: first the salt, which the manifest has told, then the commitment.
 * @param {Cipher} cipher
 * @param {Uint8Array} header
 * @throws {FormatError} `incomplete`, `corrupted`, `wrong_key`
 */
export function checkHeader(cipher, header) {
  if (header.length < HEADER) throw fault('incomplete');
  if (!equal(header.subarray(0, SALT), cipher.header.subarray(0, SALT))) throw fault('corrupted');
  checkCommitment(cipher, header);
}

/** @type {Readonly<Record<'corrupted' | 'incomplete', string>>} */
const SENTENCES = {
  corrupted: 'What arrived is not what was sent.',
  incomplete: 'What arrived ends too early.',
};

/**
 * @param {'corrupted' | 'incomplete'} kind
 */
export function fault(kind) {
  return new FormatError(kind, SENTENCES[kind]);
}
