// The client of the admin service, against the real one.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { AdminApi, SessionNotKept } from '../admin/api.js';
import { exportEntries, verifyEntries } from '../admin/audit-walk.js';
import { failureText } from '../admin/failures.js';
import { Session } from '../admin/session.js';
import { ApiError } from '../shared/errors.js';
import { bothServices, KEY, sentWith, withCookies } from './admin-service.js';

/** @param {import('../shared/errors.js').ApiKind} kind */
const refused = (kind) => (/** @type {unknown} */ error) => error instanceof ApiError && error.kind === kind;

test('a token is made, found, limited, revoked and reactivated', async (t) => {
  const { api } = await bothServices(t);
  const { secret } = await api.createToken({ token_name: 'newsroom', secret: true, usage_limit: 3, bytes_limit: 5e9, max_age_s: 86_400 });
  assert.match(secret ?? '', /^sgs_/);
  const made = await api.token('newsroom');
  assert.deepEqual([made.status, made.usage_limit, made.usage_count, made.bytes_limit, made.max_age_s, made.secret], ['active', 3, 0, 5e9, 86_400, true]);
  await assert.rejects(api.createToken({ token_name: 'newsroom', usage_limit: 1 }), refused('conflict'));
  await assert.rejects(api.createToken({ token_name: 'sgs_x', usage_limit: 1 }), refused('refused'));
  assert.equal((await api.changeLimits('newsroom', { usage_limit: 7, bytes_limit: 0 })).usage_limit, 7);
  assert.equal((await api.revokeToken('newsroom')).status, 'revoked');
  assert.equal((await api.token('newsroom')).status, 'revoked');
  assert.equal((await api.reactivateToken('newsroom')).status, 'active');
  await assert.rejects(api.token('nobody'), refused('not_found'));
});

test('tokens come by pages, each once', async (t) => {
  const { api } = await bothServices(t);
  const names = ['a', 'b', 'c', 'd', 'e'];
  for (const name of names) await api.createToken({ token_name: name, usage_limit: 0 });
  /** @type {string[]} */
  const seen = [];
  for (let after; after !== null;) {
    const page = await api.tokens({ after, limit: 2 });
    assert.ok(page.tokens.length <= 2);
    seen.push(...page.tokens.map((token) => token.token_name));
    after = page.next;
  }
  assert.deepEqual(seen.sort(), names);
});

test('a transfer is seen with its token, kept for longer, taken down', async (t) => {
  const { api, user } = await bothServices(t);
  const { secret = '' } = await api.createToken({ token_name: 'newsroom', secret: true, usage_limit: 0 });
  const id = await sentWith(t, user, secret);
  const { transfers, next } = await api.transfers({ token: 'newsroom' });
  assert.deepEqual(transfers.map((found) => [found.id, found.state, found.token]), [[id, 'completed', 'newsroom']]);
  assert.equal(next, null);
  const { created_at: created, expires_at: before } = await api.transfer(id);
  const extended = await api.extend(id, 86_400);
  assert.ok(extended.expires_at > before && extended.expires_at - created < 86_500_000);
  await assert.rejects(api.extend(id, 400 * 86_400), (error) => error instanceof ApiError && error.status === 400);
  const ended = await api.takeDown(id, 'malware');
  assert.deepEqual([ended.state, ended.taken_down?.reason], ['taken_down', 'malware']);
  assert.deepEqual((await api.transfers({ state: 'taken_down' })).transfers.map((found) => found.id), [id]);
  await assert.rejects(api.extend(id, 60), refused('taken_down'));
});

test('a transfer is deleted, and a filter says that it reads one after the other', async (t) => {
  const { api, user } = await bothServices(t);
  await api.createToken({ token_name: 'newsroom', usage_limit: 0 });
  const ids = [await sentWith(t, user, 'newsroom'), await sentWith(t, user, 'newsroom')];
  await api.deleteTransfer(ids[0]);
  assert.equal((await api.transfer(ids[0])).state, 'deleted');
  const { transfers, looked_at: looked, scans } = await api.transfers({ state: 'completed' });
  assert.deepEqual(transfers.map(({ id }) => id), [ids[1]]);
  assert.deepEqual([looked, scans], [2, ['state']]);
  await assert.rejects(api.transfer('0'.repeat(32)), refused('not_found'));
});

test('nothing is reported, and there is nothing to dismiss', async (t) => {
  const { api, user } = await bothServices(t);
  await api.createToken({ token_name: 'newsroom', usage_limit: 0 });
  const id = await sentWith(t, user, 'newsroom');
  assert.deepEqual(await api.reports(), { reports: [], next: null });
  await assert.rejects(api.dismiss(id), refused('not_found'));
});

test('a sweep is made and remembered', async (t) => {
  const { api } = await bothServices(t);
  const { finished, failures } = await api.sweep();
  assert.deepEqual([finished, failures], [true, 0]);
  const { runs } = await api.sweeps();
  assert.equal(runs[0].finished, true);
});

