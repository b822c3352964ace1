// Transfers: what is stored, without what is in it. A page of them, newest first, or one.

import { make } from '../../shared/page/dom.js';
import { sizeMark } from '../../shared/page/marks.js';
import { SIZES } from '../amounts.js';
import { cursor, pageTurns } from '../elements/page-turns.js';
import { button, choice, empty, idButton, labelled, moment, nameButton, stateMark } from '../elements/parts.js';
import { RecordTable } from '../elements/record-table.js';
import { failureText } from '../failures.js';
import { WHOLE } from '../routes.js';
import { frame, transfers as words } from '../words.js';
import { transfer } from './transfer.js';

/**
 * @typedef {import('../visit.js').Visit} Visit
 * @typedef {import('../wire.js').Summary} Summary
 * @typedef {import('../wire.js').TransferPage} TransferPage
 * @typedef {Record<string, string>} Filter
 */

const PAGE = 50;

/** @type {import('../visit.js').Show} */
export async function transfers(visit) {
  return visit.view.subject === '' ? list(visit) : transfer(visit);
}

/** @param {Visit} visit */
async function list(visit) {
  const page = await asked(visit, cursor(visit.view));
  const found = Object.keys(visit.view.filter).length > 0 ? filtered(visit, page) : paged(visit, page);
  return { content: [filterForm(visit), ...found] };
}

/**
 * @param {Visit} visit
 * @param {string} [before]
 */
function asked({ api, view: { filter }, signal }, before) {
  const sizes = SIZES[/** @type {import('../amounts.js').Size} */ (filter.size)] ?? {};
  return api.transfers({ before, limit: PAGE, state: filter.state, token: filter.token, reported: filter.reported, ...sizes, signal });
}

/**
 * @param {Visit} visit
 * @param {TransferPage} page
 */
function paged(visit, { transfers: found, next }) {
  if (found.length === 0 && next === null) return [empty(words.empty)];
  return [tableOf(visit, found), pageTurns(visit, next)];
}

/**
 * What a filter found so far: it says how far it is, and goes on when asked.
 * @param {Visit} visit
 * @param {TransferPage} first
 */
function filtered(visit, first) {
  const table = tableOf(visit, first.transfers);
  const status = make('p', { 'aria-live': 'polite' });
  const nothing = empty('');
  const more = button(words.goOn, () => goOn());
  let { next, looked_at: looked } = first;
  const tell = () => {
    status.textContent = words.found(first.scans, looked, table.records.length);
    more.hidden = next === null;
    table.hidden = table.records.length === 0;
    nothing.hidden = !table.hidden;
    nothing.textContent = next === null ? words.emptyAll : words.emptyFiltered;
  };
  const goOn = async () => {
    more.disabled = true;
    try {
      const page = await asked(visit, next ?? undefined);
      ({ next } = page);
      looked += page.looked_at;
      table.records = [...table.records, ...page.transfers];
      tell();
    } catch (error) {
      visit.say({ tone: 'bad', text: failureText(error) });
    }
    more.disabled = false;
  };
  tell();
  return [status, table, nothing, make('div', { class: 'actions' }, more)];
}

/**
 * @param {Visit} visit
 * @param {Summary[]} found
 */
function tableOf({ look, visit, view: { filter } }, found) {
  const { columns: titles } = words;
  return new RecordTable(filter.reported ? words.captionReported : words.caption, [
    { title: titles.id, of: ({ id }) => idButton(id, () => look({ ...WHOLE, subject: id })) },
    { title: titles.state, of: stateMark, key: ({ state }) => state },
    { title: titles.size, of: ({ size }) => sizeMark(size), key: ({ size }) => size, look: 'number' },
    { title: titles.created, of: ({ created_at: at }) => moment(at), key: ({ created_at: at }) => at },
    { title: titles.expires, of: ({ expires_at: at }) => moment(at), key: ({ expires_at: at }) => at, look: 'minor' },
    { title: titles.downloads, of: ({ downloads }) => words.times(downloads), key: ({ downloads }) => downloads || Infinity, look: 'minor' },
    { title: titles.token, of: ({ token }) => (token === null ? frame.none : nameButton(token, () => visit('tokens', { subject: token }))), key: ({ token }) => token ?? '' },
  ], found);
}

/** @param {Visit} visit */
function filterForm({ view: { filter }, look }) {
  const state = choice([['', words.all], ...Object.entries(words.state)], filter.state);
  const size = choice([['', words.all], ...Object.entries(words.sizes)], filter.size);
  const token = make('input', { type: 'search', autocomplete: 'off', spellcheck: 'false', autocapitalize: 'off', value: filter.token ?? '' });
  const reported = make('input', { type: 'checkbox', role: 'switch', checked: filter.reported === 'true' });
  const clear = button(words.clear, () => look(WHOLE));
  clear.hidden = Object.keys(filter).length === 0;
  const form = make('form', { class: 'row' }, labelled(words.fields.state, state), labelled(words.fields.size, size), labelled(words.fields.token, token),
    make('label', { class: 'switch' }, reported, words.reportedOnly), make('div', { class: 'actions' }, make('button', {}, words.filter), clear));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const all = { state: state.value, size: size.value, token: token.value.trim(), reported: reported.checked ? 'true' : '' };
    look({ ...WHOLE, filter: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')) });
  });
  return form;
}
