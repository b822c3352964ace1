// One transfer: what the service knows of it, and what an admin can do about it.

import { ApiError } from '../../shared/errors.js';
import { make } from '../../shared/page/dom.js';
import { ageText } from '../../shared/moments.js';
import { sizeMark } from '../../shared/page/marks.js';
import { shortened } from '../amounts.js';
import { ask } from '../elements/ask.js';
import { button, choice, copyLine, empty, factList, labelled, moment, nameButton, stateMark, wholeMoment } from '../elements/parts.js';
import { frame, number, tokens, transfers as words } from '../words.js';

/**
 * @typedef {import('../visit.js').Visit} Visit
 * @typedef {import('../wire.js').Transfer} Transfer
 */

const DAY = 86_400;
const AGES = [DAY, 7 * DAY, 30 * DAY];

/** @type {import('../visit.js').Show} */
export async function transfer(visit) {
  const { api, view: { subject }, signal, visit: go } = visit;
  const acts = [button(words.back, () => go('transfers'), 'quiet')];
  try {
    const found = await api.transfer(subject, { signal });
    return { title: words.title(shortened(found.id)), acts, content: [factList(facts(visit, found)), make('div', { class: 'actions' }, ...actsOf(visit, found))] };
  } catch (error) {
    if (!(error instanceof ApiError) || error.kind !== 'not_found') throw error;
    return { title: words.title(shortened(subject)), acts, content: [empty(words.unknown)] };
  }
}

/**
 * @param {Visit} visit
 * @param {Transfer} found
 * @returns {[string, string | Node][]}
 */
function facts({ visit }, found) {
  const { facts: titles } = words;
  const { token, taken_down: end } = found;
  return [
    [titles.id, copyLine(found.id, words.theId)],
    [titles.kind, words.kind[found.kind]],
    [titles.state, stateMark(found)],
    ...(end ? [/** @type {[string, Node]} */ ([titles.takenDown, make('span', {}, words.takenDownFor(reasonText(end.reason)), wholeMoment(end.at))])] : []),
    [titles.size, sizeMark(found.size)],
    [titles.created, wholeMoment(found.created_at)],
    [titles.expires, wholeMoment(found.expires_at)],
    [titles.downloads, found.downloads === 0 ? `${number(found.downloads_taken)}, ${frame.noLimit}` : tokens.of(number(found.downloads_taken), number(found.downloads))],
    [titles.wipe, found.wipe ? words.wipe : words.stays],
    [titles.token, token === null ? words.noToken : nameButton(token, () => visit('tokens', { subject: token }))],
    [titles.reports, found.reports.length === 0 ? words.noReports : reasonList(found.reports)],
  ];
}

/** @param {string} reason */
const reasonText = (reason) => words.reasons[/** @type {keyof typeof words.reasons} */ (reason)] ?? reason;

/**
 * What recipients wrote, as they wrote it.
 * @param {import('../wire.js').Report[]} reports
 */
export function reasonList(reports) {
  return make('ul', { class: 'reasons' }, ...reports.map(({ at, reason }) => make('li', {}, make('bdi', {}, reason), ' ', moment(at))));
}

/**
 * What can be done about it: nothing is left of what is gone.
 * @param {Visit} visit
 * @param {Transfer} found
 */
function actsOf(visit, { id, state }) {
  const gone = state === 'deleted' || state === 'taken_down' || state === 'expired';
  if (gone) return [];
  return [
    button(words.extend, () => extend(visit, id)),
    button(words.takeDown, () => takeDown(visit, id), 'grave'),
    button(words.remove, () => remove(visit, id), 'grave'),
  ];
}

/**
 * @param {Visit} visit
 * @param {string} id
 */
export async function takeDown({ api, again, recount }, id) {
  const name = shortened(id);
  const reason = choice(Object.entries(words.reasons), 'abuse');
  const run = () => api.takeDown(id, reason.value);
  const done = await ask({ title: words.takeDownTitle(name), text: words.takeDownText, fields: [labelled(words.reason, reason)], act: words.takeDown, grave: true, run });
  if (!done) return;
  recount();
  again({ tone: 'good', text: words.takenDown(name) });
}

/**
 * @param {Visit} visit
 * @param {string} id
 */
async function extend({ api, again }, id) {
  const name = shortened(id);
  const age = choice(AGES.map((seconds) => [seconds, ageText(seconds)]), AGES[1]);
  const run = () => api.extend(id, Number(age.value)).catch((error) => {
    throw error instanceof ApiError && error.status === 400 ? new ApiError('refused', words.tooLong) : error;
  });
  const done = await ask({ title: words.extendTitle(name), fields: [labelled(words.extendFor, age)], act: words.extendAct, run });
  if (done) again({ tone: 'good', text: words.extended(name) });
}

/**
 * @param {Visit} visit
 * @param {string} id
 */
async function remove({ api, again, recount }, id) {
  const name = shortened(id);
  const done = await ask({ title: words.removeTitle(name), text: words.removeText, act: words.remove, grave: true, run: () => api.deleteTransfer(id) });
  if (!done) return;
  recount();
  again({ tone: 'good', text: words.removed(name) });
}
