// Vectors of content streams and of whole transfers.

import { concat, fromHex, toHex, utf8 } from '../../shared/format/bytes.js';
import { cipher } from '../../shared/format/cobblestone.js';
import { bound, linkKeys, readKeys } from '../../shared/format/keys.js';
import { linkText } from '../../shared/format/link.js';
import { buildManifest, manifestJson, openManifest, sealManifest } from '../../shared/format/manifest.js';
import { canonicalPhrase, phraseSecret } from '../../shared/format/phrase.js';
import { partCount, partRange, sealedSize } from '../../shared/format/sizes.js';
import { openPart, sealPart } from '../../shared/format/stream.js';
import { hash, only, plaintext, same } from './expect.js';

/** @typedef {import('../../shared/format/cobblestone.js').Cipher} Cipher */

/** @param {any} vector */
export async function checkStream(vector) {
  only(vector, ['name', 'secret', 'id', 'key', 'salt', 'plaintext', 'plaintext_sha256', 'stored', 'sha256', 'part_sha256']);
  const secret = fromHex(vector.secret);
  const { idBytes } = await linkKeys(secret);
  const { content } = await readKeys(secret, idBytes);
  same(toHex(content), vector.key, 'the content key');
  const sealing = await cipher(content, bound('/content', idBytes), fromHex(vector.salt));
  await checkParts(sealing, plaintext(vector.plaintext), vector);
}

/**
 * Seals and opens a stream by its parts.
 * @param {Cipher} sealing
 * @param {Uint8Array<ArrayBuffer>} plain padded as it should be
 * @param {any} vector
 * @param {number} [size] without padding
 */
async function checkParts(sealing, plain, vector, size = plain.length) {
  const parts = await sealAll(sealing, plain);
  const stream = concat(...parts);
  same(stream.length, vector.stored, 'the stored length');
  same(await hash(stream), vector.sha256, 'the hash of the stream');
  same(JSON.stringify(await Promise.all(parts.map(hash))), JSON.stringify(vector.part_sha256), 'the hashes of the parts');
  const opened = await Promise.all(parts.map((sealed, part) => openPart(sealing, plain.length, part, sealed)));
  same(await hash(concat(...opened).slice(0, size)), vector.plaintext_sha256, 'the hash of the plaintext');
}

/**
 * Every part of a stream, sealed.
 * @param {Cipher} sealing
 * @param {Uint8Array<ArrayBuffer>} plain
 */
export function sealAll(sealing, plain) {
  return Promise.all(Array.from({ length: partCount(plain.length) }, (_, part) => {
    const { start, end } = partRange(plain.length, part);
    return sealPart(sealing, plain.length, part, plain.subarray(start, end));
  }));
}

/** @param {any} vector */
export async function checkTransfer(vector) {
  only(vector, ['name', 'secret', 'passphrase', 'phrase', 'files', 'files_rule', 'note', 'content_salt', 'manifest_salt', 'link', 'id',
    'manifest_json_sha256', 'manifest_stored', 'manifest_sha256', 'plaintext', 'plaintext_sha256', 'stored', 'sha256', 'part_sha256']);
  const secret = fromHex(vector.secret);
  if (vector.phrase) same(toHex(await phraseSecret(canonicalPhrase(vector.phrase))), vector.secret, 'the secret');
  const { id, idBytes } = await linkKeys(secret);
  same(id, vector.id, 'the id');
  same(await linkText(secret, vector.passphrase !== undefined), vector.link, 'the link');
  const keys = await readKeys(secret, idBytes, vector.passphrase);
  const manifest = buildManifest(fromHex(vector.content_salt), filesOf(vector), vector.note);
  await checkSealedManifest(manifest, keys.manifest, bound('/manifest', idBytes), vector);
  const padded = new Uint8Array(manifest.padded);
  padded.set(plaintext(vector.plaintext));
  same(sealedSize(manifest.padded), vector.stored, 'the stored length');
  await checkParts(await cipher(keys.content, bound('/content', idBytes), manifest.salt), padded, vector, manifest.size);
}

/**
 * @param {import('../../shared/format/manifest.js').Manifest} manifest
 * @param {Uint8Array<ArrayBuffer>} key
 * @param {Uint8Array<ArrayBuffer>} context
 * @param {any} vector
 */
async function checkSealedManifest(manifest, key, context, vector) {
  const json = manifestJson(manifest);
  same(await hash(utf8(json)), vector.manifest_json_sha256, 'the hash of the manifest');
  const sealed = await sealManifest(key, context, fromHex(vector.manifest_salt), manifest);
  same(sealed.length, vector.manifest_stored, 'the length of the sealed manifest');
  same(await hash(sealed), vector.manifest_sha256, 'the hash of the sealed manifest');
  same(manifestJson(await openManifest(key, context, sealed)), json, 'the manifest, opened again');
}

/** @param {any} vector @returns {Array<{name: string, type: string, size: number, modified?: number}>} */
function filesOf({ files, files_rule: rule }) {
  if (files) return files.map(fileOf);
  const { count, ...each } = rule;
  return Array.from({ length: count }, (_, i) => fileOf({ ...each, n: each.n.replaceAll('{i}', String(i).padStart(5, '0')) }));
}

/** @param {any} file */
function fileOf({ n: name, t: type, s: size, m: modified, ...rest }) {
  only(rest, []);
  return { name, type, size, ...(modified === undefined ? {} : { modified }) };
}
