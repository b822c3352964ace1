// Walking the whole audit log, page by page. No DOM.

/**
 * @typedef {import('./api.js').AdminApi} AdminApi
 * @typedef {import('./wire.js').Problem} Problem
 */

/** What ends a line. */
const END = 0x0a;

/**
 * Verifies every entry.
 * @param {AdminApi} api
 * @param {AbortSignal} signal
 * @param {(checked: number) => void} onChecked told how many were checked so far
 * @returns {Promise<{checked: number, problems: Problem[], head: {number: number, sha256: string} | null}>}
 */
export async function verifyEntries(api, signal, onChecked) {
  let checked = 0;
  /** @type {Problem[]} */
  const problems = [];
  for (let from = 0; ;) {
    const verdict = await api.verifyAudit(from);
    signal.throwIfAborted();
    checked += verdict.checked;
    problems.push(...verdict.problems);
    if (verdict.next === null) return { checked, problems, head: verdict.head };
    onChecked(checked);
    from = verdict.next;
  }
}

/**
 * Every entry, oldest first, as lines of JSON.
 * @param {AdminApi} api
 * @param {AbortSignal} signal
 * @returns {Promise<{lines: Uint8Array<ArrayBuffer>[], count: number}>} `lines`: whole ones, some in each
 */
export async function exportEntries(api, signal) {
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const lines = [];
  for (let count = 0, since = 0; ;) {
    const page = await api.exportAudit(since);
    signal.throwIfAborted();
    lines.push(page.lines);
    count += page.lines.reduce((ends, byte) => (byte === END ? ends + 1 : ends), 0);
    if (page.next === null) return { lines, count };
    since = page.next;
  }
}
