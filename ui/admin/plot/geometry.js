// Where everything of a plot lies, in pixels from its upper left corner. Pure.

import { labelled, ticks } from './ticks.js';

/** Pixels: of the plot, and around what is drawn. The line under the axis holds the days, the line above it the unit. */
const HEIGHT = 184;
const TOP = 26;
const BOTTOM = 24;
/** What a label of a day takes, with the space beside it. */
const DAY_LABEL = 72;
/** What one letter of a label at the axis takes, and the space between it and the axis. */
const LETTER = 7;
const APART = 10;

/**
 * One figure a day: `bars` are drawn as bars, `line` as a line over them.
 * @typedef {{bars: number[], line: number[]}} Series
 */

/**
 * `x`, `y` of the upper left corner.
 * @typedef {{x: number, y: number, width: number, height: number}} Box
 */

/**
 * @typedef {object} Drawing
 * @property {number} width
 * @property {number} height
 * @property {Box} inside where the days are
 * @property {{y: number, text: string}[]} ticks
 * @property {{x: number, index: number, anchor: 'middle' | 'end'}[]} days which carry a label: at their middle, the last up to the end
 * @property {Box[]} bars
 * @property {{x: number, y: number}[]} points of the line
 * @property {Box[]} columns all of each day, for the pointer
 */

/**
 * @param {Series} series both of the same length
 * @param {number} width
 * @param {(value: number) => string} text of a number at the axis
 * @returns {Drawing}
 */
export function drawing({ bars, line }, width, text) {
  const values = ticks(Math.max(...bars, ...line, 0));
  const labels = values.map(text);
  const left = Math.max(...labels.map((label) => label.length)) * LETTER + APART;
  const inside = { x: left, y: TOP, width: Math.max(width - left, 1), height: HEIGHT - TOP - BOTTOM };
  const step = inside.width / bars.length;
  const highest = /** @type {number} */ (values.at(-1));
  const y = (/** @type {number} */ value) => inside.y + inside.height * (1 - value / highest);
  const middle = (/** @type {number} */ index) => inside.x + (index + 0.5) * step;
  const thick = Math.max(step * 0.62, 1);
  return {
    width, height: HEIGHT, inside,
    ticks: values.map((value, index) => ({ y: y(value), text: labels[index] })),
    days: labelled(bars.length, step, DAY_LABEL).map((index) => (index === bars.length - 1 ? { x: width, index, anchor: 'end' } : { x: middle(index), index, anchor: 'middle' })),
    bars: bars.map((value, index) => ({ x: middle(index) - thick / 2, y: y(value), width: thick, height: y(0) - y(value) })),
    points: line.map((value, index) => ({ x: middle(index), y: y(value) })),
    columns: bars.map((_, index) => ({ x: inside.x + index * step, y: inside.y, width: step, height: inside.height })),
  };
}
