// A real S3 server for tests, a service that stores on it, and a relay between both and the tests that can refuse.

import { spawn } from 'node:child_process';
import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { freePort, listening, service } from './service.js';

const MINISTACK = fileURLToPath(new URL('../../.venv/bin/ministack', import.meta.url));
const INSTALL = 'python3 -m venv .venv && .venv/bin/pip install --requirement .ci/peers.txt';
const REGION = 'us-east-1';
const ID = 'an-access-key-of-tests';
const SECRET = 'and-its-secret';
const BUCKET = 'uploads-of-a-test';

/**
 * A service on a bucket of its own.
 * @typedef {object} OnS3
 * @property {string} base the service's origin
 * @property {string} storage the storage's, as the service and the tests reach it
 * @property {Relay} relay before the storage
 */

/**
 * Starts an S3 server and a service on it, until the test ends.
 * @param {import('node:test').TestContext} t
 * @param {'both' | 'uploads' | 'off'} direct
 * @returns {Promise<OnS3>}
 */
export async function serviceOnS3(t, direct = 'both') {
  const relay = await Relay.before(t, await ministack(t));
  await demand('PUT', `${relay.origin}/${BUCKET}`);
  const base = await service(t, {
    SEND_STORAGE: `s3://${BUCKET}/some/prefix`, SEND_UPLOADS: 'open', SEND_DIRECT: direct, AWS_ENDPOINT_URL: relay.origin,
    AWS_REGION: REGION, AWS_ACCESS_KEY_ID: ID, AWS_SECRET_ACCESS_KEY: SECRET,
  });
  return { base, storage: relay.origin, relay };
}

/**
 * Removes an object, past the service.
 * @param {string} storage
 * @param {string} path of its URL
 */
export const remove = (storage, path) => demand('DELETE', `${storage}${path}`);

/**
 * @param {import('node:test').TestContext} t
 * @returns {Promise<number>} its port
 */
async function ministack(t) {
  if (!existsSync(MINISTACK)) throw new Error(`there is no ${MINISTACK}; in the repository's folder: ${INSTALL}`);
  const port = await freePort();
  const env = {
    BIND_HOST: '127.0.0.1', GATEWAY_PORT: String(port), AUTH: 'true', SERVICES: 's3', MINISTACK_REGION: REGION,
    AWS_ACCESS_KEY_ID: ID, AWS_SECRET_ACCESS_KEY: SECRET,
  };
  const child = spawn(MINISTACK, { env: { PATH: process.env.PATH, ...env }, stdio: 'ignore' });
  t.after(async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  await listening(`http://127.0.0.1:${port}/_ministack/health`);
  return port;
}

/**
 * @param {string} method
 * @param {string} url
 */
async function demand(method, url) {
  const response = await fetch(presigned(method, new URL(url)), { method });
  if (!response.ok) throw new Error(`${method} was answered ${response.status}: ${await response.text()}`);
}

/**
 * A URL that works for five minutes: "Authenticating Requests: Using Query Parameters" of the Amazon S3 API reference.
 * @param {string} method
 * @param {URL} url whose path needs no more encoding
 */
function presigned(method, url) {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = [time.slice(0, 8), REGION, 's3', 'aws4_request'];
  const query = new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256', 'X-Amz-Credential': [ID, ...scope].join('/'), 'X-Amz-Date': time,
    'X-Amz-Expires': '300', 'X-Amz-SignedHeaders': 'host',
  });
  const request = [method, url.pathname, query, `host:${url.host}\n`, 'host', 'UNSIGNED-PAYLOAD'].join('\n');
  const hash = createHash('sha256').update(request).digest('hex');
  const key = scope.reduce((under, step) => hmac(under, step), Buffer.from(`AWS4${SECRET}`));
  query.set('X-Amz-Signature', hmac(key, ['AWS4-HMAC-SHA256', time, scope.join('/'), hash].join('\n')).toString('hex'));
  return `${url.href}?${query}`;
}

/**
 * @param {Buffer} key
 * @param {string} text
 */
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();

/** A TCP relay before a server of this machine. */
export class Relay {
  /** @type {Set<import('node:net').Socket>} */
  #open = new Set();
  #refuses = false;
  #server = createServer((client) => this.#join(client));

  /** @param {number} port of the server behind it */
  constructor(port) {
    this.port = port;
    /** The address to give to clients. */
    this.origin = '';
  }

  /**
   * @param {import('node:test').TestContext} t
   * @param {number} port
   */
  static async before(t, port) {
    const relay = new Relay(port);
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    const { port: own } = /** @type {import('node:net').AddressInfo} */ (relay.#server.address());
    relay.origin = `http://127.0.0.1:${own}`;
    t.after(() => {
      relay.refuse();
      relay.#server.close();
    });
    return relay;
  }

  /** Nothing passes from here on, and what is open is torn. */
  refuse() {
    this.#refuses = true;
    for (const socket of this.#open) socket.destroy();
  }

  /** Everything passes again. */
  accept() {
    this.#refuses = false;
  }

  /** @param {import('node:net').Socket} client */
  #join(client) {
    if (this.#refuses) return client.destroy();
    const server = connect(this.port, '127.0.0.1');
    client.setNoDelay(true);
    server.setNoDelay(true);
    this.#tie(client, server);
    this.#tie(server, client);
  }

  /**
   * @param {import('node:net').Socket} from
   * @param {import('node:net').Socket} to
   */
  #tie(from, to) {
    this.#open.add(from);
    from.on('error', () => {});
    from.on('close', () => {
      this.#open.delete(from);
      to.destroy();
    });
    from.pipe(to);
  }
}
