import { make } from '../../shared/page/dom.js';
import { server as words } from '../words.js';

/**
 * One thing that the server holds, and its value.
 * @typedef {readonly [string, string | Node]} Fact
 */

/**
 * `<server-knows>`: folded, a table of what the server holds, and of what it never got.
 *
 * Properties: `facts`.
 */
export class ServerKnows extends HTMLElement {
  #rows = make('tbody');

  connectedCallback() {
    const head = make('thead', {}, make('tr', {}, make('th', { scope: 'col' }, words.fact), make('th', { scope: 'col' }, words.value)));
    const table = make('table', {}, head, this.#rows);
    this.replaceChildren(make('details', {}, make('summary', {}, words.summary), table));
  }

  /** @param {readonly Fact[]} facts */
  set facts(facts) {
    this.#rows.replaceChildren(...facts.map(([name, value]) => make('tr', {}, make('th', { scope: 'row' }, name), make('td', {}, value))));
  }
}

customElements.define('server-knows', ServerKnows);
