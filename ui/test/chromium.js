// A real Chromium for tests, and a server of plain files.

import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { chromium } from 'playwright-core';

/** Debian's. `apt-get install chromium` brings it. */
const EXECUTABLE = process.env.SEND_CHROMIUM ?? '/usr/bin/chromium';

/** Headless, alone on the machine, and silent on the network. */
const FLAGS = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

/**
 * Starts a browser that ends with the test.
 * @param {import('node:test').TestContext} t
 */
export async function browser(t) {
  const started = await chromium.launch({ executablePath: EXECUTABLE, args: FLAGS });
  t.after(() => started.close());
  return started;
}

/** @type {Record<string, string>} */
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.json': 'application/json' };

/**
 * Serves files below a folder until the test ends.
 * @param {import('node:test').TestContext} t
 * @param {URL} root
 * @param {Record<string, {type: string, text: string, headers?: Record<string, string>}>} [made] files that are only said here, by path
 * @returns {Promise<string>} the origin
 */
export async function files(t, root, made = {}) {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = made[pathname] ?? await fileAt(new URL(`.${pathname}`, root));
    if (!file) return response.writeHead(404, { 'content-type': 'text/plain' }).end('Nothing here.');
    response.writeHead(200, { 'content-type': file.type, ...file.headers }).end(file.text);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  t.after(() => server.close());
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return `http://127.0.0.1:${address.port}`;
}

/**
 * @param {URL} url
 * @returns {Promise<{type: string, text: string, headers?: Record<string, string>} | null>}
 */
async function fileAt(url) {
  try {
    return { type: TYPES[extname(url.pathname)] ?? 'text/plain', text: await readFile(url, 'utf8') };
  } catch {
    return null;
  }
}
