// A few crypto workers that share the parts between them, so that the page stays responsive and both
// cores of a small machine are used.

import { FormatError } from './format/errors.js';
import { serve } from './crypto-tasks.js';
import { scriptUrl } from './trusted.js';

/**
 * @typedef {import('./crypto-tasks.js').Answer} Answer
 * @typedef {import('./crypto-tasks.js').Port} Port
 * @typedef {import('./crypto-tasks.js').SealTask} SealTask
 * @typedef {import('./crypto-tasks.js').SealedPart} SealedPart
 * @typedef {import('./crypto-tasks.js').OpenTask} OpenTask
 * @typedef {{resolve: (result: any) => void, reject: (error: Error) => void}} Waiting
 * @typedef {{port: Port, waiting: Map<number, Waiting>, close: () => void}} Lane
 */

/** More workers than this only contend for memory. */
const MOST = 4;

/** Seals and opens parts in workers; where there are none, in this thread by the same messages. */
export class CryptoPool {
  /** @type {Lane[]} */
  #lanes = [];
  #next = 0;

  /**
   * Starts the workers.
   * @param {{size?: number}} [options] `size`: how many; the machine's cores, at most four, unless said
   */
  constructor({ size = Math.min(MOST, navigatorCores()) } = {}) {
    const open = typeof Worker === 'undefined' ? openChannel : openWorker;
    for (let i = 0; i < size; i++) this.#lanes.push(open());
  }

  /**
   * Reads, pads, seals and hashes one part.
   * @param {SealTask} task
   * @returns {Promise<SealedPart>}
   * @throws {FormatError} `content_changed`
   */
  seal(task) {
    return this.#run('seal', task, []);
  }

  /**
   * Opens one part. Its bytes are handed over: the caller's array is empty afterwards.
   * @param {OpenTask} task
   * @returns {Promise<Uint8Array<ArrayBuffer>>} plaintext, padding and all
   * @throws {FormatError} `incomplete`, `corrupted`, `wrong_key`
   */
  open(task) {
    return this.#run('open', task, [task.sealed.buffer]);
  }

  /** Ends the workers. What they had not answered yet is rejected. */
  close() {
    for (const lane of this.#lanes) {
      lane.close();
      fail(lane, new Error('the crypto workers were closed'));
    }
  }

  /**
   * @param {'seal'|'open'} name
   * @param {SealTask|OpenTask} task
   * @param {Transferable[]} transfer
   * @returns {Promise<any>}
   */
  #run(name, task, transfer) {
    const lane = this.#lanes.reduce((least, other) => (other.waiting.size < least.waiting.size ? other : least));
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      lane.waiting.set(id, { resolve, reject });
      lane.port.postMessage({ id, name, task }, transfer);
    });
  }
}

/** Processor cores that the host tells of. */
function navigatorCores() {
  return globalThis.navigator?.hardwareConcurrency ?? 2;
}

/** @returns {Lane} */
function openWorker() {
  const worker = new Worker(scriptUrl(new URL('./crypto-worker.js', import.meta.url)), { type: 'module' });
  const lane = laneOf(worker, () => worker.terminate());
  worker.onerror = () => fail(lane, new Error('a crypto worker could not run'));
  return lane;
}

/** @returns {Lane} */
function openChannel() {
  const { port1, port2 } = new MessageChannel();
  serve(port2);
  return laneOf(port1, () => port1.close());
}

/**
 * @param {Port} port
 * @param {() => void} close
 */
function laneOf(port, close) {
  /** @type {Lane} */
  const lane = { port, waiting: new Map(), close };
  port.onmessage = (event) => settle(lane, event.data);
  return lane;
}

/**
 * @param {Lane} lane
 * @param {Answer} answer
 */
function settle(lane, answer) {
  const waiting = lane.waiting.get(answer.id);
  lane.waiting.delete(answer.id);
  if ('result' in answer) waiting?.resolve(answer.result);
  else waiting?.reject(errorOf(answer.kind, answer.message));
}

/**
 * @param {string | null} kind
 * @param {string} message
 */
function errorOf(kind, message) {
  return kind === null ? new Error(message) : new FormatError(/** @type {import('./format/errors.js').FormatKind} */ (kind), message);
}

/**
 * @param {Lane} lane
 * @param {Error} error
 */
function fail(lane, error) {
  for (const { reject } of lane.waiting.values()) reject(error);
  lane.waiting.clear();
}
