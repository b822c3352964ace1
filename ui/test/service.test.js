import assert from 'node:assert/strict';
import { openAsBlob } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { SendApi } from '../shared/api.js';
import { linkKeys } from '../shared/format/keys.js';
import { parseLink } from '../shared/format/link.js';
import { MapStore } from './map-store.js';
import { brokenFetch, bytesOf, onProgress, receivingOf, sendingOf, service, sha256, someFile } from './service.js';
import { readZip } from './zip-reader.js';

/** One part, two, three. */
const SIZES = [0, 1, 4_128_768, 4_128_769, 9_000_000];

for (const size of SIZES) {
  for (const passphrase of ['', 'correct horse']) {
    test(`${size} bytes come back as they were sent${passphrase ? ', with a passphrase' : ''}`, async (t) => {
      const base = await service(t);
      const file = someFile('ünï ✓.bin', size);
      const sent = await sendingOf(t, base, { files: [file], passphrase, downloads: 1 }).start();
      const receiving = await receivingOf(t, base, sent.link);
      assert.equal(receiving.needsPassphrase, passphrase !== '');
      const manifest = await receiving.unlock(passphrase);
      assert.equal(manifest.size, size);
      const { name, size: told, stream } = receiving.all();
      assert.deepEqual([name, told], ['ünï ✓.bin', size]);
      assert.equal(await sha256(await bytesOf(stream)), await sha256(file));
    });
  }
}

test('what the server stored is told from its own answers', async (t) => {
  const base = await service(t);
  const sent = await sendingOf(t, base, { files: [someFile('a', 5_000_000)], downloads: 3, expiresIn: 60 }).start();
  const { createdAt, ...facts } = sent.facts;
  assert.deepEqual(facts, {
    storedSize: 5_116_872, manifestSize: 1096, expiresAt: createdAt + 60_000, downloads: 3, partCount: 2, partSize: 4_198_400,
    transport: 'service',
  });
  const receiving = await receivingOf(t, base, sent.link);
  assert.deepEqual(await receiving.state(), {
    state: 'completed', size: 5_116_872, createdAt, expiresAt: createdAt + 60_000, downloads: 3, downloadsLeft: 3,
  });
});

test('a link names the origin that it was told to', async (t) => {
  const base = await service(t);
  const sent = await sendingOf(t, base, { linkBase: 'https://send.example' }).start();
  assert.ok(sent.link.startsWith('https://send.example/d#'), sent.link.split('#')[0]);
  await (await receivingOf(t, base, sent.link)).state();
});

test('several files come as one ZIP, and each alone', async (t) => {
  const base = await service(t);
  const files = [someFile('a/b.txt', 3_000_000, 1), someFile('empty', 0), someFile('con.txt', 6_000_000, 2), someFile('A/B.TXT', 10, 3)];
  const sent = await sendingOf(t, base, { files }).start();
  const receiving = await receivingOf(t, base, sent.link);
  const manifest = await receiving.unlock();
  assert.deepEqual(manifest.files.map((file) => file.name), ['a/b.txt', 'empty', 'con.txt', 'A/B (2).TXT']);
  const { type, size, stream } = receiving.all();
  const zip = await bytesOf(stream);
  assert.deepEqual([type, size], ['application/zip', zip.length]);
  const entries = readZip(zip);
  assert.deepEqual(entries.map((entry) => entry.name), ['a/b.txt', 'empty', 'con_.txt', 'A/B (2).TXT']);
  for (const [i, file] of files.entries()) {
    assert.equal(await sha256(entries[i].bytes), await sha256(file));
    assert.equal(await sha256(await bytesOf(receiving.file(i).stream)), await sha256(file));
  }
});

test('a file in the middle is fetched by the parts that hold it, and the header', async (t) => {
  const base = await service(t);
  const files = [someFile('first', 9_000_000, 1), someFile('second', 100, 2), someFile('third', 9_000_000, 3)];
  const sent = await sendingOf(t, base, { files }).start();
  const { fetch, calls } = brokenFetch(() => null);
  const receiving = await receivingOf(t, base, sent.link, { fetch });
  await receiving.unlock();
  assert.equal(await sha256(await bytesOf(receiving.file(1).stream)), await sha256(files[1]));
  assert.deepEqual(calls.filter(({ path }) => path.includes('/parts/')).map(({ path }) => path.split('/').at(-1)), ['0', '2']);
});

