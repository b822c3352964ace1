// Reports: what recipients say of transfers.

import { make } from '../../shared/page/dom.js';
import { sizeMark } from '../../shared/page/marks.js';
import { shortened } from '../amounts.js';
import { ask } from '../elements/ask.js';
import { cursor, pageTurns } from '../elements/page-turns.js';
import { button, empty, idButton, stateMark } from '../elements/parts.js';
import { openReports } from '../report-walk.js';
import { reports as words, transfers } from '../words.js';
import { reasonList, takeDown } from './transfer.js';

/**
 * @typedef {import('../visit.js').Visit} Visit
 * @typedef {import('../wire.js').Reported} Reported
 */

/** @type {import('../visit.js').Show} */
export async function reports(visit) {
  const { reports: found, next } = await openReports(visit.api, cursor(visit.view), visit.signal);
  const list = make('ul', { class: 'reported' }, ...found.map((reported) => item(visit, reported)));
  const nothing = empty(next === null ? words.empty : words.emptySoFar);
  return { content: [found.length === 0 ? nothing : list, pageTurns(visit, next)] };
}

/**
 * @param {Visit} visit
 * @param {Reported} reported
 */
function item(visit, { transfer, reports: given }) {
  const { id, state } = transfer;
  const look = () => visit.visit('transfers', { subject: id });
  const head = make('p', { class: 'head' }, idButton(id, look), stateMark(transfer), sizeMark(transfer.size), make('span', { class: 'soft' }, words.count(given.length)));
  const acts = [button(words.look, look), button(words.dismiss, () => dismiss(visit, id))];
  if (state === 'completed' || state === 'pending' || state === 'exhausted') acts.push(button(transfers.takeDown, () => takeDown(visit, id), 'grave'));
  return make('li', {}, head, reasonList(given), make('div', { class: 'actions' }, ...acts));
}

/**
 * @param {Visit} visit
 * @param {string} id
 */
async function dismiss({ api, again, recount }, id) {
  let dismissed = 0;
  const run = async () => { ({ dismissed } = await api.dismiss(id)); };
  const done = await ask({ title: words.dismissTitle(shortened(id)), text: words.dismissText, act: words.dismiss, run });
  if (!done) return;
  recount();
  again({ tone: 'good', text: words.dismissed(dismissed) });
}
