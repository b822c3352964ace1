// What must never leave the browser, and how it could be written if it did.

import { open } from 'node:fs/promises';

import { linkKeys, readKeys } from '../../../ui/shared/format/keys.js';
import { parseLink } from '../../../ui/shared/format/link.js';

/**
 * One thing to look for.
 * @typedef {{name: string, bytes: Buffer}} Secret
 */

/** Shorter pieces are found by chance. */
const SHORTEST = 8;
/** Bytes of a piece of plaintext. */
const PIECE = 16;

/**
 * The secrets of one transfer: the fragment of its link, the secret in it, the keys that follow, the passphrase, names and pieces of the
 * contents.
 * @param {string} link
 * @param {string | undefined} passphrase
 * @param {readonly import('./files.js').Made[]} files
 * @returns {Promise<Secret[]>}
 */
export async function secretsOf(link, passphrase, files) {
  const fragment = link.split('#')[1] ?? '';
  const { secret } = await parseLink(fragment);
  const { idBytes } = await linkKeys(secret);
  const keys = await readKeys(secret, idBytes, passphrase);
  return [
    { name: 'the fragment', bytes: Buffer.from(fragment) },
    { name: 'the secret', bytes: Buffer.from(secret) },
    { name: 'the content key', bytes: Buffer.from(keys.content) },
    { name: 'the manifest key', bytes: Buffer.from(keys.manifest) },
    ...(passphrase === undefined ? [] : [{ name: 'the passphrase', bytes: Buffer.from(passphrase) }]),
    ...(await Promise.all(files.map(piecesOf))).flat(),
  ];
}

/**
 * The name of a file, and the first, middle and last bytes of it.
 * @param {import('./files.js').Made} file
 * @returns {Promise<Secret[]>}
 */
async function piecesOf({ name, path, size }) {
  /** @type {Secret[]} */
  const pieces = [{ name: `the name ${name}`, bytes: Buffer.from(name) }];
  if (size < PIECE) return pieces;
  const file = await open(path);
  for (const at of [0, Math.floor((size - PIECE) / 2), size - PIECE]) {
    const bytes = Buffer.alloc(PIECE);
    await file.read(bytes, 0, PIECE, at);
    pieces.push({ name: `the contents of ${name} at ${at}`, bytes });
  }
  await file.close();
  return pieces;
}

/**
 * Looks for the secrets, in every spelling, and says which were found.
 * @param {readonly Secret[]} secrets
 * @param {readonly Buffer[]} buffers
 * @returns {string[]}
 */
export function found(secrets, buffers) {
  return secrets.flatMap(({ name, bytes }) => {
    const here = [...spellings(bytes)].filter(([, text]) => buffers.some((buffer) => buffer.includes(text)));
    return here.map(([spelling]) => `${name} (${spelling})`);
  });
}

/**
 * Bytes as a request could carry them. Base64 of something that stands inside something longer depends on where it begins, so there
 * are three of it; the characters that depend on the neighbours are left out.
 * @param {Buffer} bytes
 * @returns {Map<string, Buffer>}
 */
export function spellings(bytes) {
  if (bytes.length < SHORTEST) throw new Error(`${bytes.length} bytes are too few to look for`);
  const text = bytes.toString('utf8');
  const isText = Buffer.from(text).equals(bytes);
  const all = new Map([
    ['raw', bytes],
    ['hexadecimal', Buffer.from(bytes.toString('hex'))],
    ['HEXADECIMAL', Buffer.from(bytes.toString('hex').toUpperCase())],
  ]);
  for (const shift of [0, 1, 2]) {
    const shifted = Buffer.concat([Buffer.alloc(shift), bytes]);
    const tail = shifted.length % 3 === 0 ? 0 : 1;
    const inner = shifted.toString('base64').replace(/=+$/, '').slice(shift === 0 ? 0 : shift + 1);
    const base64 = inner.slice(0, inner.length - tail);
    all.set(`base64 at ${shift}`, Buffer.from(base64));
    all.set(`base64url at ${shift}`, Buffer.from(base64.replaceAll('+', '-').replaceAll('/', '_')));
  }
  if (isText) all.set('percent-encoded', Buffer.from(encodeURIComponent(text)));
  if (isText) all.set('UTF-16', Buffer.from(text, 'utf16le'));
  return all;
}