test('no answer is an error with a kind', async () => {
  await assert.rejects(new AdminApi({ base: 'http://127.0.0.1:9' }).settings(), refused('network'));
});

test('a wrong key is refused, the right one opens a session, which can be ended', async (t) => {
  const { admin } = await bothServices(t);
  const api = new AdminApi({ base: admin, fetch: withCookies() });
  await assert.rejects(api.session(), refused('unauthorized'));
  await assert.rejects(api.signIn('guessed'), refused('unauthorized'));
  const { key, expires_at: end } = await api.signIn(KEY);
  assert.match(key, /^[0-9a-f]{8}$/);
  assert.ok(end !== null && end > Date.now());
  assert.deepEqual(await api.session(), { key, expires_at: end });
  await api.signOut();
  await assert.rejects(api.tokens(), refused('unauthorized'));
  await api.signOut();
});

test('what is not let in waits until somebody has signed in, and is asked again', async (t) => {
  const { admin } = await bothServices(t);
  let asked = 0;
  const admit = async () => {
    asked++;
    await api.signIn(KEY);
  };
  const api = new AdminApi({ base: admin, fetch: withCookies(), admit });
  await api.createToken({ token_name: 'newsroom', usage_limit: 0 });
  assert.equal((await api.token('newsroom')).token_name, 'newsroom');
  assert.equal(asked, 1);
});

test('a browser that does not keep the session is told from a wrong key', async (t) => {
  const { admin } = await bothServices(t);
  // Node keeps no cookies at all.
  const api = new AdminApi({ base: admin });
  await assert.rejects(api.signIn('guessed'), refused('unauthorized'));
  await assert.rejects(api.signIn(KEY), (error) => error instanceof SessionNotKept && /over https only/.test(failureText(error)));
});

test('a refusal that comes after somebody signed in asks for no key, and the request is made again', async (t) => {
  const { admin } = await bothServices(t);
  const answers = new EventTarget();
  const held = once(answers, 'held');
  const late = once(answers, 'late');
  const browser = withCookies();
  let lookedUp = 0;
  const api = new AdminApi({
    base: admin, admit: (asked) => session.admit(asked),
    fetch: async (url, init) => {
      const answer = await browser(url, init);
      if (!String(url).includes('/tokens/lookup/') || lookedUp++ > 0) return answer;
      answers.dispatchEvent(new Event('held'));
      await late;
      return answer;
    },
  });
  let questions = 0;
  const door = { ask: async (/** @type {(key: string) => Promise<object>} */ take) => {
    questions++;
    // Without an end, so that no timer waits for it.
    return { ...await take(KEY), expires_at: null };
  } };
  const session = new Session(() => api, /** @type {any} */ (door));
  const lookup = api.token('newsroom');
  await held;
  await api.createToken({ token_name: 'newsroom', usage_limit: 0 });
  assert.equal(questions, 1);
  answers.dispatchEvent(new Event('late'));
  assert.equal((await lookup).token_name, 'newsroom');
  assert.deepEqual([questions, lookedUp], [1, 2]);
});

test('the audit log is read newest first, verified and exported whole', async (t) => {
  const { api } = await bothServices(t);
  for (const name of ['a', 'b', 'c']) await api.createToken({ token_name: name, usage_limit: 0 });
  await api.revokeToken('b');
  const { entries, next } = await api.audit({ limit: 3 });
  assert.deepEqual(entries.map((entry) => [entry.number, entry.action]), [[3, 'token_revoked'], [2, 'token_created'], [1, 'token_created']]);
  assert.deepEqual((await api.audit({ before: next ?? undefined })).entries.map((entry) => entry.number), [0]);
  const { signal } = new AbortController();
  const { checked, problems, head } = await verifyEntries(api, signal, () => {});
  assert.deepEqual([checked, problems, head?.number, head?.sha256], [4, [], 3, entries[0].sha256]);
  const { lines, count } = await exportEntries(api, signal);
  const exported = Buffer.concat(lines).toString().trim().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual([count, exported.map((entry) => entry.number)], [4, [0, 1, 2, 3]]);
});

test('use is told by day and by token, and what goes on now', async (t) => {
  const { api, user } = await bothServices(t);
  await api.createToken({ token_name: 'newsroom', usage_limit: 0 });
  await sentWith(t, user, 'newsroom');
  const { days, damaged } = await api.usage(30);
  assert.deepEqual([days.length, damaged], [30, []]);
  assert.ok(days.every(({ date }, index) => index === 0 || date > days[index - 1].date), 'oldest first');
  const pulse = await api.pulse(5);
  assert.equal(pulse.window_minutes, 5);
});

test('the settings are facts', async (t) => {
  const { api } = await bothServices(t);
  const { limits, admin_key_name: name, admin_keys: keys } = await api.settings();
  assert.deepEqual([name, keys.length, limits.max_age_s], ['x-api-key', 1, 30 * 86_400]);
});
