// What a page holds of a download: a stream of bytes, and figures of how far it is.

/** @typedef {import('./retry.js').Awaited} Awaited */

/** Milliseconds between two figures at least. */
const TICK = 50;

/**
 * The bytes as a stream that asks only for what is read, and whose cancelling ends the requests.
 * @param {{content: AsyncIterator<Uint8Array<ArrayBuffer>>, stop: AbortController}} bytes
 * @returns {ReadableStream<Uint8Array<ArrayBuffer>>}
 */
export function streamOf({ content, stop }) {
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await content.next();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        stop.abort(error);
        throw error;
      }
    },
    cancel(reason) {
      stop.abort(reason ?? new DOMException('The stream was cancelled.', 'AbortError'));
    },
  }, { highWaterMark: 0 });
}

/** Turns stored bytes into the files' bytes, and tells of them now and then. */
export class Progress {
  #stored = 0;
  /** @type {Awaited | null} */
  #waiting = null;
  #told = 0;

  /**
   * @param {number} total bytes of the wanted files
   * @param {number} stored what they take at least when sealed
   * @param {(detail: {received: number, total: number, waiting: Awaited | null}) => void} tell
   */
  constructor(total, stored, tell) {
    this.total = total;
    this.stored = stored;
    this.tell = tell;
  }

  /** @param {number} bytes stored ones, that have arrived */
  add(bytes) {
    this.#stored += bytes;
    if (Date.now() - this.#told >= TICK) this.#say(Math.min(this.total, Math.floor((this.#stored / this.stored) * this.total)));
  }

  /** @param {Awaited | null} waiting what everything waits for */
  wait(waiting) {
    if (waiting === this.#waiting) return;
    this.#waiting = waiting;
    this.#say(Math.min(this.total, Math.floor((this.#stored / this.stored) * this.total)));
  }

  end() {
    this.#say(this.total);
  }

  /** @param {number} received */
  #say(received) {
    this.#told = Date.now();
    this.tell({ received, total: this.total, waiting: this.#waiting });
  }
}
