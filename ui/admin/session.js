// Who is signed in, and until when. Whatever is not let in waits here until somebody has signed in.

/** @typedef {import('./wire.js').Session} Facts */

/** Milliseconds after its end that a session is looked at: clocks differ. */
const AFTER = 1_000;
/** It is looked at no more often than that, whatever the clocks say. */
const SELDOM = 30_000;

/** One admin's session in this page. Tells of itself by `change` events. */
export class Session extends EventTarget {
  /** @type {Facts | null} */
  facts = null;
  /** @type {Promise<void> | null} */
  #entering = null;
  #timer = 0;
  /** When somebody signed in last, by `performance.now()`. */
  #entered = -Infinity;
  #api;
  #door;

  /**
   * @param {() => import('./api.js').AdminApi} api
   * @param {import('./elements/sign-in.js').SignIn} door
   */
  constructor(api, door) {
    super();
    this.#api = api;
    this.#door = door;
  }

  /** Looks whether somebody is signed in; asks for the key where nobody is. */
  async begin() {
    this.#set(await this.#api().session());
  }

  /**
   * Resolves when somebody has signed in since a request was made. However many ask, there is one question, and a refusal that comes
   * late is none.
   * @param {number} asked when the request was made
   */
  async admit(asked) {
    if (asked < this.#entered) return;
    await this.#enterOnce();
  }

  #enterOnce() {
    this.#entering ??= this.#enter().finally(() => { this.#entering = null; });
    return this.#entering;
  }

  async #enter() {
    this.#set(await this.#door.ask((key) => this.#api().signIn(key), this.facts !== null));
    this.#entered = performance.now();
  }

  /** @param {Facts} facts */
  #set(facts) {
    this.facts = facts;
    clearTimeout(this.#timer);
    // What is on the page is not for whoever finds it open after the end.
    if (facts.expires_at !== null) this.#timer = window.setTimeout(() => this.#look(), Math.max(facts.expires_at - Date.now() + AFTER, SELDOM));
    this.dispatchEvent(new Event('change'));
  }

  /** Asks whether the session is over, which asks for the key when it is. */
  #look() {
    this.begin().catch(() => {});
  }
}
