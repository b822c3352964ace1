// The plots of the last days, each with its table behind it.

import { bytesText } from '../../shared/measure.js';
import { make } from '../../shared/page/dom.js';
import { RecordTable } from '../elements/record-table.js';
import { UsagePlot } from '../elements/usage-plot.js';
import { LANGUAGE, number, overview as words } from '../words.js';

/** @typedef {import('../wire.js').Day} Day */
/** @typedef {{title: string, bars: string, line: string}} Names */

// The days are the service's, which counts them in UTC.
const SHORT = new Intl.DateTimeFormat(LANGUAGE, { day: 'numeric', month: 'short', timeZone: 'UTC' });
const ROW = new Intl.DateTimeFormat(LANGUAGE, { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });
const LONG = new Intl.DateTimeFormat(LANGUAGE, { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' });

/** @param {string} date */
export const dayText = (date) => LONG.format(new Date(date));

/** @param {Day[]} days */
export function usagePlots(days) {
  const { plots } = words;
  return [
    plot(plots.transfers, days, ({ transfers }) => transfers, ({ claims }) => claims, number),
    plot(plots.bytes, days, (day) => day.bytes_stored, (day) => day.bytes_served, bytesText),
    plot(plots.refusals, days, ({ refusals }) => refusals, ({ failures }) => failures, number),
  ];
}

/**
 * @param {Names} names
 * @param {Day[]} days
 * @param {(day: Day) => number} bars
 * @param {(day: Day) => number} line
 * @param {(value: number) => string} text
 */
function plot(names, days, bars, line, text) {
  const series = (/** @type {string} */ name, /** @type {(day: Day) => number} */ of) => ({ name, total: text(sum(days.map(of))), values: days.map(of) });
  const told = days.map((day) => `${dayText(day.date)}: ${words.total(names.bars, text(bars(day)))}, ${words.total(names.line, text(line(day)))}`);
  const drawn = new UsagePlot({
    title: names.title, bars: series(names.bars, bars), line: series(names.line, line), days: days.map(({ date }) => SHORT.format(new Date(date))),
    axis: (value) => (value === 0 ? '0' : text(value)), told,
  });
  const table = new RecordTable(names.title, [
    { title: words.day, of: ({ date }) => ROW.format(new Date(date)), key: ({ date }) => date },
    { title: names.bars, of: (day) => text(bars(day)), key: bars, look: 'number' },
    { title: names.line, of: (day) => text(line(day)), key: line, look: 'number' },
  ], [...days].reverse());
  table.toggleAttribute('few', true);
  return make('div', { class: 'plot' }, drawn, make('details', {}, make('summary', {}, words.behind), table));
}

/** @param {number[]} values */
const sum = (values) => values.reduce((all, value) => all + value, 0);
