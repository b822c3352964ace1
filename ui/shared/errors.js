// Every error that a page has to put into words. Each has a `kind` from a closed list: FormatKind in
// format/errors.js, ApiKind and SaveKind here. An abort is a DOMException named AbortError, as
// everywhere in browsers.

export { FormatError } from './format/errors.js';
export { LinkError } from './format/link.js';

/**
 * What a request can end in:
 * - `network`: no answer came.
 * - `not_found`: no such transfer, or not the right token: the server does not say which.
 * - `pending`: the transfer is still being sent.
 * - `expired`, `exhausted`, `deleted`, `taken_down`: gone, and why.
 * - `wrong_passphrase`: the link is right, the passphrase is not.
 * - `too_many_guesses`: no more passphrases are tried today.
 * - `too_large`: over a limit of the server.
 * - `storage_full`: the server has no room left.
 * - `unauthorized`: an access token is needed, or the one given is not valid.
 * - `conflict`: something else was stored under this id before.
 * - `busy`: the server asks to come back later.
 * - `refused`: the server takes the request for wrong; its sentence says why.
 * - `server`: the server failed.
 * @typedef {'network'|'not_found'|'pending'|'expired'|'exhausted'|'deleted'|'taken_down'
 *   |'wrong_passphrase'|'too_many_guesses'|'too_large'|'storage_full'|'unauthorized'|'conflict'|'busy'
 *   |'refused'|'server'} ApiKind
 */

/** A request that did not end well. */
export class ApiError extends Error {
  /**
   * @param {ApiKind} kind
   * @param {string} message the server's sentence, or ours when there was none
   * @param {{status?: number, requestId?: string, retryAfter?: number, reason?: string, cause?: unknown}} [facts]
   *   `retryAfter` in seconds
   */
  constructor(kind, message, { status = 0, requestId = '', retryAfter, reason = '', cause } = {}) {
    super(message, { cause });
    this.name = 'ApiError';
    this.kind = kind;
    /** HTTP status, 0 when no answer came. */
    this.status = status;
    /** What the server's log calls this request, empty when no answer came. */
    this.requestId = requestId;
    /** Seconds after which the server wants to be asked again, where it said so. */
    this.retryAfter = retryAfter;
    /** Why a transfer was taken down, as the server spells it; empty when that is not what happened. */
    this.reason = reason;
  }
}

/**
 * Why a file cannot be written:
 * - `unsupported`: this browser, or this window of it, has no way to stream to disk.
 * - `blocked`: the browser did not take the download.
 * - `disk`: the file cannot be written: no room, or no right to.
 * @typedef {'unsupported'|'blocked'|'disk'} SaveKind
 */

/** A file could not be saved. */
export class SaveError extends Error {
  /**
   * @param {SaveKind} kind
   * @param {string} message
   * @param {{cause?: unknown}} [facts]
   */
  constructor(kind, message, { cause } = {}) {
    super(message, { cause });
    this.name = 'SaveError';
    this.kind = kind;
  }
}
