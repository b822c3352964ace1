// Files to send, made on the disk from a number, and their hashes.

import { createCipheriv, createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * A file on the disk.
 * @typedef {{name: string, path: string, size: number, sha256: string}} Made
 */

const BLOCK = 1024 * 1024;

/**
 * Writes a file of so many bytes that look random, always the same for a name and a size: AES-CTR over zeros, which costs nearly nothing.
 * @param {string} path
 * @param {number} size bytes
 * @returns {Promise<Made>}
 */
export async function make(path, size) {
  const hash = createHash('sha256');
  const name = basename(path);
  const seed = createHash('sha256').update(`${name} ${size}`).digest();
  const stream = createCipheriv('aes-128-ctr', seed.subarray(0, 16), seed.subarray(16));
  async function* blocks() {
    const zeros = Buffer.alloc(BLOCK);
    for (let at = 0; at < size; at += BLOCK) {
      const block = stream.update(zeros.subarray(0, Math.min(BLOCK, size - at)));
      hash.update(block);
      yield block;
    }
  }
  await pipeline(Readable.from(blocks()), createWriteStream(path));
  return { name, path, size, sha256: hash.digest('hex') };
}

/**
 * The SHA-256 of a file, hexadecimal.
 * @param {string} path
 */
export async function sha256Of(path) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: BLOCK }), hash);
  return hash.digest('hex');
}
