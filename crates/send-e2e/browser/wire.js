// The wire between browser and server: a TCP relay that keeps every byte which the browser sends, and that can break. What it keeps is
// what really left the browser, whoever in it asked: page, worker or service worker.

import { connect, createServer } from 'node:net';

/** @typedef {import('node:net').Socket} Socket */
/** @typedef {{pattern: string, done: () => void}} Loss */

/** A relay before one server. */
export class Wire {
  /** @type {Buffer[][]} what each connection sent */
  #sent = [];
  /** @type {Set<Socket>} */
  #open = new Set();
  #whole = true;
  /** Bytes until it breaks, each way. */
  #left = { up: Infinity, down: Infinity };
  /** @type {() => void} */
  #onBreak = () => {};
  /** @type {Loss | null} */
  #loss = null;
  #relay = createServer((browser) => this.#join(browser));

  /** @param {URL} server */
  constructor(server) {
    this.server = server;
    /** The address to give to a browser. */
    this.base = '';
  }

  /** @param {string} server its address */
  static async before(server) {
    const wire = new Wire(new URL(server));
    await new Promise((resolve) => wire.#relay.listen(0, '127.0.0.1', () => resolve(undefined)));
    const address = /** @type {import('node:net').AddressInfo} */ (wire.#relay.address());
    wire.base = `http://127.0.0.1:${address.port}`;
    return wire;
  }

  /** All that was sent, one buffer a connection. */
  get sent() {
    return this.#sent.map((chunks) => Buffer.concat(chunks));
  }

  /** Drops what was kept so far. */
  forget() {
    for (const chunks of this.#sent) chunks.length = 0;
  }

  /** Nothing passes from here on, and what is open is torn. */
  break() {
    this.#whole = false;
    this.#left = { up: Infinity, down: Infinity };
    for (const socket of this.#open) socket.destroy();
    this.#onBreak();
  }

  /** Everything passes again. */
  mend() {
    this.#whole = true;
  }

  /**
   * Breaks as soon as so many more bytes have passed.
   * @param {{up?: number, down?: number}} bytes
   * @returns {Promise<void>} when it is broken
   */
  breakAfter({ up = Infinity, down = Infinity }) {
    this.#left = { up, down };
    return new Promise((resolve) => { this.#onBreak = resolve; });
  }

  /**
   * Lets the next request that contains this text pass, and loses its answer.
   * @param {string} pattern
   * @returns {Promise<void>} when it is lost
   */
  loseAnswerTo(pattern) {
    return new Promise((done) => { this.#loss = { pattern, done }; });
  }

  close() {
    this.break();
    this.#relay.close();
  }

  /** @param {Socket} browser */
  #join(browser) {
    if (!this.#whole) return browser.destroy();
    const server = connect(Number(this.server.port), this.server.hostname);
    /** @type {Buffer[]} */
    const sent = [];
    this.#sent.push(sent);
    const pass = { answered: true };
    browser.on('data', (bytes) => this.#up(bytes, sent, pass));
    server.on('data', (bytes) => this.#down(bytes, pass));
    browser.setNoDelay(true);
    server.setNoDelay(true);
    this.#tie(browser, server);
    this.#tie(server, browser);
  }

  /**
   * @param {Socket} from
   * @param {Socket} to
   */
  #tie(from, to) {
    this.#open.add(from);
    from.on('error', () => {});
    from.on('close', () => {
      this.#open.delete(from);
      to.destroy();
    });
    from.pipe(to);
  }

  /**
   * @param {Buffer} bytes
   * @param {Buffer[]} sent
   * @param {{answered: boolean}} pass
   */
  #up(bytes, sent, pass) {
    sent.push(bytes);
    if (this.#loss && bytes.includes(this.#loss.pattern)) pass.answered = false;
    this.#left.up -= bytes.length;
    if (this.#left.up <= 0) this.break();
  }

  /**
   * @param {Buffer} bytes
   * @param {{answered: boolean}} pass
   */
  #down(bytes, pass) {
    this.#left.down -= bytes.length;
    if (this.#left.down <= 0) this.break();
    if (pass.answered) return;
    const { done } = /** @type {Loss} */ (this.#loss);
    this.#loss = null;
    for (const socket of this.#open) socket.destroy();
    done();
  }
}
