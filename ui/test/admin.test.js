// What the admin pages are made of, as far as it can be told without a browser and a server.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { bytesOf, countOf, inUnits, shortened, SIZES } from '../admin/amounts.js';
import { detailsText } from '../admin/audit-details.js';
import { failureText, failureTextOr } from '../admin/failures.js';
import { drawing } from '../admin/plot/geometry.js';
import { labelled, ticks } from '../admin/plot/ticks.js';
import { hashOf, placeOf, PLACES, viewOf, WHOLE } from '../admin/routes.js';
import { failures, overview, transfers } from '../admin/words.js';
import { ApiError } from '../shared/errors.js';
import { relativeText, tookText } from '../shared/moments.js';

const SECOND = 1000;
const DAY = 86_400 * SECOND;

for (const [highest, expected] of /** @type {[number, number[]][]} */ ([
  [0, [0, 1]], [1, [0, 1]], [3, [0, 1, 2, 3]], [4, [0, 1, 2, 3, 4]], [5, [0, 2, 4, 6]], [17, [0, 5, 10, 15, 20]], [128, [0, 50, 100, 150]],
  [1000, [0, 500, 1000]], [13_700_000_000, [0, 5e9, 1e10, 1.5e10]],
])) {
  test(`an axis up to ${highest} has ticks at ${expected.join(', ')}`, () => assert.deepEqual(ticks(highest), expected));
}

test('an axis has few ticks, round ones, and room for the highest', () => {
  for (let highest = 1; highest < 1e15; highest = Math.ceil(highest * 1.37)) {
    const found = ticks(highest);
    assert.ok(found.length >= 2 && found.length <= 5, `${highest}: ${found}`);
    assert.ok(/** @type {number} */ (found.at(-1)) >= highest, `${highest}: ${found}`);
    assert.match(String(found[1]), /^[125]0*$/);
  }
});

test('labels do not touch, and the last day has one', () => {
  assert.deepEqual(labelled(30, 30, 60), [1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29]);
  assert.deepEqual(labelled(30, 9, 60), [1, 8, 15, 22, 29]);
  assert.deepEqual(labelled(3, 1, 60), [2]);
});

test('bars stand on the axis, the line goes through the middle of its days, and nothing leaves the plot', () => {
  const bars = [0, 5, 10];
  const line = [20, 0, 10];
  const shape = drawing({ bars, line }, 300, String);
  const floor = shape.inside.y + shape.inside.height;
  assert.deepEqual(shape.ticks.map(({ text }) => text), ['0', '5', '10', '15', '20']);
  assert.deepEqual(shape.bars.map(({ y, height }) => y + height), [floor, floor, floor]);
  assert.deepEqual(shape.bars.map(({ height }) => height / shape.inside.height), [0, 0.25, 0.5]);
  assert.equal(shape.points[0].y, shape.inside.y);
  for (const [index, { x, width }] of shape.bars.entries()) assert.ok(Math.abs(x + width / 2 - shape.points[index].x) < 1e-9);
  for (const { x, width } of shape.columns) assert.ok(x >= 0 && x + width <= 300 + 1e-9);
});

test('a plot of nothing is an empty plot', () => {
  const shape = drawing({ bars: [0, 0], line: [0, 0] }, 200, String);
  assert.ok(shape.bars.every(({ height }) => height === 0));
  assert.ok(shape.points.every(({ y }) => Number.isFinite(y)));
});

test('each place has an address, and other addresses lead to the first', () => {
  for (const place of PLACES) assert.equal(placeOf(hashOf(place)), place);
  for (const hash of ['', '#', '#/', '#/nothing', '#tokens', '#/tokens/newsroom', '#/constructor']) assert.equal(placeOf(hash), 'overview');
});

test('what the history holds is taken as far as it is a view', () => {
  const view = { subject: 'newsroom', filter: { state: 'pending' }, pages: ['a', 'b'] };
  assert.deepEqual(viewOf(view), view);
  for (const state of [null, undefined, 7, 'x', [], { subject: 1, filter: 'y', pages: [1] }]) assert.deepEqual(viewOf(state), WHOLE);
  assert.deepEqual(viewOf({ filter: { state: 'pending', size: 3, token: '' } }).filter, { state: 'pending' });
});

test('limits are shown in the largest unit that says them exactly, and read back the same', () => {
  assert.deepEqual(inUnits(0), { amount: 0, unit: 'GB' });
  assert.deepEqual(inUnits(2_500_000_000), { amount: 2500, unit: 'MB' });
  assert.deepEqual(inUnits(1_073_741_824), { amount: 1_073_741_824, unit: 'bytes' });
  for (const bytes of [1, 999, 1000, 1_500_000, 7e12, 123_456_789]) {
    const { amount, unit } = inUnits(bytes);
    assert.equal(bytesOf(String(amount), unit), bytes);
  }
});

