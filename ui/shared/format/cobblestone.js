// Cobblestone-256 of c2sp.org/chunked-encryption: HKDF-Expand-SHA-512 and AES-256-GCM in chunks of
// 16 KiB, with a salt and a key commitment in front. On WebCrypto alone.

import { concat, equal, utf8 } from './bytes.js';
import { FormatError } from './errors.js';
import { release } from './memory.js';
import { CHUNK, COMMITMENT, HEADER, SALT, SEALED_CHUNK, TAG } from './sizes.js';

const LABEL = utf8('c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM');
const KEY = 32;
const NONCE = 12;

/**
 * What seals and opens the chunks of one stream. It can be posted to a worker.
 * @typedef {object} Cipher
 * @property {CryptoKey} key AES-256-GCM, not extractable
 * @property {Uint8Array<ArrayBuffer>} nonce 12 bytes, the nonce of chunk 0
 * @property {Uint8Array<ArrayBuffer>} header salt and commitment, 56 bytes
 */

/**
 * HKDF-Expand-SHA-512 (RFC 5869, section 2.3). WebCrypto's own HKDF always extracts first, so the
 * two blocks that are needed are two HMACs.
 * @param {Uint8Array<ArrayBuffer>} prk
 * @param {Uint8Array<ArrayBuffer>} info
 * @param {number} length at most 128
 */
async function expand(prk, info, length) {
  const key = await crypto.subtle.importKey('raw', prk, { name: 'HMAC', hash: 'SHA-512' }, false, ['sign']);
  const first = new Uint8Array(await crypto.subtle.sign('HMAC', key, concat(info, Uint8Array.of(1))));
  const second = await crypto.subtle.sign('HMAC', key, concat(first, info, Uint8Array.of(2)));
  return concat(first, new Uint8Array(second)).slice(0, length);
}

/**
 * The cipher of the stream that has this salt.
 * @param {Uint8Array<ArrayBuffer>} inputKey 32 bytes
 * @param {Uint8Array<ArrayBuffer>} context says what the stream is for; both sides must agree
 * @param {Uint8Array<ArrayBuffer>} salt 24 bytes, random for each stream
 * @returns {Promise<Cipher>}
 */
export async function cipher(inputKey, context, salt) {
  if (inputKey.length !== KEY || salt.length !== SALT) throw new RangeError('key or salt of a wrong length');
  const info = concat(LABEL, Uint8Array.of(0), salt, context);
  const okm = await expand(inputKey, info, KEY + NONCE + COMMITMENT);
  const key = await crypto.subtle.importKey('raw', okm.subarray(0, KEY), 'AES-GCM', false, ['encrypt', 'decrypt']);
  return { key, nonce: okm.slice(KEY, KEY + NONCE), header: concat(salt, okm.subarray(KEY + NONCE)) };
}

/**
 * The nonce of chunk `index`: the base nonce XOR the index, big-endian.
 * @param {Cipher} cipher
 * @param {number} index below 2^32; the format's limit is 2^24
 */
function nonceOf(cipher, index) {
  const nonce = cipher.nonce.slice();
  const low = new DataView(nonce.buffer, NONCE - 4);
  low.setUint32(0, (low.getUint32(0) ^ index) >>> 0);
  return nonce;
}

/** Chunks under way at once: WebCrypto is fastest with small buffers and many in flight, and from here on no faster. */
const BATCH = 64;

/**
 * Runs `task`, which copies what it makes, for every number below `count`.
 * @param {number} count
 * @param {(index: number) => Promise<Uint8Array<ArrayBuffer>>} task
 */
async function inBatches(count, task) {
  for (let first = 0; first < count; first += BATCH) {
    release(await Promise.all(Array.from({ length: Math.min(BATCH, count - first) }, (_, i) => task(first + i))));
  }
}

