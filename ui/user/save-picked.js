// Saving where the person chose, by the File System Access API.

import { ApiError, FormatError, SaveError } from '../shared/errors.js';

/** A person needs longer than this to close a dialog, in milliseconds; a browser that cannot show one does not. */
const TOO_QUICK = 200;

/**
 * What TypeScript's library does not know yet.
 * @typedef {{createWritable(): Promise<WritableStream<Uint8Array>>, remove?(): Promise<void>}} Place
 * @typedef {{showSaveFilePicker?(options: {suggestedName: string}): Promise<Place>}} PickerWindow
 */

/**
 * Where the person wants the file.
 * @param {string} name suggested
 * @returns {Promise<Place | null>} null when this browser does not ask
 * @throws {DOMException} AbortError when the person closed the dialog
 */
export async function pickPlace(name) {
  const { showSaveFilePicker } = /** @type {PickerWindow} */ (/** @type {unknown} */ (window));
  if (!showSaveFilePicker) return null;
  const asked = performance.now();
  try {
    return await showSaveFilePicker.call(window, { suggestedName: name });
  } catch (error) {
    // Headless browsers and some policies answer at once as if a person had said no. Other errors say that
    // the click is too long ago, or that this name or frame is not allowed.
    const byPerson = isAbort(error) && performance.now() - asked > TOO_QUICK;
    if (byPerson) throw error;
    return null;
  }
}

/**
 * Writes the stream there. The browser writes to a file beside it, and only a whole one takes the name.
 * @param {Place} place
 * @param {ReadableStream<Uint8Array>} stream
 * @param {AbortSignal} signal
 */
export async function writeTo(place, stream, signal) {
  try {
    await stream.pipeTo(await place.createWritable(), { signal });
  } catch (error) {
    // The picker has made an empty file, which would look like the one that was wanted.
    await place.remove?.().catch(() => {});
    if (isAbort(error) || error instanceof ApiError || error instanceof FormatError) throw error;
    throw new SaveError('disk', 'The file cannot be written there.', { cause: error });
  }
}

/** @param {unknown} error */
function isAbort(error) {
  return error instanceof DOMException && error.name === 'AbortError';
}
