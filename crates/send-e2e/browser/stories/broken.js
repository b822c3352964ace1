// A network that breaks, a page that is reloaded, a person who stops: it goes on where it was, what arrives is identical, and it is one
// download.

import assert from 'node:assert/strict';
import { join } from 'node:path';

import { make, sha256Of } from '../files.js';
import { choose, download, linkOf, look, press, reach, saidBy, send } from '../person.js';
import { Owner, stateOf } from '../server-side.js';
import { saw, story } from '../story.js';

/**
 * @typedef {import('../story.js').Stage} Stage
 * @typedef {import('playwright-core').Page} Page
 */

const PART = 4_194_304;
/** Bytes of eight parts, the last not full. */
const SIZE = 8 * PART - 12_345;
/** In the middle of the sixth: whatever runs side by side, some parts are whole and some are not. */
const MIDDLE = 5.5 * PART;

/** @param {Stage} stage */
const file = (stage) => make(join(stage.folder, 'recordings of the trial.wav'), SIZE);

/** @param {Page} page */
async function waits(page) {
  await page.getByText('Waiting for the network').first().waitFor();
}

/**
 * One download was counted of ten, and nothing was told.
 * @param {Stage} stage
 * @param {string} link
 * @param {import('../files.js').Made} sent
 */
async function once(stage, link, sent) {
  assert.equal((await stateOf(stage.given.server, link)).downloadsLeft, 9, 'one download was counted');
  await stage.nothingLeft(link, undefined, [sent]);
}

/**
 * A recipient who has pressed Download, and whose network broke in the middle.
 * @param {Stage} stage
 * @param {string} link
 */
async function stuck(stage, link) {
  const page = await look(await stage.visitor('recipient'), link);
  const broken = stage.wire.breakAfter({ down: MIDDLE });
  const begun = page.waitForEvent('download');
  await press(page, 'Download');
  await broken;
  await waits(page);
  return { page, saving: await begun };
}

/** @param {Stage} stage */
async function brokenUpload(stage) {
  const sent = await file(stage);
  const page = await choose(await stage.visitor('sender'), [sent.path]);
  const broken = stage.wire.breakAfter({ up: MIDDLE });
  await press(page, 'Send');
  await broken;
  await waits(page);
  stage.wire.mend();
  const link = await linkOf(page);
  const saved = await download(await look(await stage.visitor('recipient'), link));
  assert.equal(saved.sha256, sent.sha256);
  await once(stage, link, sent);
  saw('the network breaks during an upload: waits, goes on by itself, identical');
}

/** @param {Stage} stage */
async function brokenDownload(stage) {
  const sent = await file(stage);
  const link = await send(await stage.visitor('sender'), [sent.path]);
  const { page, saving } = await stuck(stage, link);
  stage.wire.mend();
  assert.equal(await sha256Of(await saving.path()), sent.sha256);
  await reach(page, 'done');
  await once(stage, link, sent);
  saw('the network breaks during a download: waits, goes on by itself, identical, one download counted');
}

/** @param {Stage} stage */
async function reloaded(stage) {
  const sent = await file(stage);
  const link = await send(await stage.visitor('sender'), [sent.path]);
  const { page, saving } = await stuck(stage, link);
  stage.wire.mend();
  await page.reload();
  assert.notEqual(await saving.failure(), null, 'half a file does not pass for the file');
  await reach(page, 'open');
  await page.getByText('You have begun this download').waitFor();
  assert.equal((await download(page)).sha256, sent.sha256);
  await reach(page, 'done');
  await once(stage, link, sent);
  saw('a reload in the middle of a download: goes on, identical, one download counted');
}

/** @param {Stage} stage */
async function lostAnswer(stage) {
  const sent = await file(stage);
  const link = await send(await stage.visitor('sender'), [sent.path]);
  const page = await look(await stage.visitor('recipient'), link);
  const lost = stage.wire.loseAnswerTo('/claims HTTP/1.1');
  const saved = await download(page);
  await lost;
  assert.equal(saved.sha256, sent.sha256);
  await once(stage, link, sent);
  saw('the answer to a claim is lost: asked again, given again, counted once');
}

/** @param {Stage} stage */
async function stoppedDownload(stage) {
  const sent = await file(stage);
  const link = await send(await stage.visitor('sender'), [sent.path]);
  const { page, saving } = await stuck(stage, link);
  await press(page, 'Cancel');
  await reach(page, 'open');
  assert.match(await saidBy(page), /You can go on: it does not count again/);
  assert.notEqual(await saving.failure(), null, 'half a file does not pass for the file');
  stage.wire.mend();
  assert.equal((await download(page)).sha256, sent.sha256);
  await reach(page, 'done');
  await once(stage, link, sent);
  saw('a download that the person stops: nothing saved, goes on when asked, identical, one download counted');
}

/** @param {Stage} stage */
async function stoppedUpload(stage) {
  const sent = await file(stage);
  const page = await choose(await stage.visitor('sender'), [sent.path]);
  const broken = stage.wire.breakAfter({ up: MIDDLE });
  await press(page, 'Send');
  await broken;
  await waits(page);
  const owner = Owner.heard(stage.given.server, stage.wire.sent);
  assert.equal(await owner.status(), 200, 'the server has a part of it');
  stage.wire.mend();
  await press(page, 'Cancel');
  await reach(page, 'chosen');
  assert.match(await saidBy(page), /Cancelled\. Nothing can be downloaded/);
  assert.equal(await owner.status(), 410, 'and has removed it');
  await press(page, 'Send');
  const link = await linkOf(page);
  assert.equal((await download(await look(await stage.visitor('recipient'), link))).sha256, sent.sha256);
  await once(stage, link, sent);
  saw('an upload that the person stops: removed from the server, the files still chosen, sent again, identical');
}

await story(async (stage) => {
  for (const mishap of [brokenUpload, brokenDownload, reloaded, lostAnswer, stoppedDownload, stoppedUpload]) {
    await mishap(stage);
    await stage.clear();
  }
});
