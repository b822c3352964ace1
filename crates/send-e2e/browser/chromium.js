// Chromium as Debian packages it, driven by playwright-core, which lies among the tools of the pages.

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

/** @typedef {import('playwright-core').Browser} Browser */

export const EXECUTABLE = '/usr/bin/chromium';
/** No sandbox: tests may run as root, where Chromium's does not start. The others keep it from asking anyone but our server. */
export const ARGUMENTS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

/**
 * A browser without a window.
 * @param {readonly string[]} [more] arguments
 * @returns {Promise<Browser>}
 * @throws when the browser or its driver is not installed; the sentence says how to install it
 */
export async function launch(more = []) {
  if (!existsSync(EXECUTABLE)) throw new Error(`${EXECUTABLE} is not there: install it with \`apt-get install chromium\``);
  return driver().chromium.launch({ executablePath: EXECUTABLE, headless: true, args: [...ARGUMENTS, ...more] });
}

/** @returns {typeof import('playwright-core')} */
function driver() {
  try {
    return createRequire(new URL('../../../ui/package.json', import.meta.url))('playwright-core');
  } catch (cause) {
    throw new Error('playwright-core is not there: run `npm ci` in the folder ui', { cause });
  }
}
