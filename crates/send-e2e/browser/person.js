// What a person does on the pages, by what a person sees.

import { sha256Of } from './files.js';

/**
 * @typedef {import('playwright-core').Page} Page
 * @typedef {import('./visitor.js').Visitor} Visitor
 * @typedef {{passphrase?: string, downloads?: 'once' | '10 times' | 'no limit'}} Settings
 */

/**
 * Chooses files on the disk and the settings, and presses nothing.
 * @param {Visitor} visitor
 * @param {readonly string[]} paths
 * @param {Settings} [settings]
 */
export async function choose(visitor, paths, settings = {}) {
  const page = await visitor.open('/');
  await page.locator('input[type=file]').setInputFiles([...paths]);
  await set(page, settings);
  return page;
}

/**
 * @param {Page} page with files chosen
 * @param {Settings} settings
 */
export async function set(page, { passphrase, downloads = '10 times' }) {
  await page.getByLabel('May be downloaded').selectOption({ label: downloads });
  if (passphrase === undefined) return;
  await page.getByRole('switch').check();
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
}

/** @param {Page} page */
export function press(page, /** @type {string} */ button) {
  return page.getByRole('button', { name: button, exact: true }).click();
}

/**
 * The link, once everything is sent.
 * @param {Page} page
 * @returns {Promise<string>}
 */
export async function linkOf(page) {
  await reach(page, 'sent');
  return page.getByTestId('link').inputValue();
}

/**
 * Sends files, and gives the link.
 * @param {Visitor} visitor
 * @param {readonly string[]} paths
 * @param {Settings} [settings]
 */
export async function send(visitor, paths, settings) {
  const page = await choose(visitor, paths, settings);
  await press(page, 'Send');
  return linkOf(page);
}

/**
 * Opens a link as far as the names of what is in it, which counts nothing.
 * @param {Visitor} visitor
 * @param {string} link
 * @param {string} [passphrase]
 */
export async function look(visitor, link, passphrase) {
  const page = await visitor.open(link);
  if (passphrase !== undefined) await unlock(page, passphrase);
  await reach(page, 'open');
  return page;
}

/**
 * @param {Page} page
 * @param {string} passphrase
 */
export async function unlock(page, passphrase) {
  await reach(page, 'locked');
  await page.getByLabel('Passphrase', { exact: true }).fill(passphrase);
  await press(page, 'Open');
}

/**
 * Presses a button that downloads, and waits until the file is on the disk.
 * @param {Page} page
 * @param {string} [button]
 * @returns {Promise<{name: string, path: string, sha256: string}>}
 */
export async function download(page, button = 'Download') {
  const begun = page.waitForEvent('download');
  await press(page, button);
  const file = await begun;
  const path = await file.path();
  return { name: file.suggestedFilename(), path, sha256: await sha256Of(path) };
}

/**
 * Waits until a page is in a state, and says in which it is when that does not come.
 * @param {Page} page
 * @param {string} state
 */
export async function reach(page, state) {
  try {
    await page.locator(`main[data-state="${state}"]`).waitFor();
  } catch (cause) {
    const said = (await page.locator('main').innerText()).replaceAll(/\s+/g, ' ');
    throw new Error(`the page did not come to "${state}"; it says: ${said}`, { cause });
  }
}

/**
 * The heading of a page and the note under it.
 * @param {Page} page
 * @returns {Promise<string>}
 */
export async function saidBy(page) {
  const heading = await page.locator('h1').innerText();
  const note = await page.locator('ending-note').innerText();
  return `${heading} ${note}`.trim();
}
