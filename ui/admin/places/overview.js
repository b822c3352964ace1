// Overview: what happens now, what happened in the last days, what is stored.

import { bytesText } from '../../shared/measure.js';
import { make } from '../../shared/page/dom.js';
import { sizeMark } from '../../shared/page/marks.js';
import { tookText } from '../../shared/moments.js';
import { button, empty, moment, nameButton } from '../elements/parts.js';
import { RecordTable } from '../elements/record-table.js';
import { failureText } from '../failures.js';
import { draw } from '../plot/svg.js';
import { number, overview as words } from '../words.js';
import { pulseFigures } from './pulse.js';
import { dayText, usagePlots } from './usage.js';

/**
 * @typedef {import('../visit.js').Visit} Visit
 * @typedef {import('../wire.js').Usage} Usage
 * @typedef {import('../wire.js').Stored} Stored
 */

const DAYS = 30;

/** @type {import('../visit.js').Show} */
export async function overview(visit) {
  const { api, signal } = visit;
  const [figures, usage, { runs }] = await Promise.all([pulseFigures(visit), api.usage(DAYS, { signal }), api.sweeps({ signal })]);
  return {
    content: [
      part(words.now, figures),
      part(words.days, ...damagedDays(usage), make('div', { class: 'plots' }, ...usagePlots(usage.days))),
      part(words.tokens, byToken(visit, usage)),
      part(words.stored, ...storedNow(usage.stored)),
      part(words.sweeps, make('p', { class: 'soft' }, words.sweepText), make('div', { class: 'actions' }, sweepButton(visit)), lastSweeps(runs)),
    ],
  };
}

/**
 * @param {string} title
 * @param {...Node} content
 */
function part(title, ...content) {
  return make('section', { class: 'part' }, make('h2', {}, title), ...content);
}

/** @param {Usage} usage */
function damagedDays({ damaged }) {
  return damaged.length === 0 ? [] : [make('p', { class: 'warned' }, words.damaged(damaged.map(dayText)))];
}

/**
 * @param {Visit} visit
 * @param {Usage} usage
 */
function byToken({ visit }, { tokens }) {
  if (tokens.length === 0) return empty(words.tokensNone);
  return new RecordTable(words.tokens, [
    { title: words.token, of: ({ token_name: name }) => (name === null ? words.others : nameButton(name, () => visit('tokens', { subject: name }))) },
    { title: words.sent, of: ({ transfers }) => number(transfers), key: ({ transfers }) => transfers, look: 'number' },
    { title: words.bytesStored, of: ({ bytes_stored: bytes }) => sizeMark(bytes), key: ({ bytes_stored: bytes }) => bytes, look: 'number' },
    { title: words.bytesServed, of: ({ bytes_served: bytes }) => sizeMark(bytes), key: ({ bytes_served: bytes }) => bytes, look: 'number' },
    { title: words.claims, of: ({ claims }) => number(claims), key: ({ claims }) => claims, look: 'number' },
    { title: words.refused, of: ({ refusals }) => number(refusals), key: ({ refusals }) => refusals, look: 'number' },
  ], tokens);
}

/**
 * @param {Stored | null} stored
 * @returns {Node[]}
 */
function storedNow(stored) {
  if (!stored) return [empty(words.storedNone)];
  const [before, after] = words.storedIs(`${number(stored.transfers)} ${words.transfers(stored.transfers)}`, bytesText(stored.bytes)).split('\n');
  const most = Math.max(1, ...stored.by_age.map(({ bytes }) => bytes));
  const ages = stored.by_age.map((age, index) => ({ ...age, before: stored.by_age[index - 1]?.days ?? 0 }));
  return [make('p', { class: 'soft' }, before, ' ', moment(stored.at), after), new RecordTable(words.stored, [
    { title: words.age, of: ({ days, before: border }) => words.younger(days, border) },
    { title: words.transfersColumn, of: ({ transfers }) => number(transfers), look: 'number' },
    { title: words.size, of: ({ bytes }) => sizeMark(bytes), look: 'number' },
    { title: words.share, of: ({ bytes }) => shareBar(bytes / most) },
  ], ages)];
}

/** @param {number} share of the largest, 0 to 1 */
function shareBar(share) {
  const bar = draw('rect', { class: 'bar', x: 0, y: 0, width: share * 100, height: 10 });
  return draw('svg', { class: 'share', viewBox: '0 0 100 10', preserveAspectRatio: 'none', 'aria-hidden': 'true' }, bar);
}

/** @param {Visit} visit */
function sweepButton({ api, again, say }) {
  const sweep = button(words.sweepNow, async () => {
    sweep.disabled = true;
    sweep.textContent = words.sweeping;
    try {
      const done = await api.sweep();
      again({ tone: done.failures === 0 && done.finished ? 'good' : 'warn', text: words.swept(done) });
    } catch (error) {
      say({ tone: 'bad', text: failureText(error) });
      sweep.disabled = false;
      sweep.textContent = words.sweepNow;
    }
  });
  return sweep;
}

/** @param {import('../wire.js').SweepRun[]} runs */
function lastSweeps(runs) {
  if (runs.length === 0) return empty(words.sweepsNone);
  const { sweepColumns: titles } = words;
  return new RecordTable(words.sweeps, [
    { title: titles.when, of: ({ at }) => moment(at) },
    { title: titles.took, of: ({ took_ms: took }) => tookText(took), look: 'number minor' },
    { title: titles.lookedAt, of: ({ looked_at: looked }) => number(looked), look: 'number' },
    { title: titles.abandoned, of: ({ abandoned }) => number(abandoned), look: 'number' },
    { title: titles.payloads, of: ({ payloads }) => number(payloads), look: 'number' },
    { title: titles.failures, of: ({ failures }) => number(failures), look: 'number' },
    { title: titles.finished, of: ({ finished }) => (finished ? words.yes : words.no) },
  ], runs);
}
