// Runs the vectors of the format, in Node and in browsers alike: the same cases, the same count.

import { checkKeys, checkLink, checkManifest, checkOwner, checkPhrase } from './vectors/format.js';
import { checkHostile, hostileBases } from './vectors/hostile.js';
import { checkPadme, checkPart, checkSizes, checkTooLarge } from './vectors/sizes.js';
import { checkStream, checkTransfer } from './vectors/streams.js';

/**
 * @typedef {object} Outcome
 * @property {Record<string, number>} groups how many cases of each file ran
 * @property {string[]} failures one line a case that failed
 */

/**
 * Runs every vector.
 * @param {(path: string) => Promise<string>} load the text of a file, by its path from the folder of the vectors
 * @returns {Promise<Outcome>}
 */
export async function runVectors(load) {
  const run = new Run();
  const json = async (/** @type {string} */ name) => JSON.parse(await load(`${name}.json`));
  await run.group('link', (await json('link')).cases, checkLink);
  const keys = await json('keys');
  await run.group('keys', keys.cases, checkKeys);
  await run.group('keys', keys.owner, checkOwner);
  await run.group('phrase', (await json('phrase')).cases, checkPhrase);
  await sizes(run, await json('padme'));
  await run.group('manifest', (await json('manifest')).cases, checkManifest);
  await run.group('streams', (await json('streams')).cases, checkStream);
  await run.group('transfers', (await json('transfers')).cases, checkTransfer);
  const { bases, cases } = await json('hostile');
  const sealed = await hostileBases(bases);
  await run.group('hostile', cases, (vector) => checkHostile(vector, sealed));
  return run;
}

/**
 * @param {Run} run
 * @param {{padme: any[], sizes: any[], parts: any[], too_large: any[]}} vectors
 */
async function sizes(run, vectors) {
  await run.group('padme', vectors.padme, checkPadme);
  await run.group('padme', vectors.sizes, checkSizes);
  await run.group('padme', vectors.parts, checkPart);
  await run.group('padme', vectors.too_large, checkTooLarge);
}

/** @implements {Outcome} */
class Run {
  /** @type {Record<string, number>} */
  groups = {};
  /** @type {string[]} */
  failures = [];

  /**
   * Runs the cases one after the other. One that fails does not keep the others from running.
   * @template T
   * @param {string} name
   * @param {T[]} cases
   * @param {(vector: T) => void | Promise<void>} check
   */
  async group(name, cases, check) {
    for (const vector of cases) {
      this.groups[name] = (this.groups[name] ?? 0) + 1;
      try {
        await check(vector);
      } catch (error) {
        const label = /** @type {{name?: string}} */ (vector).name ?? JSON.stringify(vector);
        this.failures.push(`${name} ${label}: ${error instanceof Error ? error.message : error}`);
      }
    }
  }
}
