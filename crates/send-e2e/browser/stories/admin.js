// An admin makes a token; somebody sends with it; the admin sees it counted and takes the transfer down; the recipient is refused. The
// session ends in the middle of something, which goes on. Signing in and making a token need no mouse.

import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { at, factOf, focused, goTo, secretOf, signIn, tabTo } from '../admin.js';
import { launch } from '../chromium.js';
import { make } from '../files.js';
import { choose, download, linkOf, look, press, reach, saidBy } from '../person.js';
import { idOf, report } from '../server-side.js';
import { stored } from '../stored.js';
import { saw, story } from '../story.js';
import { Visitor } from '../visitor.js';

/**
 * @typedef {import('../story.js').Stage} Stage
 * @typedef {import('playwright-core').Page} Page
 */

const TOKEN = 'newsroom';
const DAY = 86_400_000;
/** Another machine's name, as far as the browser knows. */
const NAME = 'send.test';
const PLACES = /** @type {const} */ (['Overview', 'Tokens', 'Transfers', 'Reports', 'Audit', 'Settings']);

/** @param {Stage} stage */
async function signedIn(stage) {
  const page = await (await stage.admin()).open('/');
  await signIn(page, 'not the key');
  await page.getByText('This is not the admin key of this place.').waitFor();
  await signIn(page, stage.given.key);
  await at(page, 'Overview');
  saw('a wrong key is said to be wrong, the right one opens the overview');
  return page;
}

/** @param {Page} page */
async function madeToken(page) {
  await goTo(page, 'Tokens');
  await press(page, 'New token');
  await page.getByLabel('Name', { exact: true }).fill(TOKEN);
  await page.getByLabel('How many transfers').fill('2');
  await press(page, 'Create');
  const secret = await secretOf(page);
  assert.match(secret, /^sgs_[\w-]{20,}$/);
  await page.getByRole('button', { name: TOKEN, exact: true }).waitFor();
  assert.ok(!(await page.content()).includes(secret), 'the secret is nowhere on the page any more');
  saw('a token is made, its secret shown once');
  return secret;
}

/**
 * @param {Stage} stage
 * @param {string} secret
 */
async function sentWith(stage, secret) {
  const file = await make(join(stage.folder, 'minutes of the meeting.bin'), 300_000);
  const page = await choose(await stage.visitor('sender'), [file.path]);
  await page.getByLabel('Access token').fill('guessed');
  await press(page, 'Send');
  await page.getByText('This access token is not valid here, or used up.').first().waitFor();
  await page.getByLabel('Access token').fill(secret);
  await press(page, 'Send');
  const link = await linkOf(page);
  const saved = await download(await look(await stage.visitor('recipient'), link));
  assert.equal(saved.sha256, file.sha256);
  saw('without the token nothing is sent, with it a transfer, which is downloaded');
  return link;
}

/**
 * @param {Page} page
 * @param {string} link
 */
async function counted(page, link) {
  await goTo(page, 'Tokens');
  await page.getByRole('button', { name: TOKEN, exact: true }).click();
  await page.getByRole('heading', { level: 1, name: TOKEN }).waitFor();
  assert.equal(await factOf(page, 'Transfers sent'), '1 of 2');
  await press(page, 'Its transfers');
  await page.getByRole('button', { name: `Transfer ${await idOf(link)}` }).click();
  await page.getByText(await idOf(link), { exact: true }).waitFor();
  assert.equal(await factOf(page, 'Downloads begun'), '1 of 10');
  assert.equal(await factOf(page, 'Sent with'), TOKEN);
  await page.reload();
  await page.getByText(await idOf(link), { exact: true }).waitFor();
  assert.ok(!page.url().includes(await idOf(link)) && !page.url().includes(TOKEN), 'what is looked at is not in the address');
  saw('the admin sees one transfer counted, and its download; a reload keeps the place');
}

/**
 * @param {Stage} stage
 * @param {Page} page
 * @param {string} link
 */
async function reported(stage, page, link) {
  const reason = 'It is no minutes <b>of a meeting</b>.';
  await report(stage.given.server, link, reason);
  await page.reload();
  await page.getByRole('link', { name: 'Reports 1 open' }).click();
  await at(page, 'Reports');
  await page.getByText(reason).waitFor();
  await press(page, 'Look at it');
  await page.getByText(await idOf(link), { exact: true }).waitFor();
  assert.match(await factOf(page, 'Reports'), /no minutes <b>of a meeting/);
  saw('what a recipient reports is counted in the navigation, and shown as it was written');
}

/**
 * @param {Stage} stage
 * @param {Page} page
 * @param {string} link
 */
async function takenDown(stage, page, link) {
  await press(page, 'Take down');
  const dialog = page.getByRole('dialog');
  assert.match(await dialog.innerText(), new RegExp((await idOf(link)).slice(0, 8)), 'the question names the transfer');
  await dialog.getByLabel('Reason').selectOption({ label: 'malware' });
  await dialog.getByRole('button', { name: 'Take down' }).click();
  await page.getByText(/The transfer .* is taken down\./).waitFor();
  assert.match(await factOf(page, 'Taken down'), /^for malware/);
  const refused = await (await stage.visitor('late recipient')).open(link);
  await reach(refused, 'ended');
  assert.match(await saidBy(refused), /taken down[^]*removed it, because /, 'the reason is told');
  saw(`the transfer is taken down, the recipient reads: ${await saidBy(refused)}`);
}

