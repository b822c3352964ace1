// Vectors of sizes.

import { buildManifest } from '../../shared/format/manifest.js';
import { padme, paddedSize, partCount, partRange, partSealedSize, sealedSize } from '../../shared/format/sizes.js';
import { ending, only, same } from './expect.js';

/** @param {[number, number]} vector */
export function checkPadme([length, padded]) {
  same(padme(length), padded, 'the padded length');
}

/** @param {any} vector */
export function checkSizes(vector) {
  only(vector, ['size', 'padded', 'stored', 'part_count']);
  same(paddedSize(vector.size), vector.padded, 'the padded length');
  same(sealedSize(vector.padded), vector.stored, 'the stored length');
  same(partCount(vector.padded), vector.part_count, 'the number of parts');
}

/** @param {any} vector */
export function checkPart({ padded, part, plaintext, stored, ...rest }) {
  only(rest, []);
  const { start, end } = partRange(padded, part);
  same(start, plaintext[0], 'the start of the plaintext');
  same(end, plaintext[1], 'the end of the plaintext');
  // The parts before this one take what it does not.
  const before = part === 0 ? 0 : partSealedSize(padded, 0) + (part - 1) * partSealedSize(padded, 1);
  same(before, stored[0], 'the start in the stream');
  same(before + partSealedSize(padded, part), stored[1], 'the end in the stream');
}

/** @param {number} size */
export async function checkTooLarge(size) {
  await ending('too_large', () => buildManifest(new Uint8Array(24), [{ name: 'a', type: '', size }]));
}
