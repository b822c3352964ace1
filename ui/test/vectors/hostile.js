// Vectors of a server that lies. They go through the whole of Receiving, as in the page: link, keys,
// manifest, claim, parts; the server is a `fetch` that answers with the vector's bytes.

import { SendApi } from '../../shared/api.js';
import { concat, fromHex } from '../../shared/format/bytes.js';
import { cipher } from '../../shared/format/cobblestone.js';
import { bound, linkKeys, readKeys } from '../../shared/format/keys.js';
import { parseLink } from '../../shared/format/link.js';
import { openManifest } from '../../shared/format/manifest.js';
import { partCount, partSealedSize } from '../../shared/format/sizes.js';
import { CryptoPool } from '../../shared/pool.js';
import { Receiving } from '../../shared/receiving.js';
import { MapStore } from '../map-store.js';
import { hash, only, plaintext, same } from './expect.js';
import { sealAll } from './streams.js';

/**
 * An honest transfer, from which the lies are made.
 * @typedef {object} Base
 * @property {string} link
 * @property {string} [passphrase]
 * @property {Uint8Array<ArrayBuffer>} manifest sealed
 * @property {Uint8Array<ArrayBuffer>} content sealed
 * @property {Uint8Array<ArrayBuffer>} plain
 * @property {number} padded
 */

/**
 * Seals the bases, and checks that they are what the vectors say.
 * @param {any[]} bases
 * @returns {Promise<Map<string, Base>>}
 */
export async function hostileBases(bases) {
  return new Map(await Promise.all(bases.map(async (base) => /** @type {[string, Base]} */ ([base.name, await sealBase(base)]))));
}

/** @param {any} base @returns {Promise<Base>} */
async function sealBase(base) {
  only(base, ['name', 'secret', 'id', 'link', 'passphrase', 'manifest', 'plaintext', 'content_salt', 'stored', 'sha256']);
  const secret = fromHex(base.secret);
  const { id, idBytes } = await linkKeys(secret);
  same(id, base.id, 'the id of a base');
  const keys = await readKeys(secret, idBytes, base.passphrase);
  const manifest = fromHex(base.manifest);
  const { padded } = await openManifest(keys.manifest, bound('/manifest', idBytes), manifest);
  const plain = plaintext(base.plaintext);
  const full = new Uint8Array(padded);
  full.set(plain);
  const content = concat(...await sealAll(await cipher(keys.content, bound('/content', idBytes), fromHex(base.content_salt)), full));
  same(content.length, base.stored, 'the length of a base');
  same(await hash(content), base.sha256, 'the hash of a base');
  return { link: base.link, passphrase: base.passphrase, manifest, content, plain, padded };
}

/**
 * @param {any} vector
 * @param {Map<string, Base>} bases
 */
export async function checkHostile(vector, bases) {
  only(vector, ['name', 'base', 'passphrase', 'manifest', 'content', 'stream', 'by_part']);
  only(vector.by_part, ['error', 'released', 'sha256']);
  const base = baseOf(bases, vector.base);
  const server = new LyingServer(lyingManifest(vector.manifest, base, bases), changed(base.content, vector.content ?? [], bases));
  const { error, released } = await received(base, vector.passphrase ?? base.passphrase, server);
  same(error, vector.by_part.error, 'the error');
  same(released.length, vector.by_part.released, 'what was released');
  same(await hash(released), vector.by_part.sha256, 'the hash of what was released');
  same(await hash(base.plain.slice(0, released.length)), vector.by_part.sha256, 'the true prefix');
  if (!server.opened) same(server.asked, 0, 'the parts asked for under a refused manifest');
}

/**
 * Receives as the page does, and says how it ended.
 * @param {Base} base
 * @param {string | undefined} passphrase
 * @param {LyingServer} server
 */