/**
 * The session ends while a form is filled in: the key is asked for over it, and what was begun goes on.
 * @param {Stage} stage
 * @param {Page} page
 */
async function goneOn(stage, page) {
  await goTo(page, 'Tokens');
  await press(page, 'New token');
  await page.getByLabel('Name', { exact: true }).fill('second');
  await rm(join(stage.given.storage, 'sessions'), { recursive: true });
  await press(page, 'Create');
  await page.getByText('The session is over.').waitFor();
  await signIn(page, stage.given.key);
  await secretOf(page);
  await page.getByRole('button', { name: 'second', exact: true }).waitFor();
  saw('a session that ends in the middle of a form is begun anew, and the form goes on');
}

/**
 * Tokens are sorted by name, one way and the other; one gets other limits, is revoked, and reactivated.
 * @param {Page} page
 */
async function tended(page) {
  const names = () => page.locator('tbody th').allInnerTexts();
  await press(page, 'Name');
  assert.deepEqual(await names(), [TOKEN, 'second']);
  await press(page, 'Name');
  assert.deepEqual(await names(), ['second', TOKEN]);
  await press(page, 'second');
  await press(page, 'Change limits');
  await page.getByLabel('How many bytes in all').fill('1.5');
  await press(page, 'Change');
  await page.getByText('The limits of the token second are changed.').waitFor();
  assert.equal(await factOf(page, 'Bytes sent'), '0 bytes of 1.5 GB');
  await press(page, 'Revoke');
  await page.getByRole('dialog', { name: 'Revoke the token second?' }).getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('The token second is revoked.').waitFor();
  assert.equal(await factOf(page, 'State'), 'revoked');
  await press(page, 'Reactivate');
  await page.getByRole('dialog').getByRole('button', { name: 'Reactivate' }).click();
  await page.getByText('The token second can send again').waitFor();
  await page.goBack();
  await page.getByRole('button', { name: 'New token' }).waitFor();
  saw('tokens are sorted; one gets other limits, is revoked and reactivated; the way back leads to all of them');
}

/**
 * What was sent and downloaded is among the figures of the token, once the service has written them down.
 * @param {Page} page
 */
async function plotted(page) {
  const row = page.locator('tr', { has: page.getByRole('button', { name: TOKEN, exact: true }) });
  const all = /^newsroom\s+1\s+\d+ kB\s+\d+ kB\s+1\s/;
  await goTo(page, 'Overview');
  // What was sent may be written down before what was downloaded.
  for (let asked = 0; asked < 60 && await row.filter({ hasText: all }).count() === 0; asked++) {
    await pause(1_000);
    await goTo(page, 'Overview');
  }
  assert.match(await row.innerText(), all);
  const plot = page.getByRole('img', { name: /Transfers and downloads, per day.*Transfers sent: 1; Downloads begun: 1\./ });
  await plot.waitFor();
  await page.getByText('The figures as a table').first().click();
  assert.match(await page.locator('.plot tbody tr').first().innerText(), /1\s+1$/);
  saw('the overview tells the transfer and its download, by day and by token');
}

/**
 * A day whose figures are damaged in the storage is said, and stops no other from being told.
 * @param {Stage} stage
 * @param {Page} page
 */
async function damaged(stage, page) {
  const days = join(stage.given.storage, 'usage', 'days');
  const day = join(days, `${new Date(Date.now() - 2 * DAY).toISOString().slice(0, 10)}.json`);
  await mkdir(days, { recursive: true });
  await writeFile(day, '{');
  await goTo(page, 'Overview');
  await page.getByText(/^What was counted on .* is damaged in the storage/).waitFor();
  await page.getByRole('img', { name: /Transfers sent: 1; Downloads begun: 1\./ }).waitFor();
  await rm(day);
  saw('a damaged day is said, and the others are told');
}

/**
 * What was done is in the log, which is verified and taken along.
 * @param {Page} page
 * @param {string} secret
 */
async function audited(page, secret) {
  await goTo(page, 'Audit');
  await page.getByText('took down a transfer').waitFor();
  await press(page, 'Verify');
  await page.getByText(/entries are as written\./).waitFor();
  const { path } = await download(page, 'Export');
  const text = await readFile(path, 'utf8');
  const entries = text.trim().split('\n').map((line) => JSON.parse(line));
  assert.deepEqual(entries.map(({ number }) => number), entries.map((_, index) => index));
  assert.ok(entries.some(({ action }) => action === 'token_revoked'));
  assert.ok(!text.includes(secret) && !text.includes(TOKEN), 'the log names no token by what is sent with');
  await goTo(page, 'Overview');
  await press(page, 'Sweep now');
  await page.getByText(/^Looked at .* removed/).waitFor();
  saw(`${entries.length} entries of the audit log are verified and exported; a sweep says what it did`);
}

