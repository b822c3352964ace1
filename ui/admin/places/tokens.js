// Tokens: who may send. A page of them, or one.

import { ApiError } from '../../shared/errors.js';
import { bytesText } from '../../shared/measure.js';
import { make } from '../../shared/page/dom.js';
import { ageText } from '../../shared/moments.js';
import { sizeMark } from '../../shared/page/marks.js';
import { ask } from '../elements/ask.js';
import { cursor, pageTurns } from '../elements/page-turns.js';
import { button, empty, factList, labelled, moment, nameButton, wholeMoment } from '../elements/parts.js';
import { RecordTable } from '../elements/record-table.js';
import { WHOLE } from '../routes.js';
import { frame, number, table, tokens as words } from '../words.js';
import { askLimits, askToken } from './token-forms.js';

/**
 * @typedef {import('../visit.js').Visit} Visit
 * @typedef {import('../wire.js').Token} Token
 */

/** Tokens on a page: as many as can be read, and sorted, at once. */
const PAGE = 50;

/** @type {import('../visit.js').Show} */
export async function tokens(visit) {
  return visit.view.subject === '' ? list(visit) : one(visit);
}

/** @param {Visit} visit */
async function list(visit) {
  const page = await visit.api.tokens({ after: cursor(visit.view), limit: PAGE, signal: visit.signal });
  const shown = page.tokens.length === 0 ? empty(words.empty) : new RecordTable(words.caption, columns(visit), page.tokens);
  const hint = page.next === null && visit.view.pages.length === 0 ? [] : [make('p', { class: 'soft small' }, table.sortedHere)];
  const create = button(words.create, () => askToken(visit), 'primary');
  return { acts: [create], content: [finder(visit), shown, ...hint, pageTurns(visit, page.next)] };
}

/**
 * @param {Visit} visit
 * @returns {import('../elements/record-table.js').Column<Token>[]}
 */
function columns({ look }) {
  const { columns: titles } = words;
  return [
    { title: titles.name, of: ({ token_name: name }) => nameButton(name, () => look({ ...WHOLE, subject: name })), key: ({ token_name: name }) => name },
    { title: titles.status, of: statusText, key: ({ status }) => status },
    { title: titles.used, of: usedText, key: ({ usage_count: count }) => count, look: 'number' },
    { title: titles.bytes, of: bytesUsed, key: ({ bytes_used: bytes }) => bytes, look: 'number' },
    { title: titles.age, of: ({ max_age_s: age }) => (age === 0 ? frame.none : ageText(age)), key: ({ max_age_s: age }) => age, look: 'minor' },
    { title: titles.kind, of: ({ secret }) => (secret ? words.secret : words.named), key: ({ secret }) => Number(secret), look: 'minor' },
    { title: titles.created, of: ({ created_at: at }) => moment(at), key: ({ created_at: at }) => at },
  ];
}

/** @param {Token} token */
const statusText = ({ status }) => make('span', { class: 'state', 'data-state': status }, words.status[status]);

/** @param {Token} token */
function usedText({ usage_count: count, usage_limit: limit }) {
  return limit === 0 ? number(count) : words.of(number(count), number(limit));
}

/** @param {Token} token */
function bytesUsed({ bytes_used: used, bytes_limit: limit }) {
  if (limit === 0) return sizeMark(used);
  return make('span', {}, words.of(bytesText(used), bytesText(limit)));
}

/** @param {Visit} visit */
function finder({ look }) {
  const field = make('input', { type: 'search', autocomplete: 'off', spellcheck: 'false', autocapitalize: 'off' });
  const form = make('form', { class: 'row', role: 'search' }, labelled(words.find, field), make('button', {}, words.findAct));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (field.value.trim() !== '') look({ ...WHOLE, subject: field.value.trim() });
  });
  return form;
}

/** @param {Visit} visit */
async function one(visit) {
  const { api, view: { subject }, signal, visit: go } = visit;
  const acts = [button(words.back, () => go('tokens'), 'quiet')];
  try {
    const token = await api.token(subject, { signal });
    const sent = button(words.transfers, () => go('transfers', { filter: { token: subject } }));
    return { title: token.token_name, acts, content: [factList(facts(token)), make('div', { class: 'actions' }, sent, ...actsOf(visit, token))] };
  } catch (error) {
    if (!(error instanceof ApiError) || error.kind !== 'not_found') throw error;
    return { acts, content: [finder(visit), empty(words.unknown(subject))] };
  }
}

/**
 * @param {Token} token
 * @returns {[string, string | Node][]}
 */
function facts(token) {
  const { facts: titles } = words;
  const remarks = JSON.stringify(token.metadata ?? {});
  return [
    [titles.status, statusText(token)],
    [titles.used, token.usage_limit === 0 ? `${usedText(token)}, ${frame.noLimit}` : usedText(token)],
    [titles.bytes, bytesUsed(token)],
    [titles.age, token.max_age_s === 0 ? words.ownAge : ageText(token.max_age_s)],
    [titles.kind, token.secret ? words.kinds.secret : words.kinds.named],
    [titles.by, make('bdi', {}, token.created_by)],
    [titles.created, wholeMoment(token.created_at)],
    ...(remarks === '{}' ? [] : /** @type {[string, Node][]} */ ([[titles.metadata, make('code', {}, remarks)]])),
  ];
}

/**
 * @param {Visit} visit
 * @param {Token} token
 */
function actsOf(visit, token) {
  const limits = button(words.limits, () => askLimits(visit, token));
  if (token.status === 'revoked') return [button(words.reactivate, () => reactivate(visit, token.token_name), 'primary'), limits];
  return [limits, button(words.revoke, () => revoke(visit, token.token_name), 'grave')];
}

/**
 * @param {Visit} visit
 * @param {string} name
 */
async function revoke({ api, again }, name) {
  const done = await ask({ title: words.revokeTitle(name), text: words.revokeText, act: words.revoke, grave: true, run: () => api.revokeToken(name) });
  if (done) again({ tone: 'good', text: words.revoked(name) });
}

/**
 * @param {Visit} visit
 * @param {string} name
 */
async function reactivate({ api, again }, name) {
  const done = await ask({ title: words.reactivateTitle(name), text: words.reactivateText, act: words.reactivate, run: () => api.reactivateToken(name) });
  if (done) again({ tone: 'good', text: words.reactivated(name) });
}
