// A transfer before its first request: everything that the sender's side alone decides.

import { fromB64u, randomBytes, toB64u } from './format/bytes.js';
import { cipher } from './format/cobblestone.js';
import { bound, linkKeys, newOwnerToken, newSecret, readKeys, verifier } from './format/keys.js';
import { linkText } from './format/link.js';
import { buildManifest, sealManifest } from './format/manifest.js';
import { tidyNames } from './format/names.js';
import { SALT, sealedSize } from './format/sizes.js';

/**
 * A file to send. In browsers a `File`.
 * @typedef {Blob & {name: string, lastModified?: number}} SourceFile
 */

/**
 * @typedef {object} Contents
 * @property {SourceFile[]} files in the order of sending
 * @property {string} [note]
 * @property {string} [passphrase] none when empty
 */

/**
 * What must be kept to go on with an upload after a restart. It holds the secret: keep it as such.
 * @typedef {object} Ticket
 * @property {string} secret b64u, as the others
 * @property {string} ownerToken
 * @property {string} salt of the content stream
 */

/**
 * @typedef {object} Draft
 * @property {Ticket} ticket
 * @property {SourceFile[]} files
 * @property {import('./format/keys.js').LinkKeys} keys
 * @property {import('./format/keys.js').ReadKeys} read
 * @property {Uint8Array<ArrayBuffer>} ownerToken
 * @property {import('./format/cobblestone.js').Cipher} cipher of the content stream
 * @property {import('./format/manifest.js').Manifest} manifest
 * @property {string} link 51 characters
 */

/** A ticket for a new transfer. Its secret and its salt were never used before. */
export function newTicket() {
  return { secret: toB64u(newSecret()), ownerToken: toB64u(newOwnerToken()), salt: toB64u(randomBytes(SALT)) };
}

/**
 * Derives everything from the ticket and the contents.
 * @param {Ticket} ticket
 * @param {Contents} contents
 * @returns {Promise<Draft>}
 * @throws {import('./format/errors.js').FormatError} `bad_passphrase`, `too_large`, `invalid_manifest`
 */
export async function draft(ticket, { files, note, passphrase }) {
  const secret = fromB64u(ticket.secret);
  const salt = fromB64u(ticket.salt);
  const manifest = buildManifest(salt, described(files), note);
  const keys = await linkKeys(secret);
  const read = await readKeys(secret, keys.idBytes, passphrase || undefined);
  return {
    ticket, files, keys, read, manifest,
    ownerToken: fromB64u(ticket.ownerToken),
    cipher: await cipher(read.content, bound('/content', keys.idBytes), salt),
    link: await linkText(secret, Boolean(passphrase)),
  };
}

/**
 * The files as a manifest holds them. A media type that is none is left out: it is for display only.
 * @param {SourceFile[]} files
 */
function described(files) {
  const names = tidyNames(files.map((file) => file.name));
  return files.map(({ type, size, lastModified }, i) => ({
    name: names[i], type: /^[ -~]{0,255}$/.test(type) ? type : '', size,
    ...(lastModified === undefined ? {} : { modified: Math.trunc(lastModified) }),
  }));
}

/**
 * What the server is asked to register.
 * @param {Draft} draft
 * @param {{downloads: number, expiresIn?: number}} limits
 * @returns {Promise<import('./api.js').NewSend>}
 */
export async function registration({ keys, read, ownerToken, manifest }, { downloads, expiresIn }) {
  return {
    id: keys.id,
    linkVerifier: await verifier('/link-verifier', keys.linkToken),
    readVerifier: await verifier('/read-verifier', read.readToken),
    ownerVerifier: await verifier('/owner-verifier', ownerToken),
    size: sealedSize(manifest.padded),
    downloads, expiresIn,
    // Ciphertext that nobody can fetch any more has no reason to stay.
    wipe: downloads > 0,
  };
}

/**
 * The manifest, sealed under a fresh salt.
 * @param {Draft} draft
 */
export function sealedManifest({ keys, read, manifest }) {
  return sealManifest(read.manifest, bound('/manifest', keys.idBytes), randomBytes(SALT), manifest);
}

/**
 * The files' bytes from `start` up to and without `end` of the content stream, read only when used.
 * @param {Draft} draft
 * @param {number} start
 * @param {number} end
 */
export function contentBetween({ files, manifest }, start, end) {
  const slices = filesBetween(manifest, start, end).map((i) => {
    const { offset } = manifest.files[i];
    return files[i].slice(Math.max(0, start - offset), Math.max(0, end - offset));
  });
  return slices.length === 1 ? slices[0] : new Blob(slices);
}

/**
 * Which files have bytes from `start` up to and without `end` of the content stream.
 * @param {import('./format/manifest.js').Manifest} manifest
 * @param {number} start
 * @param {number} end
 */
export function filesBetween({ files }, start, end) {
  return files.flatMap(({ offset, size }, i) => (offset < end && offset + size > start ? [i] : []));
}
