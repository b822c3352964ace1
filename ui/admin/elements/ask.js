import { make } from '../../shared/page/dom.js';
import { failureText } from '../failures.js';
import { frame } from '../words.js';

let asked = 0;

/**
 * @typedef {object} Question
 * @property {string} title names the thing
 * @property {string} [text] what will happen
 * @property {Node[]} [fields]
 * @property {string} act the verb on the button
 * @property {boolean} [grave] whether something ends that cannot be had again
 * @property {() => Promise<unknown>} run does it; what it throws is said in the dialog, which stays
 */

/** A form that is not filled in as it must be; the field has said why. */
export class Unfilled extends Error {
  /**
   * @param {HTMLElement} hint of the field
   * @param {HTMLElement} field
   * @param {string} sentence
   */
  constructor(hint, field, sentence) {
    super(sentence);
    this.show = () => {
      say(hint, sentence);
      field.setAttribute('aria-invalid', 'true');
      field.focus();
    };
  }
}

/**
 * Asks once, in a dialog of the browser's own, and does what is answered.
 * @param {Question} question
 * @returns {Promise<boolean>} whether it was done
 */
export async function ask({ title, text, fields = [], act, grave = false, run }) {
  const id = `ask-${(asked += 1)}`;
  const problem = make('p', { class: 'hint', 'aria-live': 'polite' });
  const cancel = make('button', { type: 'button', autofocus: grave }, frame.cancel);
  const button = make('button', { class: grave ? 'grave' : 'primary' }, act);
  const form = make('form', { novalidate: true },
    make('h2', { id }, title), ...(text ? [make('p', {}, text)] : []), ...fields, problem, make('div', { class: 'actions' }, button, cancel));
  const dialog = make('dialog', { 'aria-labelledby': id }, form);
  const doing = new Doing(run, [button, cancel], (error) => {
    if (error instanceof Unfilled) return error.show();
    say(problem, failureText(error));
    button.focus();
  });
  cancel.addEventListener('click', () => dialog.close());
  dialog.addEventListener('cancel', (event) => doing.busy && event.preventDefault());
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (await doing.begin()) dialog.close();
  });
  await opened(dialog);
  // However it was closed: what has begun comes to its end, and a secret that it brings is not lost.
  return doing.ended();
}

/** What a dialog does when it is answered: once at a time, again when it failed. */
class Doing {
  /** @type {Promise<boolean>} */
  #last = Promise.resolve(false);
  #run;
  #buttons;
  #failed;
  busy = false;

  /**
   * @param {() => Promise<unknown>} run
   * @param {HTMLButtonElement[]} buttons that rest meanwhile
   * @param {(error: unknown) => void} failed
   */
  constructor(run, buttons, failed) {
    this.#run = run;
    this.#buttons = buttons;
    this.#failed = failed;
  }

  /** @returns {Promise<boolean>} whether it is done */
  begin() {
    if (!this.busy) this.#last = this.#once();
    return this.#last;
  }

  /** Whether the last that was begun is done. */
  ended() {
    return this.#last;
  }

  async #once() {
    this.#rest(true);
    try {
      await this.#run();
      return true;
    } catch (error) {
      this.#rest(false);
      this.#failed(error);
      return false;
    }
  }

  /** @param {boolean} busy */
  #rest(busy) {
    this.busy = busy;
    for (const button of this.#buttons) button.disabled = busy;
  }
}

/**
 * Shows a dialog until it is closed, then takes it away.
 * @param {HTMLDialogElement} dialog
 * @returns {Promise<void>}
 */
export function opened(dialog) {
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve();
    });
  });
}

/**
 * Says under a field, or under a form, why it does not do.
 * @param {HTMLElement} hint
 * @param {string} sentence
 */
export function say(hint, sentence) {
  hint.textContent = sentence;
  hint.dataset.tone = 'bad';
}
