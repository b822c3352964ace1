// Sizes of the format, as pure functions of numbers of bytes. The server computes the same ones.

/** Plaintext bytes of every chunk but the last. */
export const CHUNK = 16384;
/** Bytes that AES-GCM adds to a chunk. */
export const TAG = 16;
/** Stored bytes of every chunk but the last. */
export const SEALED_CHUNK = CHUNK + TAG;
/** Bytes of the random salt that opens a stream. */
export const SALT = 24;
/** Bytes of the key commitment that follows the salt. */
export const COMMITMENT = 32;
/** Bytes in front of the first chunk. */
export const HEADER = SALT + COMMITMENT;
/** Chunks of every part but the last. */
export const PART_CHUNKS = 256;
/** Plaintext bytes of every part but the last. */
export const PART_PLAIN = PART_CHUNKS * CHUNK;
/** Stored bytes of every part but the first, which has the header too, and the last. */
export const PART_SEALED = PART_CHUNKS * SEALED_CHUNK;
/** A transfer has at most so many parts (256 GiB). */
export const MAX_PARTS = 65536;
/** Content is padded to at least so many bytes. */
export const MIN_PADDED = 4096;
/** The manifest is padded to at least so many bytes. */
export const MIN_MANIFEST = 1024;
/** The manifest's plaintext, padding and all, has at most so many bytes. */
export const MAX_MANIFEST = 4 * 1024 * 1024;

/**
 * Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with
 * PURBs", PETS 2019): the length rounded up so that only the leading log2(log2 n) + 1 bits of it
 * vary. Adds less than 12 per cent.
 * @param {number} length a whole number below 2^53
 */
export function padme(length) {
  if (length < 2) return length;
  // Math.log2 rounds near powers of two; counting binary digits does not.
  const exponent = length.toString(2).length - 1;
  const kept = exponent.toString(2).length;
  const unit = 2 ** (exponent - kept);
  return unit > 1 ? Math.ceil(length / unit) * unit : length;
}

/**
 * The plaintext length of the content stream of files of `size` bytes in all.
 * @param {number} size
 */
export function paddedSize(size) {
  return padme(Math.max(size, MIN_PADDED));
}

/**
 * The stored length of a stream of `plain` plaintext bytes.
 * @param {number} plain
 */
export function sealedSize(plain) {
  return HEADER + plain + (Math.floor(plain / CHUNK) + 1) * TAG;
}

/**
 * In how many parts a stream of `plain` plaintext bytes is stored.
 * @param {number} plain
 */
export function partCount(plain) {
  return Math.floor(plain / PART_PLAIN) + 1;
}

/**
 * Where the plaintext of part `part` lies in a stream of `plain` plaintext bytes: from `start`, up to
 * and without `end`.
 * @param {number} plain
 * @param {number} part from 0
 */
export function partRange(plain, part) {
  return { start: part * PART_PLAIN, end: Math.min((part + 1) * PART_PLAIN, plain) };
}

/**
 * The stored length of part `part` of a stream of `plain` plaintext bytes.
 * @param {number} plain
 * @param {number} part from 0
 */
export function partSealedSize(plain, part) {
  const { start, end } = partRange(plain, part);
  const last = part === partCount(plain) - 1;
  const chunks = last ? Math.floor((end - start) / CHUNK) + 1 : PART_CHUNKS;
  return (part === 0 ? HEADER : 0) + (end - start) + chunks * TAG;
}
