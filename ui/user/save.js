// Files go to disk while they arrive: where the person chooses, when the browser can ask; else among
// the browser's own downloads, by way of the service worker. Neither holds a whole file in memory.

import { SaveError } from '../shared/errors.js';
import { pickPlace, writeTo } from './save-picked.js';
import { downloadWorker, downloadThrough } from './save-download.js';

/**
 * @typedef {import('../shared/receiving.js').Arriving} Arriving
 * @typedef {{place: Promise<import('./save-picked.js').Place | null>}} Prepared
 */

/**
 * Asks where to save, where the browser can ask. Call it in the click's own handler before anything is
 * awaited: browsers ask only while they remember the click.
 * @param {{name: string}} file
 * @returns {Prepared} for `save`
 */
export function prepare({ name }) {
  const place = pickPlace(name);
  // That the person closed the dialog is told by `save`.
  place.catch(() => {});
  return { place };
}

/**
 * Saves a file as it arrives. Nothing is read from its stream, and so no download counted, before
 * it is sure that the bytes have somewhere to go.
 * @param {Arriving} file
 * @param {{signal?: AbortSignal, prepared?: Prepared}} [options] `prepared`: from `prepare`; without it
 *   the file goes to the browser's downloads
 * @returns {Promise<'saved'>}
 * @throws {SaveError}
 * @throws {DOMException} AbortError when the person cancels, here or in the browser's list
 * @throws whatever the stream errors with; then nothing is kept that passes for the file
 */
export async function save(file, { signal = new AbortController().signal, prepared } = {}) {
  try {
    const place = prepared ? await prepared.place : null;
    signal.throwIfAborted();
    if (place) await writeTo(place, file.stream, signal);
    else await downloadThrough(await downloadWorker(), file, signal);
    return 'saved';
  } catch (error) {
    // Whoever feeds the stream must not wait for a reader that will not come.
    if (!file.stream.locked) await file.stream.cancel(error).catch(() => {});
    throw error;
  }
}

export { SaveError };