/**
 * Seals consecutive chunks.
 * @param {Cipher} cipher
 * @param {number} first index of the first chunk in the stream
 * @param {Uint8Array<ArrayBuffer>} plain whole chunks; the last may be shorter when `final`
 * @param {boolean} final whether the stream ends here: then a chunk below 16 KiB, maybe empty, is last
 * @param {Uint8Array} out room for the sealed chunks
 */
export async function sealChunks(cipher, first, plain, final, out) {
  const count = Math.floor(plain.length / CHUNK) + (final ? 1 : 0);
  await inBatches(count, async (i) => {
    const iv = nonceOf(cipher, first + i);
    const chunk = plain.subarray(i * CHUNK, (i + 1) * CHUNK);
    const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, cipher.key, chunk));
    out.set(sealed, i * SEALED_CHUNK);
    return sealed;
  });
}

/**
 * Opens consecutive chunks. `sealed` is cut at every 16,400 bytes, so a shorter rest is a chunk too.
 * @param {Cipher} cipher
 * @param {number} first index of the first chunk in the stream
 * @param {Uint8Array<ArrayBuffer>} sealed
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 * @throws {FormatError} `corrupted`
 */
export async function openChunks(cipher, first, sealed) {
  const count = Math.ceil(sealed.length / SEALED_CHUNK);
  const plain = new Uint8Array(Math.max(0, sealed.length - count * TAG));
  await inBatches(count, async (i) => {
    const iv = nonceOf(cipher, first + i);
    const chunk = sealed.subarray(i * SEALED_CHUNK, (i + 1) * SEALED_CHUNK);
    const opened = await openChunk({ name: 'AES-GCM', iv }, cipher.key, chunk);
    plain.set(opened, i * CHUNK);
    return opened;
  });
  return plain;
}

/**
 * @param {AesGcmParams} algorithm
 * @param {CryptoKey} key
 * @param {Uint8Array<ArrayBuffer>} chunk
 */
async function openChunk(algorithm, key, chunk) {
  try {
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, chunk));
  } catch {
    throw new FormatError('corrupted', 'What arrived is not what was sent.');
  }
}

/**
 * A whole stream of one buffer: for manifests, which are small.
 * @param {Cipher} cipher
 * @param {Uint8Array<ArrayBuffer>} plain
 */
export async function sealStream(cipher, plain) {
  const out = new Uint8Array(HEADER + plain.length + (Math.floor(plain.length / CHUNK) + 1) * TAG);
  out.set(cipher.header);
  await sealChunks(cipher, 0, plain, true, out.subarray(HEADER));
  return out;
}

/**
 * Opens a whole stream of one buffer.
 * @param {Uint8Array<ArrayBuffer>} inputKey
 * @param {Uint8Array<ArrayBuffer>} context
 * @param {Uint8Array<ArrayBuffer>} stream
 * @throws {FormatError} `incomplete` when it ends too early, `wrong_key`, or `corrupted`
 */
export async function openStream(inputKey, context, stream) {
  if (stream.length < HEADER) throw new FormatError('incomplete', 'The stream is shorter than its header.');
  const opener = await cipher(inputKey, context, stream.slice(0, SALT));
  checkCommitment(opener, stream);
  const chunks = stream.subarray(HEADER);
  const rest = chunks.length % SEALED_CHUNK;
  // The final chunk has less than 16 KiB of plaintext, and a whole tag.
  const ends = rest >= TAG;
  const plain = await openChunks(opener, 0, ends ? chunks : chunks.subarray(0, chunks.length - rest));
  if (!ends) throw new FormatError('incomplete', 'The stream has no final chunk.');
  return plain;
}

/**
 * Compares the key commitment of a stream's header with the cipher's.
 * @param {Cipher} cipher
 * @param {Uint8Array} header 56 bytes at least
 * @throws {FormatError} `wrong_key`
 */
export function checkCommitment(cipher, header) {
  if (!equal(header.subarray(SALT, HEADER), cipher.header.subarray(SALT))) {
    throw new FormatError('wrong_key', 'What arrived belongs to another transfer, or was changed.');
  }
}
