import { copying as words } from '../words.js';
import { make } from './dom.js';

const ANSWER_MS = 2_500;

/** A button that copies a text, and answers in itself for a moment. */
export class Copying {
  #word;
  #label;
  #from;
  #timer = 0;

  /**
   * @param {HTMLButtonElement} button
   * @param {string} label what it says while nothing happens
   * @param {{text: () => string, select: () => void}} from what is copied, and how a person is helped to copy it who must
   */
  constructor(button, label, from) {
    this.#label = label;
    this.#from = from;
    this.#word = make('span', { 'aria-live': 'polite' }, label);
    button.replaceChildren(this.#word);
    button.addEventListener('click', () => this.#copy());
  }

  /** Takes an answer back, as when there is something else to copy. */
  reset() {
    clearTimeout(this.#timer);
    this.#word.textContent = this.#label;
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.#from.text());
      this.#say(words.copied);
    } catch {
      // Without leave to write, the person copies: everything is selected already.
      this.#from.select();
      this.#say(words.copyYourself);
    }
  }

  /** @param {string} answer */
  #say(answer) {
    this.reset();
    this.#word.textContent = answer;
    this.#timer = window.setTimeout(() => this.reset(), ANSWER_MS);
  }
}
