// A transfer's secret from words that can be said aloud.

import { utf8 } from './bytes.js';
import { FormatError } from './errors.js';
import { T, stretch } from './keys.js';

/** A phrase is far shorter; the bound keeps the work small. */
const LONGEST = 1024;

/**
 * The secret of a phrase. The id and every public value derive from it, so from behind the
 * stretching.
 * @param {string} phrase canonical
 * @returns {Promise<Uint8Array<ArrayBuffer>>} 32 bytes
 */
export async function phraseSecret(phrase) {
  return stretch(utf8(phrase), utf8(`${T}/phrase`));
}

/**
 * The one spelling of a phrase as people type it: five to ten lower-case words joined by hyphens. Which
 * words they are is not checked: another list may have been used.
 * @param {string} typed in any case, with spaces or hyphens between the words
 * @throws {FormatError} `bad_phrase`
 */
export function canonicalPhrase(typed) {
  const words = typed.replace(/[A-Z]/g, (letter) => letter.toLowerCase()).split(/[ \t\r\n-]+/).filter(Boolean);
  const spelled = typed.length <= LONGEST && words.every((word) => /^[a-z]+$/.test(word));
  if (!spelled || words.length < 5 || words.length > 10) {
    throw new FormatError('bad_phrase', 'A phrase has five to ten words.');
  }
  return words.join('-');
}
