// A story: a stage with a server, a wire, a browser and a folder, what was seen, and an end that a test can read.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { launch } from './chromium.js';
import { found, secretsOf } from './secrets.js';
import { idOf } from './server-side.js';
import { stored } from './stored.js';
import { Visitor } from './visitor.js';
import { Wire } from './wire.js';

/**
 * What the test that starts a story tells it.
 * @typedef {object} Given
 * @property {string} server its address
 * @property {string} storage the folder that it stores in, empty where it stores on S3
 * @property {string} s3 the origin of signed URLs, empty where there are none
 * @property {string} admin the address of the admin service beside it, empty where there is none
 * @property {string} key of the admins
 * @property {number} pid of the server
 * @property {number} size bytes, for stories of one size
 * @property {number} cpu the share of the time that the server may compute, for stories of one size
 */

/**
 * What a story asks for.
 * @typedef {object} Wishes
 * @property {boolean} [tapped] whether all that the browser sends to the storage is kept too
 */

/** @returns {Given} */
function given() {
  const { values } = parseArgs({
    options: {
      server: { type: 'string' }, storage: { type: 'string', default: '' }, s3: { type: 'string', default: '' },
      admin: { type: 'string', default: '' }, key: { type: 'string', default: '' }, pid: { type: 'string' }, size: { type: 'string' }, cpu: { type: 'string', default: 'Infinity' },
    },
  });
  const { server, storage, s3, admin, key } = values;
  if (!server || !(storage || s3)) throw new Error('give --server http://127.0.0.1:PORT, and --storage FOLDER or --s3 http://127.0.0.1:PORT');
  return { server, storage, s3, admin, key, pid: Number(values.pid), size: Number(values.size), cpu: Number(values.cpu) };
}

/** Everything that a story needs, and what belongs to it alone. */
export class Stage {
  /** @type {Visitor[]} */
  #visitors = [];

  /**
   * @param {Given} given
   * @param {import('playwright-core').Browser} browser
   * @param {Wire} wire before the server
   * @param {Wire | null} tap before the storage
   * @param {string} folder for files, removed at the end
   */
  constructor(given, browser, wire, tap, folder) {
    this.given = given;
    this.browser = browser;
    this.wire = wire;
    this.tap = tap;
    this.folder = folder;
  }

  /**
   * @param {Given} given
   * @param {Wishes} wishes
   */
  static async set(given, { tapped = false }) {
    const folder = await mkdtemp(join(tmpdir(), 'send-e2e-'));
    const tap = tapped ? await Wire.before(given.s3) : null;
    // Signed URLs hold for one host only: the browser asks that one, and is led to the tap.
    const led = tap ? [`--host-resolver-rules=MAP ${new URL(given.s3).host} ${new URL(tap.base).host}`] : [];
    return new Stage(given, await launch(led), await Wire.before(given.server), tap, folder);
  }

  /**
   * A person with a browser context of their own, whose requests go over the wire.
   * @param {string} name
   */
  async visitor(name) {
    const visitor = await Visitor.enter(name, this.browser, this.wire.base, this.given.s3);
    this.#visitors.push(visitor);
    return visitor;
  }

  /** A person with a browser context of their own, at the admin service. */
  async admin() {
    const visitor = await Visitor.enter('admin', this.browser, this.given.admin);
    this.#visitors.push(visitor);
    return visitor;
  }

  /** The addresses that anybody asked for. */
  get asked() {
    return this.#visitors.flatMap(({ asked }) => asked);
  }

  /**
   * Fails when something of a transfer left the browser or lies on the server, or a page did what it may not.
   * @param {string} link
   * @param {string | undefined} passphrase
   * @param {readonly import('./files.js').Made[]} files
   */
  async nothingLeft(link, passphrase, files) {
    const secrets = await secretsOf(link, passphrase, files);
    none('went over the wire', found(secrets, [...this.wire.sent, ...this.tap?.sent ?? []]));
    if (this.given.storage) none('lies in the storage', found(secrets, await storedOf(this.given.storage, await idOf(link))));
    for (const { name, asked } of this.#visitors) {
      none(`stood in an address that the ${name} asked for`, found(secrets, asked.map((url) => Buffer.from(url))));
    }
    this.nothingWrong();
  }

  /** Fails when a page asked another origin, broke its policy, or threw. */
  nothingWrong() {
    for (const { name, wrong, elsewhere } of this.#visitors) {
      none(`was reported by the ${name}`, wrong);
      none(`was asked by the ${name} of another origin`, elsewhere);
    }
  }

  /** Everyone leaves, and is forgotten with all that they sent. */
  async clear() {
    await Promise.all(this.#visitors.map((visitor) => visitor.leave()));
    this.#visitors = [];
    this.wire.forget();
    this.tap?.forget();
  }

  async strike() {
    await this.browser.close();
    this.wire.close();
    this.tap?.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Milliseconds that a story may take, a long one on a busy machine too, and a very long one at a megabyte a second. */
const patience = (/** @type {Given} */ { size }) => Math.max(1_200_000, (size || 0) / 1000);

/**
 * Plays a story to its end. The process fails when it throws, or does not end.
 * @param {(stage: Stage) => Promise<void>} play
 * @param {Wishes} [wishes]
 */
export async function story(play, wishes = {}) {
  const stage = await Stage.set(given(), wishes);
  try {
    await Promise.race([play(stage), tooLong(patience(stage.given))]);
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    await stage.strike();
  }
}

/**
 * @param {number} milliseconds
 * @returns {Promise<never>}
 */
async function tooLong(milliseconds) {
  await pause(milliseconds, undefined, { ref: false });
  throw new Error('the story does not come to its end');
}

/** Says what was seen. @param {string} sentence */
export const saw = (sentence) => console.log(`  ${sentence}`);

/**
 * @param {string} what
 * @param {readonly string[]} things
 */
function none(what, things) {
  if (things.length > 0) throw new Error(`this ${what}: ${things.join('; ')}`);
}

/**
 * What the server stores of a transfer, and whatever it stores beside the transfers.
 * @param {string} folder
 * @param {string} id
 * @returns {Promise<Buffer[]>} each file, and the paths of all
 */
async function storedOf(folder, id) {
  const { paths, contents } = await stored(folder, (path) => path.includes(id) || !path.includes('/transfers/'));
  if (contents.length === 0) throw new Error('the server stores nothing');
  return [Buffer.from(paths.join('\n')), ...contents];
}
