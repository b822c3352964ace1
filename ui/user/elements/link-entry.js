import { make, tell } from '../../shared/page/dom.js';
import { receive as words } from '../words.js';

/**
 * `<link-entry>`: where a link's key is pasted when it came another way than the address.
 *
 * Properties: `problem` (a sentence, or empty). Events: `link` with the text.
 */
export class LinkEntry extends HTMLElement {
  #field = make('input', { id: 'pasted', type: 'text', dir: 'ltr', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', required: true, 'aria-describedby': 'pasted-hint' });
  #hint = make('p', { class: 'hint', id: 'pasted-hint', 'aria-live': 'polite' }, words.linkHelp);

  connectedCallback() {
    const open = make('button', { class: 'primary' }, words.open);
    const form = make('form', { class: 'stack' },
      make('label', { for: 'pasted', class: 'small soft' }, words.linkField), this.#field, this.#hint,
      make('div', { class: 'actions' }, open));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      tell(this, 'link', this.#field.value);
    });
    this.replaceChildren(form);
  }

  /** @param {string} sentence */
  set problem(sentence) {
    this.#hint.textContent = sentence === '' ? words.linkHelp : sentence;
    this.#hint.dataset.tone = sentence === '' ? '' : 'bad';
    this.#field.setAttribute('aria-invalid', String(sentence !== ''));
  }

  /** Empties the field: what it held is a secret. */
  clear() {
    this.#field.value = '';
    this.problem = '';
  }
}

customElements.define('link-entry', LinkEntry);
