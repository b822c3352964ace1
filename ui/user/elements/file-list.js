import { make, tell } from '../../shared/page/dom.js';
import { sizeMark } from '../../shared/page/marks.js';
import { fileList as words } from '../words.js';

/** @typedef {{name: string, size: number, type?: string}} Listed */

/**
 * `<file-list>`: names and sizes, with one act on each line.
 *
 * Properties: `files`. Attributes: `act` (`remove`, `save`, or none), `kinds` (shows the types too), `quiet` (nothing
 * can be pressed, and nothing moves).
 * Events: `remove` and `save` with the index of the line.
 */
export class FileList extends HTMLElement {
  #list = make('ul', { 'aria-label': words.label });
  /** @type {readonly Listed[]} */
  #files = [];

  constructor() {
    super();
    this.#list.addEventListener('click', (event) => this.#clicked(event));
  }

  connectedCallback() {
    this.replaceChildren(this.#list);
  }

  get files() {
    return this.#files;
  }

  set files(files) {
    this.#files = files;
    this.#list.replaceChildren(...files.map((file, index) => this.#line(file, index)));
  }

  /**
   * Puts the focus on a line's button, or on the last when there are fewer.
   * @param {number} index
   */
  focusLine(index) {
    const buttons = this.#list.querySelectorAll('button');
    buttons[Math.min(index, buttons.length - 1)]?.focus();
  }

  /**
   * Says of a file that it is saved, where its button was.
   * @param {number} index
   */
  markSaved(index) {
    this.#list.children[index]?.querySelector('button')?.replaceWith(make('span', { class: 'saved' }, words.saved));
  }

  /**
   * @param {Listed} file
   * @param {number} index
   */
  #line(file, index) {
    const name = make('span', { class: 'name' }, make('bdi', {}, file.name));
    if (this.hasAttribute('kinds') && file.type) name.append(make('span', { class: 'kind' }, file.type));
    const line = make('li', {}, name, sizeMark(file.size));
    const act = this.getAttribute('act');
    if (act === 'remove') line.append(this.#button(index, '×', words.remove(file.name), 'cross'));
    if (act === 'save') line.append(this.#button(index, words.saveShort, words.save(file.name), 'fetch'));
    return line;
  }

  /**
   * @param {number} index
   * @param {string} text
   * @param {string} label
   * @param {string} look
   */
  #button(index, text, label, look) {
    return make('button', { type: 'button', class: look, 'aria-label': label, 'data-index': index }, text);
  }

  /** @param {Event} event */
  #clicked(event) {
    const button = event.target instanceof Element ? event.target.closest('button') : null;
    if (button) tell(this, this.getAttribute('act') ?? '', Number(button.dataset.index));
  }
}

customElements.define('file-list', FileList);
