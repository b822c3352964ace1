// Audit: what admins did, and whether the log is as it was written.

import { make } from '../../shared/page/dom.js';
import { detailsText } from '../audit-details.js';
import { exportEntries, verifyEntries } from '../audit-walk.js';
import { shortened } from '../amounts.js';
import { cursor, pageTurns } from '../elements/page-turns.js';
import { button, empty, moment } from '../elements/parts.js';
import { RecordTable } from '../elements/record-table.js';
import { failureText } from '../failures.js';
import { audit as words, frame, number } from '../words.js';

/**
 * @typedef {import('../visit.js').Visit} Visit
 * @typedef {import('../wire.js').Entry} Entry
 */

const PAGE = 50;

/** @type {import('../visit.js').Show} */
export async function audit(visit) {
  const before = cursor(visit.view);
  const { entries, next } = await visit.api.audit({ before: before === undefined ? undefined : Number(before), limit: PAGE, signal: visit.signal });
  const result = make('div', { class: 'stack', 'aria-live': 'polite' });
  const verify = button(words.verify, () => during(visit, verify, () => verified(visit, verify, result)));
  const save = button(words.exportAct, () => during(visit, save, () => exported(visit, save)));
  const shown = entries.length === 0 ? empty(words.empty) : new RecordTable(words.caption, COLUMNS, entries);
  return { acts: [verify, save], content: [make('p', { class: 'soft' }, words.about), result, shown, pageTurns(visit, next)] };
}

/** @type {import('../elements/record-table.js').Column<Entry>[]} */
const COLUMNS = [
  { title: words.columns.number, of: (entry) => number(entry.number), key: (entry) => entry.number, look: 'number' },
  { title: words.columns.when, of: ({ at }) => moment(at), key: ({ at }) => at },
  { title: words.columns.by, of: ({ by }) => make('bdi', {}, by), key: ({ by }) => by },
  { title: words.columns.action, of: ({ action }) => words.actions[action] ?? action, key: ({ action }) => action },
  { title: words.columns.subject, of: ({ subject }) => subjectMark(subject), key: ({ subject }) => subject },
  { title: words.columns.details, of: ({ details }) => detailsText(details) || frame.none, look: 'wide' },
  { title: words.columns.sha256, of: ({ sha256 }) => code(sha256), look: 'minor' },
];

/** @param {string} text */
const code = (text) => make('code', { dir: 'ltr', title: text }, shortened(text));

/**
 * To what something was done: its kind, and what the log knows it by.
 * @param {string} subject "token ca978112ca1bbdcafac231b39a23dc4d", or nothing where it was done to the service as a whole
 */
function subjectMark(subject) {
  const [kind, id] = subject.split(' ');
  if (!id) return subject || frame.none;
  return make('span', {}, kind, ' ', code(id));
}

/**
 * Does something that takes a while, once at a time.
 * @param {Visit} visit
 * @param {HTMLButtonElement} pressed
 * @param {() => Promise<void>} act
 */
async function during(visit, pressed, act) {
  const text = pressed.textContent;
  pressed.disabled = true;
  try {
    await act();
  } catch (error) {
    if (!visit.signal.aborted) visit.say({ tone: 'bad', text: failureText(error) });
  }
  pressed.disabled = false;
  pressed.textContent = text;
  if (document.activeElement === document.body) pressed.focus();
}

/**
 * @param {Visit} visit
 * @param {HTMLButtonElement} pressed
 * @param {HTMLElement} result
 */
async function verified({ api, signal, say }, pressed, result) {
  result.replaceChildren();
  say(null);
  const { checked, problems, head } = await verifyEntries(api, signal, (count) => { pressed.textContent = words.verifying(count); });
  if (problems.length > 0) {
    say({ tone: 'bad', text: words.unsound(problems.length, checked) });
    const lines = problems.map(({ number: at, kind, detail }) => `${words.problem(at, words.kinds[kind])}${detail}`);
    result.append(make('ul', {}, ...lines.map((line) => make('li', {}, line))));
    return;
  }
  say({ tone: 'good', text: head === null ? words.soundEmpty : words.sound(checked, head.number, head.sha256) });
}

/**
 * @param {Visit} visit
 * @param {HTMLButtonElement} pressed
 */
async function exported({ api, signal, say }, pressed) {
  pressed.textContent = words.exporting;
  const { lines, count } = await exportEntries(api, signal);
  const address = URL.createObjectURL(new Blob(lines, { type: 'application/x-ndjson' }));
  make('a', { href: address, download: words.file }).click();
  // The browser has taken it over by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  say({ tone: 'good', text: words.exported(count) });
}