test('looking at a transfer takes no download, and reading its first byte takes one', async (t) => {
  const base = await service(t);
  const sent = await sendingOf(t, base, { downloads: 2 }).start();
  const receiving = await receivingOf(t, base, sent.link);
  await receiving.unlock();
  const { stream } = receiving.all();
  assert.equal((await receiving.state()).downloadsLeft, 2);
  assert.equal(await receiving.begun(), false);
  await bytesOf(stream);
  assert.equal((await receiving.state()).downloadsLeft, 1);
  assert.equal(await receiving.begun(), true);
});

test('the same download can be tried again, by another page of the tab too, until it is finished', async (t) => {
  const base = await service(t);
  const file = someFile('a', 100_000);
  const sent = await sendingOf(t, base, { files: [file], downloads: 1 }).start();
  const store = new MapStore();
  for (let page = 0; page < 3; page++) {
    const receiving = await receivingOf(t, base, sent.link, { store });
    await receiving.unlock();
    assert.equal(await sha256(await bytesOf(receiving.all().stream)), await sha256(file));
    assert.equal((await receiving.state()).downloadsLeft, 0);
    if (page === 2) await receiving.finish();
  }
  const late = await receivingOf(t, base, sent.link, { store });
  assert.equal(await late.begun(), false);
  await assert.rejects(late.state(), { kind: 'exhausted' });
});

test('a claim whose answer was lost is asked again and counted once', async (t) => {
  const base = await service(t);
  const sent = await sendingOf(t, base, { downloads: 2 }).start();
  let lost = 0;
  const { fetch } = brokenFetch(({ path }) => (path.endsWith('/claims') && lost++ < 3 ? 'after' : null));
  const receiving = await receivingOf(t, base, sent.link, { fetch });
  await receiving.unlock();
  await receiving.open();
  assert.equal(lost, 4);
  assert.equal((await receiving.state()).downloadsLeft, 1);
});

test('each way to be refused has a kind of its own', async (t) => {
  const base = await service(t);
  const api = new SendApi({ base });
  const once = await sendingOf(t, base, { downloads: 1 }).start();
  const first = await receivingOf(t, base, once.link);
  await first.unlock();
  await first.open();
  const second = await receivingOf(t, base, once.link);
  await second.unlock();
  await assert.rejects(second.open(), { kind: 'exhausted' });

  const locked = await receivingOf(t, base, (await sendingOf(t, base, { passphrase: 'right' }).start()).link);
  await assert.rejects(locked.unlock('wrong'), { kind: 'wrong_passphrase' });
  await locked.unlock('right');

  const deleting = sendingOf(t, base);
  const deleted = await deleting.start();
  const { ownerToken } = deleting.ticket;
  await api.delete(deleted.id, Buffer.from(ownerToken, 'base64url'));
  await assert.rejects((await receivingOf(t, base, deleted.link)).state(), { kind: 'deleted' });

  const short = await receivingOf(t, base, (await sendingOf(t, base, { expiresIn: 1 }).start()).link);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  await assert.rejects(short.state(), { kind: 'expired' });

  const unknown = 'AQAAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eH2RC6-I';
  await assert.rejects((await receivingOf(t, base, unknown)).state(), { kind: 'not_found' });
  await assert.rejects(parseLink(unknown.slice(1)), { kind: 'damaged_link' });
  await assert.rejects(sendingOf(t, base, { expiresIn: 10 ** 9 }).start(), { kind: 'refused', status: 400 });
});

test('cancelling an upload removes what was sent', async (t) => {
  const base = await service(t);
  const sending = sendingOf(t, base, { files: [someFile('a', 20_000_000)] });
  const ended = assert.rejects(sending.start(), { name: 'AbortError' });
  await new Promise((resolve) => onProgress(sending, ({ sent = 0 }) => sent > 0 && resolve(null)));
  await sending.cancel();
  await ended;
  const { secret, ownerToken } = sending.ticket;
  const { id } = await linkKeys(new Uint8Array(Buffer.from(secret, 'base64url')));
  await assert.rejects(new SendApi({ base }).state(id, Buffer.from(ownerToken, 'base64url')), { kind: 'deleted' });
});

test('a file that changes while it is sent is named, and nothing of it stays', async (t) => {
  const base = await service(t);
  const folder = await mkdtemp(join(tmpdir(), 'send-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'report.pdf');
  await writeFile(path, 'before');
  const files = [Object.assign(await openAsBlob(path), { name: 'report.pdf' })];
  await writeFile(path, 'and after');
  const { fetch, calls } = brokenFetch(() => null);
  await assert.rejects(sendingOf(t, base, { files, fetch }).start(), { kind: 'content_changed', message: /report\.pdf/ });
  assert.equal(calls.at(-1)?.method, 'DELETE');
});
