// What both pages have in common: one heading, and parts that say in `data-show` in which states they are there.
// The heading is spoken when it changes, and takes the focus of what is gone.

import { find } from '../shared/page/dom.js';
import { place } from './words.js';

/**
 * Shows the parts of a state, and only those, under its heading.
 * @param {string} state
 * @param {string} title
 */
export function show(state, title) {
  const focused = document.activeElement;
  find('main', HTMLElement).dataset.state = state;
  for (const part of document.querySelectorAll('[data-show]')) {
    if (part instanceof HTMLElement) part.hidden = !part.dataset.show?.split(' ').includes(state);
  }
  const heading = find('h1', HTMLHeadingElement);
  heading.textContent = title;
  document.title = `${title.replace(/\.$/, '')} · ${place}`;
  if (focused?.closest('[hidden]')) heading.focus();
}

/**
 * Puts content into an element that the page is known to have.
 * @param {string} selector
 * @param {...(string | Node)} content
 */
export function fill(selector, ...content) {
  find(selector, HTMLElement).replaceChildren(...content);
}

/**
 * What an element's or the engine's event tells.
 * @param {Event} event
 */
export const detail = (event) => /** @type {CustomEvent} */ (event).detail;

/**
 * A sentence with an element where its line break is, so that a date in it can be a `<time>`.
 * @param {string} sentence
 * @param {Node} element
 * @returns {(string | Node)[]}
 */
export function filled(sentence, element) {
  const [before = '', after = ''] = sentence.split('\n');
  return [before, element, after];
}
