// Small parts of which the places are put together.

import { Copying } from '../../shared/page/copying.js';
import { make } from '../../shared/page/dom.js';
import { EXACT, momentMark } from '../../shared/page/marks.js';
import { relativeText } from '../../shared/moments.js';
import { shortened } from '../amounts.js';
import { frame, transfers } from '../words.js';

/**
 * A button with what it does.
 * @param {string} text
 * @param {() => unknown} act
 * @param {string} [look]
 */
export function button(text, act, look) {
  const made = make('button', { type: 'button', class: look ?? null }, text);
  made.addEventListener('click', () => act());
  return made;
}

/**
 * "3 minutes ago", with the exact moment on hover and for those who listen.
 * @param {number} at milliseconds since 1970
 */
export function moment(at) {
  const exact = EXACT.format(at);
  return make('time', { datetime: new Date(at).toISOString(), title: exact },
    make('span', { 'aria-hidden': 'true' }, relativeText(at, Date.now())), make('span', { class: 'veiled' }, exact));
}

/**
 * "Monday 30 November, 08:33, in 7 days": where there is room for both.
 * @param {number} at milliseconds since 1970
 */
export const wholeMoment = (at) => make('span', {}, momentMark(at), `, ${relativeText(at, Date.now())}`);

/**
 * A list of facts.
 * @param {readonly (readonly [string, string | Node])[]} facts
 */
export function factList(facts) {
  return make('dl', { class: 'facts' }, ...facts.map(([name, value]) => make('div', {}, make('dt', {}, name), make('dd', {}, value))));
}

/**
 * A text to copy: a secret, an id.
 * @param {string} text
 * @param {string} what it is, for those who listen
 */
export function copyLine(text, what) {
  const code = make('code', { dir: 'ltr' }, text);
  const copy = make('button', { type: 'button', class: 'copy', 'aria-label': frame.copyWhole(what) });
  new Copying(copy, frame.copy, { text: () => text, select: () => getSelection()?.selectAllChildren(code) });
  return make('span', { class: 'copy-line' }, code, copy);
}

/**
 * The beginning of an id, which opens what it names; the whole is on hover, and to copy where it opens.
 * @param {string} id
 * @param {() => void} open
 */
export function idButton(id, open) {
  const made = button('', open, 'quiet');
  made.append(make('code', { dir: 'ltr', title: id }, shortened(id)));
  made.setAttribute('aria-label', transfers.title(id));
  return made;
}

/**
 * A name that opens what it names.
 * @param {string} name
 * @param {() => void} open
 */
export function nameButton(name, open) {
  const made = button('', open, 'quiet');
  made.append(make('bdi', {}, name));
  return made;
}

/**
 * The state of a transfer.
 * @param {import('../wire.js').Summary} summary
 */
export const stateMark = ({ state }) => make('span', { class: 'state', 'data-state': state }, transfers.state[state]);

/**
 * A labelled field with a hint under it.
 * @param {string} name
 * @param {HTMLElement} field
 * @param {HTMLElement} [hint]
 */
export function labelled(name, field, hint) {
  const id = (field.id ||= `field-${(counted += 1)}`);
  if (hint) {
    hint.id = `${id}-hint`;
    field.setAttribute('aria-describedby', hint.id);
  }
  return make('div', { class: 'field' }, make('label', { for: id, class: 'small soft' }, name), field, ...(hint ? [hint] : []));
}

let counted = 0;

/**
 * @param {readonly (readonly [string | number, string])[]} options value and words
 * @param {string | number} [chosen]
 */
export function choice(options, chosen) {
  return make('select', {}, ...options.map(([value, text]) => make('option', { value, selected: String(value) === String(chosen) }, text)));
}

/** @param {string} text */
export const empty = (text) => make('p', { class: 'empty' }, text);
