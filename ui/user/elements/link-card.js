import { Copying } from '../../shared/page/copying.js';
import { make } from '../../shared/page/dom.js';
import { send as words } from '../words.js';

/**
 * `<link-card>`: the link, to look at, to select and to copy. Empty until there is one.
 *
 * Properties: `link`.
 */
export class LinkCard extends HTMLElement {
  // A text area shows the whole link on any width, and a click selects it.
  #field = make('textarea', { id: 'link', readonly: true, rows: 3, dir: 'ltr', spellcheck: 'false', 'data-testid': 'link', 'aria-label': words.link });
  #copy = make('button', { type: 'button', class: 'primary copy' });
  #copying = new Copying(this.#copy, words.copy, { text: () => this.#field.value, select: () => this.#field.select() });

  constructor() {
    super();
    this.#field.addEventListener('focus', () => this.#field.select());
  }

  /** @param {string} link empty takes the field away, and the key with it */
  set link(link) {
    this.#field.textContent = link;
    this.#copying.reset();
    this.replaceChildren(...(link === '' ? [] : [this.#field, make('div', { class: 'actions' }, this.#copy)]));
  }
}

customElements.define('link-card', LinkCard);
