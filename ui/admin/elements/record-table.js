import { make } from '../../shared/page/dom.js';
import { table as words } from '../words.js';

/** @typedef {'number' | 'number minor' | 'minor' | 'wide'} Look */

/**
 * One column. `key` makes it sortable; `look` is `number` for what stands at the end of its column, `wide` for what needs a line
 * of its own in a short list, `minor` for what is left out first where there is less room.
 * @template R
 * @typedef {{title: string, of: (record: R) => string | Node, key?: (record: R) => number | string, look?: Look}} Column
 */

/**
 * `<record-table>`: records in rows, the first column naming them. Where there is little room each record becomes a short list.
 *
 * Properties: `columns` and `caption` (once, before it is shown), `records`.
 * @template R
 */
export class RecordTable extends HTMLElement {
  #body = make('tbody', { role: 'rowgroup' });
  /** @type {readonly Column<R>[]} */
  #columns = [];
  /** @type {readonly R[]} */
  #records = [];
  /** @type {{column: number, descending: boolean} | null} */
  #order = null;
  /** @type {HTMLTableCellElement[]} */
  #heads = [];

  /**
   * @param {string} caption
   * @param {readonly Column<R>[]} columns
   * @param {readonly R[]} records
   */
  constructor(caption = '', columns = [], records = []) {
    super();
    this.#columns = columns;
    this.#heads = columns.map((column, index) => this.#head(column, index));
    this.#records = records;
    const head = make('thead', { role: 'rowgroup' }, make('tr', { role: 'row', 'data-title': words.sortBy }, ...this.#heads));
    const table = make('table', { role: 'table' }, make('caption', { class: 'veiled' }, caption), head, this.#body);
    this.append(table);
    this.#fill();
  }

  /** @param {readonly R[]} records */
  set records(records) {
    this.#records = records;
    this.#fill();
  }

  get records() {
    return this.#records;
  }

  /**
   * @param {Column<R>} column
   * @param {number} index
   */
  #head({ title, key, look }, index) {
    const head = make('th', { scope: 'col', role: 'columnheader', class: look ?? null });
    if (!key) return head.append(title), head;
    // What is sorted by is told by the attribute; the arrow is for the eye.
    const button = make('button', { type: 'button', title: words.sort(title) }, title, make('span', { class: 'arrow', 'aria-hidden': 'true' }));
    button.addEventListener('click', () => this.#sortBy(index));
    head.append(button);
    head.setAttribute('aria-sort', 'none');
    return head;
  }

  /** @param {number} column */
  #sortBy(column) {
    const again = this.#order?.column === column && this.#order;
    this.#order = { column, descending: again ? !again.descending : false };
    const order = this.#order.descending ? 'descending' : 'ascending';
    for (const [index, head] of this.#heads.entries()) {
      if (head.hasAttribute('aria-sort')) head.setAttribute('aria-sort', index === column ? order : 'none');
    }
    this.#fill();
  }

  #fill() {
    this.#body.replaceChildren(...this.#sorted().map((record) => this.#row(record)));
  }

  #sorted() {
    const key = this.#order && this.#columns[this.#order.column].key;
    if (!key) return [...this.#records];
    const sign = this.#order?.descending ? -1 : 1;
    return [...this.#records].sort((one, other) => sign * compare(key(one), key(other)));
  }

  /** @param {R} record */
  #row(record) {
    const cells = this.#columns.map(({ title, of, look }, index) => (index === 0
      ? make('th', { scope: 'row', role: 'rowheader', class: look ?? null }, of(record))
      : make('td', { role: 'cell', class: look ?? null, 'data-title': title }, of(record))));
    return make('tr', { role: 'row' }, ...cells);
  }
}

/**
 * @param {number | string} one
 * @param {number | string} other
 */
function compare(one, other) {
  return typeof one === 'string' ? one.localeCompare(String(other)) : one - Number(other);
}

customElements.define('record-table', RecordTable);
