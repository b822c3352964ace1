// What an admin does on the admin pages, by what an admin sees.

import { press } from './person.js';

/** @typedef {import('playwright-core').Page} Page */

/** Steps with the tab key after which something is not to be found. */
const FAR = 60;

/**
 * @param {Page} page that asks for the key
 * @param {string} key
 */
export async function signIn(page, key) {
  await page.getByLabel('Admin key').fill(key);
  await press(page, 'Sign in');
}

/**
 * @param {Page} page
 * @param {'Overview' | 'Tokens' | 'Transfers' | 'Reports' | 'Audit' | 'Settings'} name
 */
export async function goTo(page, name) {
  await page.getByRole('link', { name }).click();
  await at(page, name);
}

/**
 * Waits until the page is at a place, and shows it.
 * @param {Page} page
 * @param {string} name
 */
export async function at(page, name) {
  await page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
  await page.locator(`main[data-state="${name.toLowerCase()}"]:not([aria-busy])`).waitFor();
}

/**
 * The secret of a token that was just made; the dialog is closed then.
 * @param {Page} page
 */
export async function secretOf(page) {
  await page.getByText('it is not shown again').waitFor();
  const secret = await page.locator('dialog code').innerText();
  await press(page, 'Done');
  await page.locator('dialog[open]').waitFor({ state: 'detached' });
  return secret;
}

/**
 * What a place says of one fact of what it shows.
 * @param {Page} page
 * @param {string} name
 */
export async function factOf(page, name) {
  return page.locator('.facts > div', { has: page.locator('dt', { hasText: new RegExp(`^${name}$`) }) }).locator('dd').innerText();
}

/**
 * Walks with the tab key until what has the focus is called so, and presses Enter on it.
 * @param {Page} page
 * @param {string} name
 */
export async function tabTo(page, name) {
  for (let step = 0; step < FAR; step++) {
    if (await focused(page) === name) return page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
  }
  throw new Error(`the tab key does not come to "${name}"; it is at "${await focused(page)}"`);
}

/** What has the focus is called. @param {Page} page */
export function focused(page) {
  return page.evaluate(() => {
    const { activeElement: at } = document;
    return at?.getAttribute('aria-label') ?? at?.textContent?.trim() ?? '';
  });
}