async function received(base, passphrase, server) {
  const pool = new CryptoPool({ size: 2 });
  const api = new SendApi({ base: 'http://lying.example', fetch: (url, init) => server.answer(new URL(String(url)), init) });
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const pieces = [];
  try {
    const receiving = new Receiving({ api, link: await parseLink(base.link), pool, store: new MapStore() });
    await receiving.unlock(passphrase);
    server.cut(base.padded);
    const reader = receiving.file(0).stream.getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) pieces.push(read.value);
    return { error: null, released: concat(...pieces) };
  } catch (error) {
    return { error: /** @type {{kind?: string}} */ (error).kind ?? String(error), released: concat(...pieces) };
  } finally {
    pool.close();
  }
}

/** Gives whatever it was told to give, as parts where the reader expects them. */
class LyingServer {
  /** Whether the reader accepted the manifest. */
  opened = false;
  /** Parts that were asked for. */
  asked = 0;
  #manifest;
  #content;
  /** @type {Uint8Array<ArrayBuffer>[]} */
  #parts = [];

  /**
   * @param {Uint8Array<ArrayBuffer>} manifest
   * @param {Uint8Array<ArrayBuffer>} content
   */
  constructor(manifest, content) {
    this.#manifest = manifest;
    this.#content = content;
  }

  /**
   * Cuts the content where the manifest promises the parts; the last takes all that is left.
   * @param {number} padded
   */
  cut(padded) {
    this.opened = true;
    const count = partCount(padded);
    let start = 0;
    for (let part = 0; part < count; part++) {
      const end = part === count - 1 ? this.#content.length : start + partSealedSize(padded, part);
      this.#parts.push(this.#content.slice(start, end));
      start = end;
    }
  }

  /**
   * @param {URL} url
   * @param {RequestInit} [init]
   */
  async answer({ pathname }, init) {
    const [, , , , , kind, part] = pathname.split('/');
    if (kind === 'manifest') return new Response(this.#manifest);
    if (kind === 'claims' && init?.method === 'POST') {
      return Response.json({ expires_at: 0, part_count: this.#parts.length, size: this.#content.length, transport: 'service' });
    }
    this.asked++;
    return new Response(this.#parts[Number(part)]);
  }
}

/**
 * @param {any} manifest
 * @param {Base} base
 * @param {Map<string, Base>} bases
 */
function lyingManifest(manifest, base, bases) {
  if (manifest === undefined) return base.manifest;
  only(manifest, ['from', 'content_of', 'hex', 'ops']);
  if (manifest.from) return baseOf(bases, manifest.from).manifest;
  if (manifest.content_of) return baseOf(bases, manifest.content_of).content;
  return manifest.hex === undefined ? changed(base.manifest, manifest.ops, bases) : fromHex(manifest.hex);
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {any[]} ops
 * @param {Map<string, Base>} bases
 */
function changed(bytes, ops, bases) {
  return ops.reduce((before, op) => applied(before, op, bases), bytes);
}

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {any} op
 * @param {Map<string, Base>} bases
 * @returns {Uint8Array<ArrayBuffer>}
 */
function applied(bytes, { op, at, to, hex, from, start, end }, bases) {
  const taken = () => baseOf(bases, from).content.subarray(start, end);
  switch (op) {
    case 'flip': return concat(bytes.subarray(0, at), Uint8Array.of(bytes[at] ^ 1), bytes.subarray(at + 1));
    case 'truncate': return bytes.slice(0, to);
    case 'append': return concat(bytes, fromHex(hex));
    case 'remove': return concat(bytes.subarray(0, start), bytes.subarray(end));
    case 'copy': return concat(bytes.subarray(0, at), taken(), bytes.subarray(at + (end - start)));
    case 'insert': return concat(bytes.subarray(0, at), taken(), bytes.subarray(at));
    default: throw new Error(`the runner does not know the operation ${op}`);
  }
}

/**
 * @param {Map<string, Base>} bases
 * @param {string} name
 * @returns {Base}
 */
function baseOf(bases, name) {
  const base = bases.get(name);
  if (!base) throw new Error(`no base ${name}`);
  return base;
}
