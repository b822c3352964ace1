// Files by other ways than the file dialog: dropped from the desktop, pasted from the clipboard, taken out again.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { make } from '../files.js';
import { download, linkOf, look, press, reach, saidBy } from '../person.js';
import { saw, story } from '../story.js';

/**
 * @typedef {import('playwright-core').Page} Page
 * @typedef {import('../story.js').Stage} Stage
 */

/** A picture of one pixel, which a clipboard carries as a file. */
const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/**
 * Drags something from the disk over the page and lets go, as the browser hears it from a desktop.
 * @param {Page} page
 * @param {string[]} paths
 */
async function drop(page, paths) {
  const devtools = await page.context().newCDPSession(page);
  const data = { items: [], files: paths, dragOperationsMask: 1 };
  for (const type of /** @type {const} */ (['dragEnter', 'dragOver', 'drop'])) {
    await devtools.send('Input.dispatchDragEvent', { type, x: 200, y: 300, data });
  }
}

/**
 * Puts a picture on the clipboard and presses Ctrl+V. The clipboard writes the picture anew, so the hash is of what the page was given.
 * @param {Page} page
 * @returns {Promise<string>}
 */
async function paste(page) {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const pasted = page.evaluate(async (pixel) => {
    const heard = new Promise((resolve) => window.addEventListener('paste', (event) => resolve(event.clipboardData?.files[0]), { once: true }));
    const bytes = Uint8Array.from(atob(pixel), (character) => character.charCodeAt(0));
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': new Blob([bytes], { type: 'image/png' }) })]);
    document.title = 'on the clipboard';
    const file = /** @type {File} */ (await heard);
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
    return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  }, PIXEL);
  await page.waitForFunction(() => document.title === 'on the clipboard');
  await page.keyboard.press('Control+V');
  return pasted;
}

/** @param {Stage} stage */
async function dropped(stage) {
  const files = await Promise.all([1, 2, 3].map((n) => make(join(stage.folder, `dropped by hand ${n}.bin`), n * 70_000)));
  await mkdir(join(stage.folder, 'a folder'));
  const page = await (await stage.visitor('sender')).open('/');
  await drop(page, files.map(({ path }) => path));
  await reach(page, 'chosen');
  await drop(page, [join(stage.folder, 'a folder')]);
  assert.match(await saidBy(page), /Folders cannot be sent yet/);
  await press(page, `Remove ${files[0].name}`);
  await press(page, `Remove ${files[1].name}`);
  await press(page, 'Send');
  const link = await linkOf(page);

  const saved = await download(await look(await stage.visitor('recipient'), link));
  assert.equal(saved.name, files[2].name, 'what was taken out was not sent');
  assert.equal(saved.sha256, files[2].sha256);
  await stage.nothingLeft(link, undefined, files);
  saw('dropped files: identical; removed ones not sent; a folder refused with a sentence');
}

/** @param {Stage} stage */
async function pasted(stage) {
  const page = await (await stage.visitor('sender')).open('/');
  const sha256 = await paste(page);
  await reach(page, 'chosen');
  await press(page, 'Send');
  const saved = await download(await look(await stage.visitor('recipient'), await linkOf(page)));
  assert.equal(saved.sha256, sha256);
  stage.nothingWrong();
  saw('a pasted picture: identical');
}

await story(async (stage) => {
  await dropped(stage);
  await stage.clear();
  await pasted(stage);
});
