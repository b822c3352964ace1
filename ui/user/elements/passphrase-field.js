import { make } from '../../shared/page/dom.js';
import { strength } from '../passphrase-strength.js';
import { passphrase as words } from '../words.js';

// The key is derived from 1 to 1,024 bytes of NFKC text.
const MAX_BYTES = 1024;
let made = 0;

/**
 * `<passphrase-field>`: one field that can show what was typed.
 *
 * Attributes: `hints` (says in words how hard it is to guess, where one is being chosen).
 * Properties: `value`, `problem` (a sentence under the field, or empty).
 */
export class PassphraseField extends HTMLElement {
  #id = `passphrase-${(made += 1)}`;
  #input = make('input', {
    type: 'password', id: this.#id, 'aria-describedby': `${this.#id}-hint`,
    autocapitalize: 'off', autocomplete: 'off', spellcheck: 'false',
  });
  #show = make('button', { type: 'button', 'aria-controls': this.#id }, words.show);
  #hint = make('p', { class: 'hint', id: `${this.#id}-hint`, 'aria-live': 'polite' });

  constructor() {
    super();
    this.#input.addEventListener('input', () => this.#typed());
    this.#show.addEventListener('click', () => this.#toggle());
  }

  connectedCallback() {
    // Where one is chosen, the switch above has said the word already.
    const choosing = this.hasAttribute('hints');
    this.replaceChildren(
      make('label', { for: this.#id, class: choosing ? 'veiled' : 'small soft' }, words.label),
      make('div', { class: 'beside' }, this.#input, this.#show),
      this.#hint,
    );
    this.#typed();
  }

  get value() {
    return this.#input.value;
  }

  set value(value) {
    this.#input.value = value;
    this.#typed();
  }

  /** @param {string} sentence */
  set problem(sentence) {
    this.#say(sentence, sentence === '' ? '' : 'bad');
    this.#input.setAttribute('aria-invalid', String(sentence !== ''));
  }

  get tooLong() {
    return new TextEncoder().encode(this.#input.value.normalize('NFKC')).length > MAX_BYTES;
  }

  /** @override */
  focus() {
    this.#input.focus();
  }

  #typed() {
    this.problem = this.tooLong ? words.tooLong : '';
    if (!this.tooLong && this.hasAttribute('hints')) this.#say(words[strength(this.#input.value)], '');
  }

  #toggle() {
    const shown = this.#input.type === 'password';
    this.#input.type = shown ? 'text' : 'password';
    this.#show.textContent = shown ? words.hide : words.show;
    this.#input.focus();
  }

  /**
   * @param {string} sentence
   * @param {string} tone
   */
  #say(sentence, tone) {
    this.#hint.textContent = sentence;
    this.#hint.dataset.tone = tone;
  }
}

customElements.define('passphrase-field', PassphraseField);
