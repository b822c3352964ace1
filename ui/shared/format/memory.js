// Giving memory back early. Garbage collectors learn late how large buffers are: at full speed they
// fall a hundred megabytes behind in a page and in every worker (Chromium 156). A buffer that is
// transferred leaves its owner at once, and one sent to a port that nobody listens to is freed at once.

const nobody = new MessageChannel();
nobody.port2.close();

/**
 * Frees the memory behind arrays that nobody uses any more. One that is only a view of a larger buffer is
 * left alone, since others may look at the rest.
 * @param {Uint8Array<ArrayBuffer>[]} arrays each empty afterwards
 */
export function release(arrays) {
  const whole = arrays.filter((array) => array.byteLength > 0 && array.byteLength === array.buffer.byteLength);
  nobody.port1.postMessage(null, whole.map((array) => array.buffer));
}