/**
 * Every place, on a narrow phone and on a desk: nothing beside the edge, one heading, a name for all that can be pressed or filled in;
 * and where tables become lists, no heads over them but those that sort, which say so.
 * @param {Page} page
 */
async function everywhere(page) {
  for (const width of [320, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    for (const name of PLACES) {
      await goTo(page, name);
      await page.evaluate(() => document.querySelectorAll('details').forEach((part) => { part.open = true; }));
      const { beside, headings, nameless, heads } = await page.evaluate(measure);
      assert.ok(beside <= 0, `${name} at ${width} px reaches ${beside} px beyond the edge`);
      assert.equal(headings, 1, `${name} has one heading`);
      assert.deepEqual(nameless, [], `${name} has something without a name`);
      assert.deepEqual(heads, [], `${name} has a head over a list at ${width} px`);
    }
  }
  saw('six places at 320 and 1280 px: nothing beside the edge, one heading each, a name for everything');
}

/** Run in the page. */
function measure() {
  const controls = [...document.querySelectorAll('main :is(button, a, input, select), place-nav a')];
  const named = (/** @type {Element} */ control) => control.textContent?.trim() || control.ariaLabel || /** @type {HTMLInputElement} */ (control).labels?.length;
  // A head lies in a line where the table is a list.
  const lines = [...document.querySelectorAll('record-table thead tr')].filter((row) => getComputedStyle(row).display === 'flex');
  const fits = (/** @type {Element} */ row) => (row.querySelector('button')
    ? getComputedStyle(row, '::before').content.includes('Sort by')
    : row.getBoundingClientRect().height === 0);
  return {
    heads: lines.filter((row) => !fits(row)).map((row) => row.outerHTML),
    beside: document.documentElement.scrollWidth - window.innerWidth,
    headings: [...document.querySelectorAll('h1')].filter((heading) => heading.checkVisibility()).length,
    nameless: controls.filter((control) => !named(control)).map((control) => control.outerHTML),
  };
}

/**
 * Over plain HTTP from another machine no browser keeps the session: the page says so before it takes a key.
 * @param {Stage} stage
 */
async function atPlainAddress(stage) {
  const browser = await launch([`--host-resolver-rules=MAP ${NAME} 127.0.0.1`]);
  try {
    const visitor = await Visitor.enter('admin at a plain address', browser, `http://${NAME}:${new URL(stage.given.admin).port}`);
    const page = await visitor.open('/');
    await page.getByText('Nobody can sign in at this address').waitFor();
    assert.deepEqual([await page.getByLabel('Admin key').isDisabled(), await page.getByRole('button', { name: 'Sign in' }).isDisabled()], [true, true]);
  } finally {
    await browser.close();
  }
  saw('over plain http from another machine the page says that nobody can sign in there, and takes no key');
}

/** @param {Stage} stage */
async function byKeyboard(stage) {
  const page = await (await stage.admin()).open('/');
  await page.getByLabel('Admin key').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.keyboard.type(stage.given.key);
  await page.keyboard.press('Enter');
  await at(page, 'Overview');
  await tabTo(page, 'Tokens');
  await at(page, 'Tokens');
  await tabTo(page, 'New token');
  await page.keyboard.type('by-keyboard');
  await page.keyboard.press('Enter');
  await page.getByText('it is not shown again').waitFor();
  await page.keyboard.press('Escape');
  await tabTo(page, 'Done');
  await page.getByRole('button', { name: 'by-keyboard', exact: true }).waitFor();
  assert.equal(await focused(page), 'Tokens', 'the focus is at the head of what has changed');
  await tabTo(page, 'Sign out');
  await page.getByLabel('Admin key').waitFor();
  saw('signing in, making a token and signing out by the keyboard alone');
}

/**
 * Neither the key nor the secret was in an address, nor lies in the storage.
 * @param {Stage} stage
 * @param {string} secret
 */
async function keptSecret(stage, secret) {
  const { paths, contents } = await stored(stage.given.storage);
  const kept = [...stage.asked, ...paths, ...contents.map((content) => content.toString('latin1'))];
  for (const hidden of [secret, stage.given.key]) assert.equal(kept.find((text) => text.includes(hidden)), undefined, 'a secret was kept');
  stage.nothingWrong();
  saw(`neither the admin key nor the token's secret is in ${stage.asked.length} addresses and ${paths.length} stored files`);
}

await story(async (stage) => {
  const page = await signedIn(stage);
  const secret = await madeToken(page);
  const link = await sentWith(stage, secret);
  await counted(page, link);
  await reported(stage, page, link);
  await takenDown(stage, page, link);
  await goneOn(stage, page);
  await tended(page);
  await plotted(page);
  await damaged(stage, page);
  await audited(page, secret);
  await everywhere(page);
  await byKeyboard(stage);
  await atPlainAddress(stage);
  await keptSecret(stage, secret);
});
