// The real admin service for tests, beside the real user service on the same folder.

import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AdminApi } from '../admin/api.js';
import { adminService, sendingOf, service } from './service.js';

/** The admin key of these tests. */
export const KEY = 'an admin key for tests, and for nothing else';

/**
 * Both services on a folder of their own, until the test ends.
 * @param {import('node:test').TestContext} t
 */
export async function bothServices(t) {
  const folder = await mkdtemp(join(tmpdir(), 'send-admin-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const storage = { SEND_STORAGE: `file:${folder}` };
  const admin = await adminService(t, { ...storage, SEND_ADMIN_KEY_SHA256: createHash('sha256').update(KEY).digest('hex') });
  const user = await service(t, { ...storage, SEND_UPLOADS: 'token' });
  return { user, admin, api: new AdminApi({ base: admin, fetch: withKey }) };
}

/** A request with the admin key itself. @type {typeof globalThis.fetch} */
export const withKey = (url, init) => fetch(url, { ...init, headers: { ...init?.headers, 'x-api-key': KEY } });

/**
 * A `fetch` that keeps the cookies of one origin, as a browser does.
 * @returns {typeof globalThis.fetch}
 */
export function withCookies() {
  /** @type {Map<string, string>} */
  const jar = new Map();
  return async (url, init) => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { ...init, headers: { ...init?.headers, ...(cookie ? { cookie } : {}) } });
    for (const line of answer.headers.getSetCookie()) {
      const [name, value] = line.split(';')[0].split('=');
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    }
    return answer;
  };
}

/**
 * The id of a transfer that was sent with a token.
 * @param {import('node:test').TestContext} t
 * @param {string} user
 * @param {string} accessToken
 */
export async function sentWith(t, user, accessToken) {
  return (await sendingOf(t, user, { accessToken }).start()).id;
}
