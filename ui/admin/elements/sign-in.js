import { make } from '../../shared/page/dom.js';
import { ApiError } from '../../shared/errors.js';
import { failureTextOr } from '../failures.js';
import { signIn as words } from '../words.js';

/**
 * `<sign-in>`: one field, on a sheet over everything else, which waits untouched below until it is answered.
 */
export class SignIn extends HTMLElement {
  #field = make('input', {
    type: 'password', id: 'admin-key', name: 'admin-key', autocomplete: 'current-password', required: true, spellcheck: 'false', autocapitalize: 'off',
    'aria-describedby': 'admin-key-hint',
  });
  #hint = make('p', { class: 'hint', id: 'admin-key-hint', 'aria-live': 'polite' });
  #button = make('button', { class: 'primary' }, words.act);
  #text = make('p');
  #form = make('form', { novalidate: true },
    make('div', { class: 'stack' }, make('p', { class: 'soft' }, words.place), make('h1', { id: 'sign-in-title' }, words.title)), this.#text,
    make('div', { class: 'field' }, make('label', { for: 'admin-key', class: 'small soft' }, words.field), this.#field, this.#hint),
    make('div', { class: 'actions' }, this.#button));
  // Nothing else can be done here: no way of closing is offered.
  #sheet = make('dialog', { class: 'sheet', closedby: 'none', 'aria-labelledby': 'sign-in-title' }, this.#form);
  /** @type {((key: string) => Promise<void>) | null} */
  #enter = null;

  constructor() {
    super();
    this.#sheet.addEventListener('cancel', (event) => event.preventDefault());
    // Some browsers close it all the same when Escape is pressed twice.
    this.#sheet.addEventListener('close', () => this.#enter && this.#sheet.showModal());
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
  }

  connectedCallback() {
    this.replaceChildren(this.#sheet);
  }

  /**
   * Asks for the key until one is taken.
   * @template T
   * @param {(key: string) => Promise<T>} take
   * @param {boolean} again whether somebody was signed in before
   * @returns {Promise<T>}
   */
  ask(take, again) {
    this.#text.textContent = again ? words.over : words.text;
    this.#say(isSecureContext ? '' : words.insecure);
    this.#field.disabled = this.#button.disabled = !isSecureContext;
    return new Promise((resolve) => {
      this.#enter = async (key) => resolve(await take(key));
      this.#sheet.showModal();
      this.#field.focus();
    });
  }

  async #submit() {
    const key = this.#field.value.trim();
    if (key === '') return this.#say(words.empty);
    this.#button.disabled = true;
    try {
      await this.#enter?.(key);
      this.#close();
    } catch (error) {
      this.#say(failureTextOr(error, { unauthorized: words.wrong }));
      if (error instanceof ApiError && error.kind === 'unauthorized') this.#field.select();
    } finally {
      this.#button.disabled = false;
    }
  }

  #close() {
    this.#enter = null;
    this.#field.value = '';
    this.#sheet.close();
  }

  /** @param {string} sentence */
  #say(sentence) {
    this.#hint.textContent = sentence;
    this.#hint.dataset.tone = sentence === '' ? '' : 'bad';
    this.#field.setAttribute('aria-invalid', String(sentence !== ''));
    if (sentence !== '') this.#field.focus();
  }
}

customElements.define('sign-in', SignIn);
