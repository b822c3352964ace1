// The words that the pages of both services share.

/** The language of the words, for dates and numbers among them. */
export const LANGUAGE = 'en-GB';

export const place = 'SGraph Send';

/**
 * "1 file", "1,204 files".
 * @param {number} count
 * @param {string} one
 * @param {string} many
 */
export const counted = (count, one, many) => `${count.toLocaleString(LANGUAGE)} ${count === 1 ? one : many}`;

/**
 * A size to the byte.
 * @param {number} bytes
 */
export const exactly = (bytes) => counted(bytes, 'byte', 'bytes');

export const copying = {
  copied: 'Copied',
  copyYourself: 'Press Ctrl+C or ⌘C',
};
