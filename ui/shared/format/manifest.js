// The manifest: what the files are called, how large they are, and where they lie in the content
// stream. Sealed with a key of its own.

import { fromB64u, toB64u, utf8 } from './bytes.js';
import { cipher, openStream, sealStream } from './cobblestone.js';
import { FormatError } from './errors.js';
import { parseJson } from './json.js';
import { folded, isName } from './names.js';
import { MAX_MANIFEST, MAX_PARTS, MIN_MANIFEST, SALT, padme, paddedSize, partCount, sealedSize } from './sizes.js';

/** A transfer has at most so many files. */
export const MAX_FILES = 10_000;
/** The most bytes that a sealed manifest has. */
export const MAX_SEALED_MANIFEST = sealedSize(MAX_MANIFEST);
/** A media type has at most so many characters: 127, a slash, 127 (RFC 6838, section 4.2). */
const MAX_TYPE = 255;
/** A note has at most so many bytes. */
export const MAX_NOTE = 16 * 1024;

/**
 * @typedef {object} FileEntry
 * @property {string} name
 * @property {string} type media type, maybe empty
 * @property {number} offset where its bytes begin in the content stream
 * @property {number} size bytes
 * @property {number} [modified] milliseconds since 1970
 */

/**
 * @typedef {object} Manifest
 * @property {Uint8Array<ArrayBuffer>} salt of the content stream, 24 bytes
 * @property {number} size bytes of all files
 * @property {number} padded plaintext bytes of the content stream
 * @property {FileEntry[]} files in the order of their bytes
 * @property {string} [note]
 */

/**
 * The manifest of files in this order.
 * @param {Uint8Array<ArrayBuffer>} salt of the content stream
 * @param {Array<{name: string, type: string, size: number, modified?: number}>} files
 * @param {string} [note]
 * @returns {Manifest}
 * @throws {FormatError} `invalid_manifest`, `too_large`
 */
export function buildManifest(salt, files, note) {
  let size = 0;
  const entries = files.map((file) => {
    const entry = { ...file, offset: size };
    size += file.size;
    return entry;
  });
  const padded = paddedSize(size);
  if (entries.length > MAX_FILES || partCount(padded) > MAX_PARTS) throw new FormatError('too_large', 'More than one transfer can hold.');
  return checkedManifest({ salt, size, padded, files: entries, ...(note ? { note } : {}) });
}

/**
 * The manifest as JSON, without its padding.
 * @param {Manifest} manifest
 */
export function manifestJson({ salt, size, padded, files, note }) {
  const entries = files.map((file) => ({ n: file.name, t: file.type, o: file.offset, s: file.size, m: file.modified }));
  return JSON.stringify({ v: 1, salt: toB64u(salt), size, padded, files: entries, note });
}

/**
 * Seals a manifest.
 * @param {Uint8Array<ArrayBuffer>} inputKey
 * @param {Uint8Array<ArrayBuffer>} context
 * @param {Uint8Array<ArrayBuffer>} salt fresh, of this sealing
 * @param {Manifest} manifest
 * @throws {FormatError} `too_large`
 */
export async function sealManifest(inputKey, context, salt, manifest) {
  const json = utf8(manifestJson(manifest));
  const length = padme(Math.max(json.length, MIN_MANIFEST));
  if (length > MAX_MANIFEST) throw new FormatError('too_large', 'The list of files is too long.');
  const plain = new Uint8Array(length).fill(0x20);
  plain.set(json);
  return sealStream(await cipher(inputKey, context, salt), plain);
}

/**
 * Opens and checks a manifest.
 * @param {Uint8Array<ArrayBuffer>} inputKey
 * @param {Uint8Array<ArrayBuffer>} context
 * @param {Uint8Array<ArrayBuffer>} sealed
 * @returns {Promise<Manifest>}
 * @throws {FormatError} `wrong_key`, `corrupted`, `incomplete`, `newer_version`, `invalid_manifest`
 */
export async function openManifest(inputKey, context, sealed) {
  if (sealed.length > MAX_SEALED_MANIFEST) throw new FormatError('corrupted', 'This is longer than any list of files.');
  return readManifest(await openStream(inputKey, context, sealed));
}

/**
 * Reads and checks a manifest's plaintext.
 * @param {Uint8Array<ArrayBuffer>} plain
 * @returns {Manifest}
 * @throws {FormatError} `newer_version`, `invalid_manifest`
 */
