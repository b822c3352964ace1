// What lies in the folder that a server stores in, looked at while the server works.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** How often a folder is looked at before it is taken for one that never rests. */
const LOOKS = 50;

/**
 * The paths of all files.
 * @param {string} folder
 * @returns {Promise<string[]>}
 */
export async function paths(folder) {
  return atRest(() => list(folder));
}

/**
 * The paths of all files, and what stands in those that are wanted.
 * @param {string} folder
 * @param {(path: string) => boolean} [wanted]
 * @returns {Promise<{paths: string[], contents: Buffer[]}>}
 */
export async function stored(folder, wanted = () => true) {
  return atRest(async () => {
    const all = await list(folder);
    return { paths: all, contents: await Promise.all(all.filter(wanted).map((path) => readFile(path))) };
  });
}

/** @param {string} folder */
async function list(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/**
 * Looks again where something went between its listing and its reading: the server puts a file in its place by moving it there.
 * @template T
 * @param {() => Promise<T>} look
 * @returns {Promise<T>}
 */
async function atRest(look) {
  for (let looks = 1; ; looks += 1) {
    try {
      return await look();
    } catch (error) {
      const gone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      if (!gone || looks === LOOKS) throw error;
      await pause(20);
    }
  }
}
