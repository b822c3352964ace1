import { make } from '../../shared/page/dom.js';
import { drawing } from '../plot/geometry.js';
import { draw, path } from '../plot/svg.js';
import { overview as words } from '../words.js';
import { empty } from './parts.js';

/** @typedef {import('../plot/geometry.js').Drawing} Drawing */

/**
 * @typedef {object} Plot
 * @property {string} title
 * @property {{name: string, total: string, values: number[]}} bars
 * @property {{name: string, total: string, values: number[]}} line
 * @property {string[]} days what each is called at the axis
 * @property {(value: number) => string} axis a round number, with its unit where it has one
 * @property {string[]} told what the pointer is told of each day
 */

/**
 * `<usage-plot>`: two figures a day, one as bars and one as a line. Drawn for the room that it has, and again when that changes.
 *
 * Properties: `plot`.
 */
export class UsagePlot extends HTMLElement {
  #plot;
  #room = make('div', { class: 'room' });
  #width = 0;
  #watch = new ResizeObserver(([{ contentRect }]) => this.#draw(Math.floor(contentRect.width)));

  /** @param {Plot} plot */
  constructor(plot) {
    super();
    this.#plot = plot;
    const { bars, line } = plot;
    const legend = make('p', { class: 'legend' }, key('bars', words.total(bars.name, bars.total)), key('line', words.total(line.name, line.total)));
    this.append(make('h3', {}, plot.title), legend, this.#room);
  }

  connectedCallback() {
    this.#watch.observe(this.#room);
  }

  disconnectedCallback() {
    this.#watch.disconnect();
  }

  /** @param {number} width */
  #draw(width) {
    if (width === this.#width || width === 0) return;
    this.#width = width;
    const { bars, line, axis, days, told, title } = this.#plot;
    if ([...bars.values, ...line.values].every((value) => value === 0)) return this.#room.replaceChildren(empty(words.nothing));
    const shape = drawing({ bars: bars.values, line: line.values }, width, axis);
    const label = words.described(title, words.total(bars.name, bars.total), words.total(line.name, line.total));
    this.#room.replaceChildren(draw('svg', { role: 'img', 'aria-label': label, width, height: shape.height, viewBox: `0 0 ${width} ${shape.height}` },
      ...axes(shape, days), ...shape.bars.map((box) => draw('rect', { class: 'bar', ...box })), ...over(shape),
      ...shape.columns.map((box, index) => draw('rect', { class: 'day', ...box }, draw('title', {}, told[index])))));
  }
}

/**
 * @param {string} look
 * @param {string} name
 */
function key(look, name) {
  const bar = draw('rect', { class: 'bar', x: 5, y: 0, width: 10, height: 12 });
  const line = over({ points: [1, 10, 19].map((x) => ({ x, y: 6 })) });
  return make('span', {}, draw('svg', { width: 20, height: 12, 'aria-hidden': 'true' }, ...(look === 'bars' ? [bar] : line)), name);
}

/**
 * @param {Drawing} shape
 * @param {string[]} days
 */
function axes({ inside, ticks, days: labelled, height }, days) {
  const end = inside.x + inside.width;
  return [
    ...ticks.flatMap(({ y, text }, index) => [
      draw('line', { class: index === 0 ? 'base' : 'grid', x1: inside.x, x2: end, y1: y, y2: y }),
      draw('text', { x: inside.x - 8, y: y + 4, 'text-anchor': 'end' }, text),
    ]),
    draw('text', { x: inside.x, y: 12 }, words.perDay),
    ...labelled.map(({ x, index, anchor }) => draw('text', { x, y: height - 6, 'text-anchor': anchor }, days[index])),
  ];
}

/** @param {Pick<Drawing, 'points'>} shape */
function over({ points }) {
  return [draw('path', { class: 'line', d: path(points) }), ...points.map(({ x, y }) => draw('circle', { class: 'point', cx: x, cy: y, r: 1.75 }))];
}

customElements.define('usage-plot', UsagePlot);