export function readManifest(plain) {
  if (plain.length > MAX_MANIFEST) throw invalid('it is too long');
  const json = object(parsed(plain));
  // The version first: what a newer one means by the rest is not for this one to judge.
  const version = count(json.v, 'v');
  if (version > 1) throw new FormatError('newer_version', 'This transfer was made by a newer version.');
  if (version !== 1) throw invalid('its version is not 1');
  refuseStrangers(json, ['v', 'salt', 'size', 'padded', 'files', 'note']);
  return checkedManifest({
    salt: saltOf(json.salt),
    size: count(json.size, 'size'),
    padded: count(json.padded, 'padded'),
    files: list(json.files).map(entryOf),
    ...(json.note === undefined ? {} : { note: text(json.note, 'note') }),
  });
}

/** @param {Uint8Array<ArrayBuffer>} plain */
function parsed(plain) {
  try {
    return parseJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(plain));
  } catch {
    throw invalid('it is not JSON, names a key twice, or nests too deep');
  }
}

/** @param {unknown} value @returns {FileEntry} */
function entryOf(value) {
  const file = object(value);
  refuseStrangers(file, ['n', 't', 'o', 's', 'm']);
  return {
    name: text(file.n, 'n'),
    type: text(file.t, 't'),
    offset: count(file.o, 'o'),
    size: count(file.s, 's'),
    ...(file.m === undefined ? {} : { modified: integer(file.m, 'm') }),
  };
}

/**
 * The rules that hold between the fields, the same for a manifest that is built and one that is read.
 * @param {Manifest} manifest
 */
function checkedManifest(manifest) {
  const { size, padded, files, note } = manifest;
  if (files.length > MAX_FILES) throw invalid('it has too many files');
  if (files.length === 0 && note === undefined) throw invalid('it has neither files nor a note');
  if (note !== undefined && (note === '' || utf8(note).length > MAX_NOTE)) throw invalid('its note is empty or too long');
  if (padded !== paddedSize(size) || partCount(padded) > MAX_PARTS) throw invalid('its padding is not the one of its size');
  if (offsetBehind(files) !== size) throw invalid('the sizes of its files are not its size');
  if (new Set(files.map((file) => folded(file.name))).size < files.length) throw invalid('a name stands twice');
  return manifest;
}

/**
 * The offset behind the last file, when every file begins where the one before it ends.
 * @param {FileEntry[]} files
 */
function offsetBehind(files) {
  return files.reduce((offset, file) => {
    if (file.offset !== offset) throw invalid('a file does not begin where the one before it ends');
    if (!isName(file.name)) throw invalid('a name is not safe');
    if (file.type.length > MAX_TYPE || !/^[ -~]*$/.test(file.type)) throw invalid('a media type is not one');
    return offset + file.size;
  }, 0);
}

/** @param {unknown} value @returns {Record<string, unknown>} */
function object(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('an object is missing');
  return /** @type {Record<string, unknown>} */ (value);
}

/**
 * Keys that begin with `x-` are room for experiments, which readers pass over.
 * @param {object} value
 * @param {string[]} known
 */
function refuseStrangers(value, known) {
  const stranger = Object.keys(value).find((key) => !known.includes(key) && !key.startsWith('x-'));
  if (stranger !== undefined) throw invalid('it has an unknown key');
}

/** @param {unknown} value @returns {unknown[]} */
function list(value) {
  if (!Array.isArray(value)) throw invalid('the list of files is missing');
  return value;
}

/** @param {unknown} value @param {string} key */
function text(value, key) {
  if (typeof value !== 'string') throw invalid(`${key} is not text`);
  return value;
}

/** @param {unknown} value @param {string} key */
function integer(value, key) {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw invalid(`${key} is not a whole number`);
  return value;
}

/** @param {unknown} value @param {string} key */
function count(value, key) {
  const number = integer(value, key);
  if (number < 0) throw invalid(`${key} is below zero`);
  return number;
}

/** @param {unknown} value */
function saltOf(value) {
  try {
    const salt = fromB64u(text(value, 'salt'));
    if (salt.length === SALT) return salt;
  } catch {
    // Told below: no salt either way.
  }
  throw invalid('its salt is not 24 bytes');
}

/** @param {string} reason */
function invalid(reason) {
  return new FormatError('invalid_manifest', `The list of files is not valid: ${reason}.`);
}
