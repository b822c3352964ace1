// What a crypto worker does, one message a task and one answer each. The same in a worker and behind
// a MessageChannel, so that Node runs the same protocol.

import { sha256, toHex } from './format/bytes.js';
import { FormatError } from './format/errors.js';
import { release } from './format/memory.js';
import { partRange } from './format/sizes.js';
import { openPart, sealPart } from './format/stream.js';

/**
 * @typedef {import('./format/cobblestone.js').Cipher} Cipher
 * @typedef {{cipher: Cipher, padded: number, part: number, content: Blob}} SealTask
 *   `content`: the files' bytes in this part; what is missing to the part's end is padding
 * @typedef {{sealed: Uint8Array<ArrayBuffer>, sha256: string}} SealedPart
 * @typedef {{cipher: Cipher, padded: number, part: number, sealed: Uint8Array<ArrayBuffer>}} OpenTask
 * @typedef {{id: number, name: 'seal', task: SealTask} | {id: number, name: 'open', task: OpenTask}} Request
 * @typedef {{id: number, result: SealedPart | Uint8Array} | {id: number, kind: string | null, message: string}} Answer
 * @typedef {{onmessage: ((event: MessageEvent) => void) | null,
 *   postMessage(message: unknown, transfer: Transferable[]): void}} Port
 */

/**
 * Answers requests on a port until the port is closed, one after the other: more at once would take more
 * memory, and no less time.
 * @param {Port} port
 */
export function serve(port) {
  let before = Promise.resolve();
  port.onmessage = (event) => {
    before = before.then(() => answer(port, event.data));
  };
}

/**
 * @param {Port} port
 * @param {Request} request
 */
async function answer(port, request) {
  try {
    const { result, transfer } = await run(request);
    port.postMessage({ id: request.id, result }, transfer);
  } catch (error) {
    const kind = error instanceof FormatError ? error.kind : null;
    port.postMessage({ id: request.id, kind, message: error instanceof Error ? error.message : String(error) }, []);
  }
}

/**
 * @param {Request} request
 * @returns {Promise<{result: SealedPart | Uint8Array, transfer: Transferable[]}>}
 */
async function run(request) {
  if (request.name === 'seal') {
    const result = await seal(request.task);
    return { result, transfer: [result.sealed.buffer] };
  }
  const { cipher, padded, part, sealed } = request.task;
  const result = await openPart(cipher, padded, part, sealed);
  release([new Uint8Array(sealed.buffer)]);
  return { result, transfer: [result.buffer] };
}

/**
 * Reads, seals and hashes one part.
 * @param {SealTask} task
 * @returns {Promise<SealedPart>}
 */
async function seal({ cipher, padded, part, content }) {
  const { start, end } = partRange(padded, part);
  const plain = await plaintext(content, end - start);
  const sealed = await sealPart(cipher, padded, part, plain);
  release([plain]);
  return { sealed, sha256: toHex(await sha256(sealed)) };
}

/**
 * The content, padded with zeros.
 * @param {Blob} content
 * @param {number} length
 */
async function plaintext(content, length) {
  const bytes = new Uint8Array(await contentBytes(content));
  if (bytes.length !== content.size) throw changed();
  if (bytes.length === length) return bytes;
  const padded = new Uint8Array(length);
  padded.set(bytes);
  return padded;
}

/** @param {Blob} content */
async function contentBytes(content) {
  try {
    return await content.arrayBuffer();
  } catch {
    // Browsers refuse to read a file that was changed, moved or removed since it was chosen.
    throw changed();
  }
}

function changed() {
  return new FormatError('content_changed', 'A file changed, or vanished, while it was being sent.');
}
