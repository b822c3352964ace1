// One person's browser: a context of its own, which shares nothing with the others, and what went wrong in it.

/**
 * @typedef {import('playwright-core').Browser} Browser
 * @typedef {import('playwright-core').BrowserContext} BrowserContext
 * @typedef {import('playwright-core').Page} Page
 */

/** Milliseconds that anything on a page may take: much, because machines that test are busy. */
const PATIENCE = 60_000;
/** What Chromium itself says of a request that was refused or broken off. */
const REFUSED = /^Failed to load resource: /;
const VIOLATION = 'Content Security Policy:';

/** A browser context that listens. */
export class Visitor {
  /** @type {string[]} addresses of requests, whatever became of them */
  #asked = [];
  /** @type {string[]} */
  #wrong = [];

  /**
   * @param {string} name in what is said of it
   * @param {BrowserContext} context
   * @param {string} base of the server as this browser sees it
   * @param {string} storage the origin of signed URLs, empty where there are none
   */
  constructor(name, context, base, storage) {
    this.name = name;
    this.context = context;
    this.base = base;
    this.storage = storage;
  }

  /**
   * @param {string} name
   * @param {Browser} browser
   * @param {string} base
   * @param {string} [storage]
   */
  static async enter(name, browser, base, storage = '') {
    const context = await browser.newContext({ acceptDownloads: true, locale: 'en-GB' });
    context.setDefaultTimeout(PATIENCE);
    const visitor = new Visitor(name, context, base, storage);
    await visitor.#listen();
    return visitor;
  }

  async #listen() {
    this.context.on('request', (request) => this.#asked.push(request.url()));
    this.context.on('console', (message) => {
      const text = message.text();
      if (message.type() === 'error' && !REFUSED.test(text)) this.#wrong.push(text);
    });
    this.context.on('weberror', (error) => this.#wrong.push(String(error.error())));
    // Headless Chromium refuses the dialog of its own, on a busy machine so late that it passes for a person who closed it.
    await this.context.addInitScript(() => Reflect.deleteProperty(window, 'showSaveFilePicker'));
    await this.context.addInitScript((said) => {
      document.addEventListener('securitypolicyviolation', (event) => {
        console.error(`${said} ${event.effectiveDirective} refused ${event.blockedURI}`);
      });
    }, VIOLATION);
  }

  /**
   * A page of the server.
   * @param {string} address relative to the server
   * @returns {Promise<Page>}
   */
  async open(address) {
    const page = await this.context.newPage();
    // Pages ask before they are left in the middle of something.
    page.on('dialog', (dialog) => dialog.accept());
    await page.goto(new URL(address, this.base).href);
    return page;
  }

  /** What went wrong: CSP violations, errors on the console, errors that nobody caught. */
  get wrong() {
    return [...this.#wrong];
  }

  /** The addresses that were asked for. */
  get asked() {
    return [...this.#asked];
  }

  /** The addresses asked for that are neither the server's nor its storage's. */
  get elsewhere() {
    const schemes = ['data:', 'blob:'];
    const ours = [this.base, this.storage];
    return this.#asked.filter((url) => !ours.includes(new URL(url).origin) && !schemes.includes(new URL(url).protocol));
  }

  leave() {
    return this.context.close();
  }
}
