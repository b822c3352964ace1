// Chromium driven by hand, for measuring memory. Drivers record what pages fetch, and for that each renderer keeps up to 200 MB of
// answers that a person's browser does not: here nothing is recorded.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

import { ARGUMENTS, EXECUTABLE } from './chromium.js';

/** Milliseconds between two looks at a page. */
const EVERY = 100;
/** Milliseconds that anything on a page may take. */
const PATIENCE = 90_000;

/**
 * @typedef {{id?: number, result?: any, error?: {message: string}}} Answer
 * @typedef {{resolve: (result: any) => void, reject: (error: Error) => void}} Waiting
 */

/** A browser without a window, spoken to over a pipe by the DevTools protocol: JSON, each message ended by a zero byte. */
export class Bare {
  #process;
  #last = 0;
  #rest = '';
  /** @type {Map<number, Waiting>} */
  #waiting = new Map();

  /** @param {string} folder for the profile */
  constructor(folder) {
    this.#process = spawn(EXECUTABLE, ['--headless', '--remote-debugging-pipe', `--user-data-dir=${folder}`, ...ARGUMENTS], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    const answers = /** @type {import('node:stream').Readable} */ (this.#process.stdio[4]);
    answers.setEncoding('utf8').on('data', (text) => this.#read(text));
  }

  /**
   * A page, with its downloads going to a folder.
   * @param {string} url
   * @param {string} downloads
   */
  async open(url, downloads) {
    await this.ask('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: downloads });
    const { targetId } = await this.ask('Target.createTarget', { url });
    const { sessionId } = await this.ask('Target.attachToTarget', { targetId, flatten: true });
    return new BarePage(this, sessionId);
  }

  /**
   * @param {string} method
   * @param {object} params
   * @param {string} [sessionId]
   * @returns {Promise<any>}
   */
  ask(method, params, sessionId) {
    const id = ++this.#last;
    const pipe = /** @type {import('node:stream').Writable} */ (this.#process.stdio[3]);
    pipe.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  async close() {
    this.#process.kill();
    await once(this.#process, 'exit');
  }

  /** @param {string} text */
  #read(text) {
    const messages = (this.#rest + text).split('\0');
    this.#rest = messages.pop() ?? '';
    for (const message of messages) this.#answered(JSON.parse(message));
  }

  /** @param {Answer} answer */
  #answered({ id, result, error }) {
    const waiting = id === undefined ? undefined : this.#waiting.get(id);
    if (error) waiting?.reject(new Error(error.message));
    else waiting?.resolve(result);
  }
}

/** A page of such a browser. */
class BarePage {
  #browser;
  #session;

  /**
   * @param {Bare} browser
   * @param {string} session
   */
  constructor(browser, session) {
    this.#browser = browser;
    this.#session = session;
  }

  /**
   * Runs a function in the page, as if a person had just acted.
   * @param {(argument: string) => unknown} act which knows nothing from outside
   * @param {string} argument
   */
  async run(act, argument) {
    const expression = `(${act})(${JSON.stringify(argument)})`;
    const asked = { expression, userGesture: true, returnByValue: true };
    const { result, exceptionDetails } = await this.#browser.ask('Runtime.evaluate', asked, this.#session);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /**
   * Waits until the page is in a state.
   * @param {string} state
   * @param {number} [patience] milliseconds
   */
  async reach(state, patience = PATIENCE) {
    const until = performance.now() + patience;
    while (await this.#state() !== state) {
      if (performance.now() > until) throw new Error(`the page did not come to "${state}"; it says: ${await this.#said()}`);
      await pause(EVERY);
    }
  }

  /** A page that is only just being loaded is in no state yet. */
  #state() {
    return this.run(() => document.querySelector('main')?.dataset.state ?? '', '').catch(() => '');
  }

  #said() {
    return this.run(() => document.querySelector('main')?.innerText ?? '', '');
  }

  /** @param {string} name of a button */
  async press(name) {
    const pressed = await this.run((wanted) => {
      const button = [...document.querySelectorAll('button')].find((one) => one.checkVisibility() && one.textContent?.trim() === wanted);
      button?.click();
      return button !== undefined;
    }, name);
    if (!pressed) throw new Error(`there is no button "${name}"`);
  }

  /** @param {string} passphrase */
  async unlock(passphrase) {
    await this.reach('locked');
    await this.run((text) => {
      const field = /** @type {HTMLInputElement} */ (document.querySelector('passphrase-field input'));
      field.value = text;
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }, passphrase);
    await this.press('Open');
  }
}
