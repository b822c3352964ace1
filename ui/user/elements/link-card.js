import { make } from '../dom.js';
import { send as words } from '../words.js';

const ANSWER_MS = 2_500;

/**
 * `<link-card>`: the link, to look at, to select and to copy. Empty until there is one.
 *
 * Properties: `link`.
 */
export class LinkCard extends HTMLElement {
  // A text area shows the whole link on any width, and a click selects it.
  #field = make('textarea', { id: 'link', readonly: true, rows: 3, dir: 'ltr', spellcheck: 'false', 'data-testid': 'link', 'aria-label': words.link });
  #word = make('span', { 'aria-live': 'polite' }, words.copy);
  #copy = make('button', { type: 'button', class: 'primary copy' }, this.#word);
  #timer = 0;

  constructor() {
    super();
    this.#field.addEventListener('focus', () => this.#field.select());
    this.#copy.addEventListener('click', () => this.#copyLink());
  }

  /** @param {string} link empty takes the field away, and the key with it */
  set link(link) {
    this.#field.textContent = link;
    this.#word.textContent = words.copy;
    this.replaceChildren(...(link === '' ? [] : [this.#field, make('div', { class: 'actions' }, this.#copy)]));
  }

  async #copyLink() {
    try {
      await navigator.clipboard.writeText(this.#field.value);
      this.#say(words.copied);
    } catch {
      // Without leave to write, the person copies: everything is selected already.
      this.#field.select();
      this.#say(words.copyYourself);
    }
  }

  /**
   * Answers in the button itself, for a moment.
   * @param {string} answer
   */
  #say(answer) {
    this.#word.textContent = answer;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => { this.#word.textContent = words.copy; }, ANSWER_MS);
  }
}

customElements.define('link-card', LinkCard);
