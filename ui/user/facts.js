// The server's side of a transfer as rows of a table: only what its own answers said.

import { bytesText } from '../shared/measure.js';
import { make } from '../shared/page/dom.js';
import { momentMark, sizeMark } from '../shared/page/marks.js';
import { downloadsText, server as words } from './words.js';

/** @typedef {import('./elements/server-knows.js').Fact} Fact */

/**
 * @param {import('../shared/sending.js').Sent} sent
 * @returns {Fact[]}
 */
export function factRows({ id, facts }) {
  return [
    [words.stored, sizeMark(facts.storedSize)],
    [words.list, sizeMark(facts.manifestSize)],
    [words.parts, words.partsOf(facts.partCount, bytesText(facts.partSize))],
    [words.sent, momentMark(facts.createdAt)],
    [words.removed, momentMark(facts.expiresAt)],
    [words.limit, downloadsText(facts.downloads)],
    [words.id, make('code', {}, id)],
    [words.never, words.neverList],
  ];
}
