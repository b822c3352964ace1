import { make, tell } from '../../shared/page/dom.js';
import { colophon as words } from '../words.js';

/**
 * `<page-colophon>`: what this place promises, what the browser keeps, and a way to wipe it.
 *
 * Attributes: `busy` (nothing can be wiped while a transfer needs it). Events: `wipe`.
 * Properties: `wiped` (answers in the button).
 */
export class PageColophon extends HTMLElement {
  static observedAttributes = ['busy'];

  #wipe = make('button', { type: 'button' }, words.wipe);

  constructor() {
    super();
    this.#wipe.addEventListener('click', () => tell(this, 'wipe'));
  }

  connectedCallback() {
    const kept = make('details', {}, make('summary', {}, words.kept), make('p', {}, words.keptList), make('p', {}, this.#wipe));
    this.replaceChildren(make('p', {}, words.promise), kept);
  }

  attributeChangedCallback() {
    this.#wipe.disabled = this.hasAttribute('busy');
  }

  /** @param {boolean} wiped */
  set wiped(wiped) {
    this.#wipe.textContent = wiped ? words.wiped : words.wipe;
  }
}

customElements.define('page-colophon', PageColophon);
