// How hard a passphrase is to guess, in one of three words. An estimate from its form, made to hint and never to
// refuse: nobody is told that "correct horse" is strong, and nobody is stopped.

/** @typedef {'empty' | 'weak' | 'fair' | 'strong'} Strength */

// 100 guesses a day are all the server allows; who runs the server can guess offline, at 600,000 rounds of PBKDF2 a
// guess. About 2^35 of those cost a large attacker days, about 2^50 are out of reach.
const FAIR_BITS = 35;
const STRONG_BITS = 50;
// A word drawn from a list of 1,000 to 8,000 words: what people draw from when they make up words themselves.
const BITS_PER_WORD = 11;

const ALPHABETS = /** @type {[RegExp, number][]} */ ([
  [/\p{Ll}/u, 26], [/\p{Lu}/u, 26], [/\p{Nd}/u, 10], [/[^\p{L}\p{Nd}]/u, 20], [/[^\u0000-\u007f]/u, 60],
]);

/**
 * Characters that tell something new: not the one before again, nor its neighbour (aaaa, 1234, dcba).
 * @param {string} text
 */
function fresh(text) {
  const points = [...text].map((character) => character.codePointAt(0) ?? 0);
  return points.filter((point, index) => index === 0 || Math.abs(point - (points[index - 1] ?? 0)) > 1).length;
}

/**
 * Bits if each character were drawn at random; letters in a row are words, which hold less.
 * @param {string} text
 */
function estimate(text) {
  const alphabet = ALPHABETS.reduce((sum, [letters, size]) => (letters.test(text) ? sum + size : sum), 0);
  const drawn = fresh(text) * Math.log2(Math.max(alphabet, 2));
  const words = text.split(/[^\p{L}]+/u).filter((word) => word.length >= 3);
  const distinct = new Set(words.map((word) => word.toLowerCase())).size;
  const rest = text.replace(/\p{L}{3,}/gu, '');
  const spoken = distinct * BITS_PER_WORD + fresh(rest) * Math.log2(30) * 0.7;
  return words.length > 0 ? Math.min(drawn, spoken) : drawn;
}

/**
 * @param {string} text
 * @returns {Strength}
 */
export function strength(text) {
  if (text === '') return 'empty';
  const bits = estimate(text);
  if (bits < FAIR_BITS) return 'weak';
  return bits < STRONG_BITS ? 'fair' : 'strong';
}