test('an amount that was typed is bytes, no limit when empty, and refused when it is none', () => {
  assert.equal(bytesOf('1.5', 'GB'), 1_500_000_000);
  assert.equal(bytesOf('', 'GB'), 0);
  for (const typed of ['-1', 'many', '1e300', 'NaN']) assert.equal(bytesOf(typed, 'GB'), null);
  assert.equal(countOf('50'), 50);
  assert.equal(countOf(''), 0);
  for (const typed of ['-1', '1.5', 'fifty', '1e99']) assert.equal(countOf(typed), null);
});

test('the sizes to filter by touch and do not overlap', () => {
  const { small, medium, large, huge } = SIZES;
  assert.deepEqual([small.max_size + 1, medium.max_size + 1, large.max_size + 1], [medium.min_size, large.min_size, huge.min_size]);
});

test('ids are known by their beginning', () => {
  assert.equal(shortened('3fa2b1c4d5e6f708'), '3fa2b1c4…');
  assert.equal(shortened('abcdef012345'), 'abcdef012345');
});

for (const [seconds, expected] of /** @type {[number, string][]} */ ([
  [0, 'now'], [-4, 'now'], [-30, '30 seconds ago'], [-59, '1 minute ago'], [-3 * 60, '3 minutes ago'], [-3600, '1 hour ago'], [-86_400, 'yesterday'],
  [7 * 86_400, 'in 7 days'], [23 * 3600, 'tomorrow'], [-100 * 86_400, '3 months ago'], [-400 * 86_400, 'last year'],
])) {
  test(`${seconds} s from now is said as "${expected}"`, () => assert.equal(relativeText(DAY + seconds * SECOND, DAY), expected));
}

test('how long something took is said with as many digits as one reads', () => {
  assert.deepEqual([0, 12.4, 999, 1234, 61_000].map(tookText), ['0 ms', '12 ms', '999 ms', '1.2 s', '61 s']);
});

test('a refusal is said in words, with the number of the log where the service failed', () => {
  assert.equal(failureText(new ApiError('refused', 'A name is needed.', { status: 400 })), 'A name is needed.');
  assert.match(failureText(new ApiError('server', 'x', { status: 500, requestId: '0123abcd' })), /0123abcd$/);
  assert.equal(failureText(new TypeError('x')), failures.unknown);
  assert.equal(failureTextOr(new ApiError('unauthorized', 'x'), { unauthorized: 'no' }), 'no');
});

test('what the audit log notes is said in words, and what is not known as it was noted', () => {
  assert.equal(detailsText({ bytes_limit: 1_500_000_000, max_age_s: 86_400, usage_limit: 50 }), '50 transfers, 1.5 GB in all, kept for 1 day');
  assert.equal(detailsText({ bytes_limit: 0, max_age_s: 0, usage_limit: 0 }), 'any number of transfers');
  assert.equal(detailsText({ reason: 'malware' }), 'for malware');
  assert.equal(detailsText({ some_thing: { a: 1 } }), 'some thing {"a":1}');
  assert.equal(detailsText({}), '');
});

test('a sweep is told by what it did, and by what it did not', () => {
  const sweep = { looked_at: 1204, abandoned: 1, payloads: 2, objects: 1, tombstones: 0, unfinished: 0, failures: 0, finished: true };
  assert.equal(overview.swept(sweep), 'Looked at 1,204 transfers, removed 1 object.');
  assert.match(overview.swept({ ...sweep, failures: 2, finished: false }), /2 removals failed.*There is more/);
});

test('the ages of what is stored leave no gap', () => {
  assert.deepEqual([[1, 0], [7, 1], [30, 7], [null, 30]].map(([days, before]) => overview.younger(days, before ?? 0)),
    ['Less than 1 day', '1 to 7 days', '7 to 30 days', '30 days and older']);
});

test('days whose figures are damaged are named', () => {
  assert.match(overview.damaged(['Saturday 14 November', 'Friday 20 November']), /^What was counted on Saturday 14 November and Friday 20 November is damaged/);
});

test('a filter that reads everything says how far it is', () => {
  assert.equal(transfers.found(['state', 'size'], 1300, 2), 'Filtering by state and size reads one transfer after the other: looked at 1,300, found 2.');
  assert.equal(transfers.found([], 1300, 2), 'Looked at 1,300, found 2.');
});
