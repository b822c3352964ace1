// Memory and work of processes, from /proc.

import { readdir, readFile } from 'node:fs/promises';

/** Fields of `/proc/PID/stat`, by their numbers in proc(5). */
const [PARENT, USER, SYSTEM] = [4, 14, 15];

/** Milliseconds between two looks. */
const EVERY = 250;

/** Clock ticks a second of `/proc`: USER_HZ, which is the same on all architectures that Linux runs browsers on. */
const TICKS = 100;

/**
 * Seconds that a process has computed so far.
 * @param {number} pid
 */
export async function computed(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1');
  return (fieldOf(stat, USER) + fieldOf(stat, SYSTEM)) / TICKS;
}

/**
 * The resident memory of a process, in bytes: now, and the most that it ever was.
 * @param {number} pid
 * @returns {Promise<{now: number, peak: number}>}
 */
export async function resident(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return { now: field(status, 'VmRSS'), peak: field(status, 'VmHWM') };
}

/**
 * The proportional memory of all renderer processes below this one: pages, workers and service workers, with their buffers.
 * @returns {Promise<number>}
 */
export async function renderers() {
  const sizes = await Promise.all((await descendants(process.pid)).map(rendererSize));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/**
 * Watches the renderers while something is done.
 * @template T
 * @param {() => Promise<T>} act
 * @returns {Promise<{result: T, growth: number}>} how much more than before they took at most
 */
export async function watched(act) {
  const before = await renderers();
  let peak = before;
  const look = async () => { peak = Math.max(peak, await renderers()); };
  const timer = setInterval(look, EVERY);
  try {
    const result = await act();
    await look();
    return { result, growth: peak - before };
  } finally {
    clearInterval(timer);
  }
}

/**
 * @param {string} text of a file in /proc
 * @param {string} name
 */
function field(text, name) {
  const value = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1];
  if (value === undefined) throw new Error(`there is no ${name}`);
  return Number(value) * 1024;
}

/**
 * @param {number} pid
 * @returns {Promise<number>} 0 for a process that is no renderer, or has ended
 */
async function rendererSize(pid) {
  try {
    const line = await readFile(`/proc/${pid}/cmdline`, 'latin1');
    if (!line.includes('--type=renderer')) return 0;
    return field(await readFile(`/proc/${pid}/smaps_rollup`, 'latin1'), 'Pss');
  } catch {
    return 0;
  }
}

/**
 * @param {number} root
 * @returns {Promise<number[]>}
 */
async function descendants(root) {
  const pids = (await readdir('/proc')).map(Number).filter(Number.isInteger);
  const parents = new Map(await Promise.all(pids.map(async (pid) => /** @type {const} */ ([pid, await parentOf(pid)]))));
  const isBelow = (/** @type {number} */ pid) => {
    for (let above = parents.get(pid); above; above = parents.get(above)) if (above === root) return true;
    return false;
  };
  return pids.filter(isBelow);
}

/** @param {number} pid */
async function parentOf(pid) {
  try {
    return fieldOf(await readFile(`/proc/${pid}/stat`, 'latin1'), PARENT);
  } catch {
    return 0;
  }
}

/**
 * A field of a `stat`, counted from 1 as in proc(5). The second, the name, may hold anything.
 * @param {string} stat
 * @param {number} n from 3
 */
function fieldOf(stat, n) {
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[n - 3]);
}
