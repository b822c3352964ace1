// What the other side knows of a transfer, asked past the pages: by the link, and by the owner's token as it went over the wire.

import { createHash } from 'node:crypto';

import { SendApi } from '../../../ui/shared/api.js';
import { linkKeys, readKeys } from '../../../ui/shared/format/keys.js';
import { parseLink } from '../../../ui/shared/format/link.js';

/** A part on its way, with the id of its transfer and the owner's token. */
const PART = /PUT \/api\/v1\/sends\/([0-9a-f]{32})\/parts\/[\s\S]*?\r\nx-send-token: ([\w-]{43})\r\n/gi;

/**
 * Where a transfer stands.
 * @param {string} server
 * @param {string} link
 */
export async function stateOf(server, link) {
  const { secret } = await parseLink(link.split('#')[1] ?? '');
  const { id, linkToken } = await linkKeys(secret);
  return new SendApi({ base: server }).state(id, linkToken);
}

/** @param {string} link */
export async function idOf(link) {
  const { secret } = await parseLink(link.split('#')[1] ?? '');
  return (await linkKeys(secret)).id;
}

/**
 * What a recipient without a passphrase tells whoever runs the server.
 * @param {string} server
 * @param {string} link
 * @param {string} reason
 */
export async function report(server, link, reason) {
  const { secret } = await parseLink(link.split('#')[1] ?? '');
  const { id, idBytes, linkToken } = await linkKeys(secret);
  const { readToken } = await readKeys(secret, idBytes);
  const body = JSON.stringify({ reason });
  const headers = { ...described(body), 'x-send-token': Buffer.concat([linkToken, readToken]).toString('base64url') };
  const answer = await fetch(`${server}/api/v1/sends/${id}/report`, { method: 'POST', headers, body });
  if (answer.status !== 202) throw new Error(`the report was answered ${answer.status}: ${await answer.text()}`);
}

/** The owner of a transfer, as the server knows it. */
export class Owner {
  /**
   * @param {string} server
   * @param {string} id
   * @param {string} token base64url
   */
  constructor(server, id, token) {
    this.server = server;
    this.id = id;
    this.token = token;
  }

  /**
   * The owner of the transfer whose parts went over the wire last.
   * @param {string} server
   * @param {readonly Buffer[]} sent
   */
  static heard(server, sent) {
    const heads = sent.flatMap((bytes) => [...bytes.toString('latin1').matchAll(PART)]);
    const last = heads.at(-1);
    if (!last) throw new Error('no part went over the wire');
    return new Owner(server, last[1], last[2]);
  }

  delete() {
    return this.#ask('DELETE');
  }

  /** @param {number} seconds from now */
  expireIn(seconds) {
    return this.#ask('PATCH', JSON.stringify({ expires_in: seconds }));
  }

  /** The status that the owner is answered with. */
  async status() {
    return (await this.#request('GET')).status;
  }

  /**
   * @param {string} method
   * @param {string} [body]
   */
  async #ask(method, body) {
    const response = await this.#request(method, body);
    if (!response.ok) throw new Error(`the owner's ${method} was answered ${response.status}: ${await response.text()}`);
  }

  /**
   * @param {string} method
   * @param {string} [body]
   */
  async #request(method, body) {
    const headers = { ...described(body), 'x-send-token': this.token };
    return fetch(`${this.server}/api/v1/sends/${this.id}`, { method, headers, body });
  }
}

/**
 * The headers of every body.
 * @param {string} [body]
 */
const described = (body = '') => ({ 'content-type': 'application/json', 'x-amz-content-sha256': createHash('sha256').update(body).digest('hex') });
