// The service worker: answers `/download/{key}` with a stream that a page feeds, so that a file
// goes to disk while it arrives. It is registered for that folder alone, sees no other request, and
// keeps nothing.

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));

/** Milliseconds that one `stay` of the page keeps the worker awake: hidden pages say it once a minute. */
const AWAKE = 90_000;

/**
 * @typedef {object} Offer
 * @property {Record<string, string>} headers of the answer
 * @property {MessagePort} port to the page that has the bytes
 */

/** @type {Map<string, Offer>} downloads that a page has announced and the browser has not asked for yet */
const offers = new Map();
/** @type {Map<string, () => void>} what ends the wait of a download that is over */
const running = new Map();

worker.addEventListener('message', (event) => {
  const { type, key, headers } = event.data;
  if (type === 'stay') event.waitUntil(stay(key));
  if (type !== 'offer') return;
  const [port] = event.ports;
  offers.set(key, { headers, port });
  event.waitUntil(stay(key));
  port.postMessage({ type: 'offered' });
});

worker.addEventListener('fetch', (event) => {
  const [, , key] = new URL(event.request.url).pathname.split('/');
  const offer = offers.get(key);
  // Nothing of ours: the server says what it thinks of the address.
  if (!offer) return;
  offers.delete(key);
  event.respondWith(new Response(streamFrom(offer.port, () => running.get(key)?.()), { headers: offer.headers }));
});

/**
 * Lasts until the download is over, or for a while.
 * @param {string} key
 * @returns {Promise<void>}
 */
function stay(key) {
  return new Promise((resolve) => {
    const before = running.get(key);
    const timer = setTimeout(resolve, AWAKE);
    running.set(key, () => {
      before?.();
      clearTimeout(timer);
      running.delete(key);
      resolve();
    });
  });
}

// A buffer that is sent to a port where nobody listens is freed at once; the garbage collector would come a
// hundred megabytes late.
const nobody = new MessageChannel();
nobody.port2.close();

/** The chunks that were given to the browser last. */
class Given {
  /** @type {Uint8Array[]} */
  #chunks = [];

  /** @param {Uint8Array} chunk */
  add(chunk) {
    this.#chunks.push(chunk);
  }

  /**
   * The browser asks for another chunk. By then it has copied the one before (Fetch Standard,
   * "incrementally-read loop"); that one stays for another round, and those before it are freed.
   */
  asked() {
    const spent = this.#chunks.splice(0, this.#chunks.length - 1);
    nobody.port1.postMessage(null, spent.map((chunk) => chunk.buffer));
  }
}

/**
 * A stream that asks the page for one chunk whenever the browser wants one.
 * @param {MessagePort} port
 * @param {() => void} over called at the end, however it comes
 */
function streamFrom(port, over) {
  const given = new Given();
  /** @type {() => void} */
  let answered = () => {};
  return new ReadableStream({
    start(controller) {
      port.onmessage = ({ data }) => {
        if (data.type === 'chunk') given.add(data.chunk);
        take(data, controller, port);
        answered();
        if (data.type !== 'chunk') over();
      };
    },
    pull() {
      given.asked();
      return new Promise((resolve) => {
        answered = () => resolve(undefined);
        port.postMessage({ type: 'pull' });
      });
    },
    cancel() {
      port.postMessage({ type: 'cancelled' });
      answered();
      over();
    },
  }, { highWaterMark: 0 });
}

/**
 * @param {{type: 'chunk', chunk: Uint8Array} | {type: 'end'} | {type: 'fail'}} data
 * @param {ReadableStreamDefaultController<Uint8Array>} controller
 * @param {MessagePort} port
 */
function take(data, controller, port) {
  if (data.type === 'chunk') return controller.enqueue(data.chunk);
  // A stream that merely ended would pass for a whole file.
  if (data.type === 'fail') return controller.error(new Error('the download was broken off'));
  controller.close();
  port.postMessage({ type: 'closed' });
}
