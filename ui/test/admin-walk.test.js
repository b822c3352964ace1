// Walking pages of which some are empty and not the last.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AdminApi } from '../admin/api.js';
import { exportEntries } from '../admin/audit-walk.js';
import { countOpen, openReports } from '../admin/report-walk.js';

/**
 * A client of a service that answers with these pages, one after the other, the last one for ever.
 * @param {...Response} pages
 */
function answering(...pages) {
  /** @type {string[]} */
  const asked = [];
  const fetch = async (/** @type {string | URL | Request} */ url) => {
    asked.push(new URL(String(url)).search);
    return (pages.length > 1 ? pages.shift() : pages[0]?.clone()) ?? Response.error();
  };
  return { api: new AdminApi({ base: 'http://admin.invalid', fetch }), asked };
}

/**
 * @param {number} count
 * @param {string | null} next
 */
const reported = (count, next) => Response.json({ reports: Array(count).fill({}), next });

test('an empty page of reports is passed over when there are more', async () => {
  const { api, asked } = answering(reported(0, 'a'), reported(0, 'b'), reported(2, 'c'));
  const { reports, next } = await openReports(api, undefined);
  assert.deepEqual([reports.length, next], [2, 'c']);
  assert.deepEqual(asked, ['?limit=20', '?after=a&limit=20', '?after=b&limit=20']);
});

test('reports that are all taken down are not looked for without end', async () => {
  const { api, asked } = answering(reported(0, 'a'));
  assert.equal((await openReports(api, undefined)).next, 'a');
  assert.equal(asked.length, 10);
});

for (const [title, pages, expected] of /** @type {[string, Response[], object][]} */ ([
  ['none', [reported(0, null)], { count: 0, more: false }],
  ['those behind an empty page', [reported(0, 'a'), reported(3, null)], { count: 3, more: false }],
  ['those of several pages', [reported(3, 'a'), reported(4, null)], { count: 7, more: false }],
  ['twenty, and that there are more', [reported(20, 'a')], { count: 20, more: true }],
  ['never more than twenty', [reported(19, 'a'), reported(2, null)], { count: 20, more: true }],
])) {
  test(`open reports are counted: ${title}`, async () => assert.deepEqual(await countOpen(answering(...pages).api), expected));
}

test('an export goes on where the service says, also from a page without entries', async () => {
  const page = (/** @type {string} */ text, /** @type {number} */ next) => new Response(text, { headers: next ? { 'x-send-next': String(next) } : {} });
  const { api, asked } = answering(page('{"number":0}\n{"number":1}\n', 1000), page('', 2000), page('{"number":2000}\n', 0));
  const { lines, count } = await exportEntries(api, new AbortController().signal);
  assert.equal(count, 3);
  assert.equal(Buffer.concat(lines).toString(), '{"number":0}\n{"number":1}\n{"number":2000}\n');
  assert.deepEqual(asked, ['?since=0', '?since=1000', '?since=2000']);
});
