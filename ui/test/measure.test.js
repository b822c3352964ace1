import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pace, bytesText, durationText } from '../shared/measure.js';

test('sizes are said in units of 1000, with as many digits as one reads', () => {
  const sizes = [0, 1, 2, 999, 1000, 1049, 1051, 9949, 9951, 210_000_000, 999_499, 999_500, 1_073_741_824, 107_374_182_400];
  assert.deepEqual(sizes.map((size) => bytesText(size)), [
    '0 bytes', '1 byte', '2 bytes', '999 bytes', '1 kB', '1 kB', '1.1 kB', '9.9 kB', '10 kB', '210 MB', '999 kB', '1 MB', '1.1 GB', '107 GB',
  ]);
});

test('times are said as roughly as a person would', () => {
  const times = [0.4, 3, 14, 52, 56, 100, 3300, 5400, 80_000, 200_000];
  assert.deepEqual(times.map(durationText), [
    'a moment', 'about 3 seconds', 'about 15 seconds', 'about 50 seconds', 'about 1 minute', 'about 2 minutes', 'about 1 hour', 'about 2 hours',
    'about 1 day', 'about 2 days',
  ]);
});

test('a steady pace is told from the second figure on', () => {
  const pace = new Pace(10_000);
  assert.deepEqual([pace.rate, pace.left], [0, null]);
  pace.update(0, 0);
  assert.equal(pace.left, null);
  pace.update(1000, 1000);
  assert.deepEqual([Math.round(pace.rate), Math.round(pace.left ?? 0)], [1000, 9]);
});

test('a pace follows a change within seconds, and does not jump', () => {
  const pace = new Pace(1e9);
  for (let second = 0; second <= 20; second++) pace.update(second * 1000, second * 1000);
  pace.update(30_000, 21_000);
  assert.ok(pace.rate > 1000 && pace.rate < 4000, String(pace.rate));
  for (let second = 22; second <= 60; second++) pace.update(30_000 + (second - 21) * 10_000, second * 1000);
  assert.ok(Math.abs(pace.rate - 10_000) < 100, String(pace.rate));
});

test('after a pause the speed before it is forgotten', () => {
  const pace = new Pace(1e6);
  pace.update(0, 0);
  pace.update(1000, 1000);
  pace.pause();
  assert.deepEqual([pace.rate, pace.left], [0, null]);
  pace.update(1000, 61_000);
  pace.update(1500, 62_000);
  assert.equal(Math.round(pace.rate), 500);
});
