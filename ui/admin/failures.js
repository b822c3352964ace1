// What a person reads when a request ends otherwise than asked.

import { ApiError } from '../shared/errors.js';
import { SessionNotKept } from './api.js';
import { failures as words, signIn } from './words.js';

/**
 * @param {unknown} error
 * @returns {string} a sentence; the service's own, where it says what was wrong with a request
 */
export function failureText(error) {
  if (error instanceof SessionNotKept) return signIn.notKept;
  if (!(error instanceof ApiError)) return words.unknown;
  if (error.kind === 'server' && error.requestId) return `${words.server}${error.requestId}`;
  return words[error.kind] ?? error.message;
}

/**
 * The sentence for one kind of error where it means something of its own, the usual one else.
 * @param {unknown} error
 * @param {Partial<Record<import('../shared/errors.js').ApiKind, string>>} own
 */
export function failureTextOr(error, own) {
  return (error instanceof ApiError && own[error.kind]) || failureText(error);
}
