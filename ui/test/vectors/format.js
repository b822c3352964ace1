// Vectors of links, keys, phrases and manifests.

import { concat, fromHex, toHex, utf8 } from '../../shared/format/bytes.js';
import { linkKeys, readKeys, verifier } from '../../shared/format/keys.js';
import { linkText, ownerLinkText, parseLink, parseOwnerLink } from '../../shared/format/link.js';
import { readManifest } from '../../shared/format/manifest.js';
import { canonicalPhrase, phraseSecret } from '../../shared/format/phrase.js';
import { MIN_MANIFEST, padme } from '../../shared/format/sizes.js';
import { ending, only, same } from './expect.js';

/** @param {any} vector */
export async function checkLink(vector) {
  only(vector, ['name', 'kind', 'text', 'kdf', 'secret', 'id', 'owner_token', 'error']);
  if (vector.kind === 'owner') return checkOwnerLink(vector);
  same(vector.kind, 'link', 'the kind');
  const link = await ending(vector.error, () => parseLink(vector.text));
  if (!link) return;
  same(toHex(link.secret), vector.secret, 'the secret');
  same(link.needsPassphrase, vector.kdf === 1, 'whether a passphrase is needed');
  same(await linkText(link.secret, link.needsPassphrase), link.text, 'what a writer makes');
}

/** @param {any} vector */
async function checkOwnerLink(vector) {
  const link = await ending(vector.error, () => parseOwnerLink(vector.text));
  if (!link) return;
  same(link.id, vector.id, 'the id');
  same(toHex(link.ownerToken), vector.owner_token, 'the owner token');
  same(await ownerLinkText(fromHex(link.id), link.ownerToken), link.text, 'what a writer makes');
}

/** @param {any} vector */
export async function checkKeys(vector) {
  only(vector, ['name', 'secret', 'kdf', 'passphrase', 'id', 'link', 'link_token', 'link_verifier', 'content', 'manifest',
    'read_token', 'read_verifier', 'reader_token', 'error']);
  const secret = fromHex(vector.secret);
  same(vector.kdf === 1, vector.passphrase !== undefined, 'whether there is a passphrase');
  const { id, idBytes, linkToken } = await linkKeys(secret);
  const keys = await ending(vector.error, () => readKeys(secret, idBytes, vector.passphrase));
  if (!keys) return;
  same(id, vector.id, 'the id');
  same(await linkText(secret, vector.kdf === 1), vector.link, 'the link');
  same(toHex(linkToken), vector.link_token, 'the link token');
  same(toHex(keys.content), vector.content, 'the content key');
  same(toHex(keys.manifest), vector.manifest, 'the manifest key');
  same(toHex(keys.readToken), vector.read_token, 'the read token');
  same(toHex(concat(linkToken, keys.readToken)), vector.reader_token, 'the reader token');
  same(await verifier('/link-verifier', linkToken), vector.link_verifier, 'the link verifier');
  same(await verifier('/read-verifier', keys.readToken), vector.read_verifier, 'the read verifier');
}

/** @param {any} vector */
export async function checkOwner(vector) {
  only(vector, ['owner_token', 'owner_verifier']);
  same(await verifier('/owner-verifier', fromHex(vector.owner_token)), vector.owner_verifier, 'the owner verifier');
}

/** @param {any} vector */
export async function checkPhrase(vector) {
  only(vector, ['name', 'typed', 'text', 'secret', 'error']);
  const text = await ending(vector.error, () => canonicalPhrase(vector.typed));
  if (text === undefined) return;
  same(text, vector.text, 'the phrase');
  same(toHex(await phraseSecret(text)), vector.secret, 'the secret');
}

/** @param {any} vector */
export async function checkManifest(vector) {
  only(vector, ['name', 'json', 'hex', 'rule', 'files', 'error']);
  const bytes = manifestBytes(vector);
  const padding = new Uint8Array(padme(Math.max(bytes.length, MIN_MANIFEST)) - bytes.length).fill(0x20);
  for (const plain of [bytes, concat(bytes, padding)]) {
    const manifest = await ending(vector.error, () => readManifest(plain));
    if (manifest) same(manifest.files.length, vector.files, 'the number of files');
  }
}

/** @param {any} vector */
function manifestBytes({ json, hex, rule }) {
  if (hex !== undefined) return fromHex(hex);
  if (json !== undefined) return utf8(json);
  only(rule, ['before', 'each', 'count', 'after']);
  const each = Array.from({ length: rule.count }, (_, i) => rule.each.replaceAll('{i}', String(i).padStart(5, '0')));
  return utf8(rule.before + each.join(',') + rule.after);
}
