// What can be wrong with what was received or typed. The kinds are the error classes of the format's
// vectors, so every implementation tells the same things apart.

/**
 * The closed list of kinds:
 * - `damaged_link`: not the whole link, or altered. Ask for it again.
 * - `newer_version`: made by a newer version of the format. Use a newer page.
 * - `bad_phrase`: not five to ten words.
 * - `bad_passphrase`: empty, or over 1,024 bytes.
 * - `wrong_key`: the stream was sealed with another key, or its header was altered.
 * - `corrupted`: what arrived is not what was sent.
 * - `incomplete`: what arrived ends too early.
 * - `invalid_manifest`: the list of files breaks a rule of the format.
 * - `too_large`: more than one transfer can hold.
 * - `content_changed`: a file changed, or vanished, while it was being sent.
 * @typedef {'damaged_link'|'newer_version'|'bad_phrase'|'bad_passphrase'|'wrong_key'|'corrupted'
 *   |'incomplete'|'invalid_manifest'|'too_large'|'content_changed'} FormatKind
 */

/** Something breaks the format. `kind` says how. */
export class FormatError extends Error {
  /**
   * @param {FormatKind} kind
   * @param {string} message a sentence without secrets
   */
  constructor(kind, message) {
    super(message);
    this.name = 'FormatError';
    this.kind = kind;
  }
}
