// Saving where the browser asks for a place: a person chooses one, or closes the dialog; or the browser cannot show one.

import assert from 'node:assert/strict';
import { join } from 'node:path';

import { make } from '../files.js';
import { download, look, press, reach, send } from '../person.js';
import { stateOf } from '../server-side.js';
import { saw, story } from '../story.js';

/**
 * @typedef {import('playwright-core').Page} Page
 * @typedef {import('../files.js').Made} Made
 * @typedef {import('../story.js').Stage} Stage
 * @typedef {{suggestedName: string}} Asked
 */

/** Stands in for the dialog, which no program can press: the place is a file of the browser's own for this origin. Runs in the page. */
async function choose(/** @type {Asked} */ { suggestedName }) {
  return (await navigator.storage.getDirectory()).getFileHandle(suggestedName, { create: true });
}

/** A person thinks for a moment before they close the dialog. Runs in the page. */
async function close() {
  await new Promise((resolve) => setTimeout(resolve, 500));
  throw new DOMException('The user aborted a request.', 'AbortError');
}

/** What a browser answers that has nobody to ask. Runs in the page. */
async function refuse() {
  throw new DOMException('The user aborted a request.', 'AbortError');
}

/**
 * @param {Stage} stage
 * @param {string} link
 * @param {(asked: Asked) => Promise<unknown>} picker
 */
async function lookWith(stage, link, picker) {
  const page = await look(await stage.visitor('recipient'), link);
  await page.evaluate(`window.showSaveFilePicker = ${picker}`);
  return page;
}

/** The SHA-256 of what lies at the place that was chosen. @param {Page} page @param {string} name */
function chosen(page, name) {
  return page.evaluate(async (name) => {
    const handle = await (await navigator.storage.getDirectory()).getFileHandle(name);
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await (await handle.getFile()).arrayBuffer()));
    return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  }, name);
}

await story(async (stage) => {
  const file = await make(join(stage.folder, 'a place of its own.bin'), 5_000_000);
  const link = await send(await stage.visitor('sender'), [file.path]);
  const left = async () => (await stateOf(stage.given.server, link)).downloadsLeft;

  const closed = await lookWith(stage, link, close);
  await press(closed, 'Download');
  await reach(closed, 'open');
  assert.equal(await left(), 10, 'a dialog that was closed counts nothing');

  const placed = await lookWith(stage, link, choose);
  await press(placed, 'Download');
  await reach(placed, 'done');
  assert.equal(await chosen(placed, file.name), file.sha256);
  assert.equal(await left(), 9);

  const saved = await download(await lookWith(stage, link, refuse));
  assert.equal(saved.sha256, file.sha256);

  await stage.nothingLeft(link, undefined, [file]);
  saw('at the place that was chosen: identical; a closed dialog counts nothing; where none can be shown, among the downloads: identical');
});
