// Reads a ZIP of stored files by its list of contents, as an unpacking program does.

/**
 * @param {Uint8Array} zip
 * @returns {Array<{name: string, bytes: Uint8Array}>}
 */
export function readZip(zip) {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = zip.length - 22;
  if (view.getUint32(end, true) !== 0x06054b50) throw new Error('no end of the list of contents');
  const entries = [];
  let at = view.getUint32(end + 16, true);
  for (let i = 0; i < view.getUint16(end + 10, true); i++) {
    if (view.getUint32(at, true) !== 0x02014b50) throw new Error('no entry where one should be');
    const lengths = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const name = new TextDecoder().decode(zip.subarray(at + 46, at + 46 + lengths[0]));
    entries.push({ name, bytes: stored(zip, view, view.getUint32(at + 42, true), view.getUint32(at + 24, true)) });
    at += 46 + lengths[0] + lengths[1] + lengths[2];
  }
  return entries;
}

/**
 * @param {Uint8Array} zip
 * @param {DataView} view
 * @param {number} at where the file's own head begins
 * @param {number} size
 */
function stored(zip, view, at, size) {
  if (view.getUint32(at, true) !== 0x04034b50) throw new Error('no file where one should be');
  const start = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  return zip.subarray(start, start + size);
}
