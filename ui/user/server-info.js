// What this place allows, as it says itself.

import { ApiError } from '../shared/errors.js';

/** @typedef {import('./elements/send-settings.js').Limits} Limits */

/**
 * Asks the server for its limits, and whether sending needs an access token.
 * @returns {Promise<{limits: Limits, uploads: 'open' | 'token', public_url?: string}>}
 * @throws {ApiError} `network`, `server`
 */
export async function serverInfo() {
  const answer = await fetch('/api/info', { credentials: 'omit' }).catch((cause) => {
    throw new ApiError('network', 'No answer came.', { cause });
  });
  if (!answer.ok) throw new ApiError('server', `The server answered ${answer.status}.`, { status: answer.status });
  return answer.json();
}
