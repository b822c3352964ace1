import { make } from './dom.js';

/**
 * What happened, in a sentence or two, and how grave it is.
 * @typedef {{tone: 'good' | 'warn' | 'bad', text: string}} Note
 */

/**
 * `<ending-note>`: an ending, or a remark that must be seen. It is spoken when it comes.
 *
 * Properties: `note` (null takes it away).
 */
export class EndingNote extends HTMLElement {
  connectedCallback() {
    this.setAttribute('aria-live', 'polite');
  }

  /** @param {Note | null} note */
  set note(note) {
    this.toggleAttribute('empty', note === null);
    if (note) this.setAttribute('tone', note.tone);
    this.replaceChildren(...(note ? [make('p', {}, note.text)] : []));
  }
}

customElements.define('ending-note', EndingNote);
