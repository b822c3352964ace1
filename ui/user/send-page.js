// The page that sends: wires the elements to the engine. Four states: empty, chosen, sending, sent.

import { tidyNames } from '../shared/format/names.js';
import { bytesText } from '../shared/measure.js';
import { find, make } from '../shared/page/dom.js';
import { EndingNote } from '../shared/page/ending-note.js';
import { FileList } from './elements/file-list.js';
import { FilePicker } from './elements/file-picker.js';
import { LinkCard } from './elements/link-card.js';
import { PageColophon } from './elements/page-colophon.js';
import { SendSettings } from './elements/send-settings.js';
import { ServerKnows } from './elements/server-knows.js';
import { TransferProgress } from './elements/transfer-progress.js';
import { endingOf, isCancel, kindOf } from './endings.js';
import { factRows } from './facts.js';
import { ageText } from '../shared/moments.js';
import { momentMark } from '../shared/page/marks.js';
import { unmetNeed } from './needs.js';
import { detail, fill, filled, show } from './page.js';
import { ProgressLine } from './progress-line.js';
import { SENDING } from './send-endings.js';
import { serverInfo } from './server-info.js';
import { often, progress, send as words } from './words.js';

/** @typedef {import('./elements/send-settings.js').Settings} Settings */

class SendPage {
  #note = find('ending-note', EndingNote);
  #list = find('file-list', FileList);
  #picker = find('file-picker', FilePicker);
  #settings = find('send-settings', SendSettings);
  #progress = find('transfer-progress', TransferProgress);
  #link = find('link-card', LinkCard);
  #colophon = find('page-colophon', PageColophon);
  #send = find('#send', HTMLButtonElement);
  /** @type {File[]} */
  #files = [];
  /** Bytes that one transfer may hold here; what the format holds until the server has said. */
  #limit = Infinity;
  /**
   * The origin that links shall name, where the operator has set one.
   * @type {string | undefined}
   */
  #linkBase;
  /**
   * Ends what is being sent, while something is.
   * @type {AbortController | null}
   */
  #stop = null;

  async begin() {
    this.#send.textContent = words.send;
    fill('#more', words.more);
    const unmet = unmetNeed();
    if (unmet) {
      this.#picker.toggleAttribute('off', true);
      show('unmet', unmet.title);
      this.#note.note = { tone: 'bad', text: unmet.text };
      return;
    }
    this.#listen();
    this.#choose([]);
    await this.#ask();
  }

  #listen() {
    this.#picker.addEventListener('files', (event) => this.#picked(detail(event)));
    this.#list.addEventListener('remove', (event) => this.#remove(detail(event)));
    this.#progress.addEventListener('cancel', () => this.#stop?.abort());
    this.#colophon.addEventListener('wipe', () => this.#wipe());
    find('form', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      if (!this.#stop && this.#settings.check()) this.#start(this.#settings.value);
    });
    find('#more', HTMLButtonElement).addEventListener('click', () => this.#choose([]));
    window.addEventListener('beforeunload', (event) => {
      if (this.#stop) event.preventDefault();
    });
  }

  /** Asks the server what it allows; until it answers, the usual limits stand. */
  async #ask() {
    try {
      const { limits, uploads, public_url } = await serverInfo();
      this.#linkBase = public_url;
      this.#limit = limits.max_transfer_bytes;
      this.#settings.limits = limits;
      this.#settings.needsToken = uploads === 'token';
      this.#weigh(total(this.#files));
      fill('#limits', words.limits(bytesText(limits.max_transfer_bytes), ageText(limits.max_age_s)));
    } catch (error) {
      const { title, text } = endingOf(error, SENDING);
      this.#note.note = { tone: 'warn', text: `${title} ${text}` };
    }
  }

  /** @param {import('./elements/file-picker.js').Picked} picked */
  #picked({ files, folders }) {
    if (this.#stop) return;
    this.#choose([...this.#files, ...files]);
    if (folders > 0) this.#note.note = { tone: 'warn', text: words.folders };
  }

  /** @param {number} index */
  #remove(index) {
    this.#choose(this.#files.filter((_, other) => other !== index));
    this.#list.focusLine(index);
  }

  /**
   * Shows these files as chosen, or the empty page.
   * @param {File[]} files
   */
  #choose(files) {
    this.#files = files;
    this.#link.link = '';
    const size = total(files);
    const names = tidyNames(files.map((file) => file.name));
    this.#list.files = files.map((file, index) => ({ name: names[index], size: file.size }));
    this.#picker.toggleAttribute('compact', files.length > 0);
    this.#picker.toggleAttribute('off', false);
    this.#weigh(size);
    if (files.length === 0) return show('empty', words.title);
    // On its way while the person looks at the settings. If it does not come, sending says so.
    engine().catch(() => {});
    show('chosen', words.chosen(files.length, bytesText(size)));
  }

  /**
   * Says when this is more than the server takes, and lets nothing be sent then.
   * @param {number} size bytes
   */
  #weigh(size) {
    const over = size > this.#limit;
    this.#send.disabled = over;
    this.#note.note = over ? { tone: 'bad', text: words.tooLarge(bytesText(size), bytesText(this.#limit)) } : null;
  }

  /** @param {Settings} settings */
  async #start(settings) {
    const stop = new AbortController();
    this.#stop = stop;
    this.#begun();
    try {
      this.#sent(await this.#upload(settings, stop.signal), settings);
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#stop = null;
      this.#colophon.toggleAttribute('busy', false);
    }
  }

  #begun() {
    this.#note.note = null;
    this.#picker.toggleAttribute('off', true);
    this.#colophon.toggleAttribute('busy', true);
    show('sending', words.sending(this.#files.length));
  }

  /**
   * @param {Settings} settings
   * @param {AbortSignal} signal
   */
  async #upload(settings, signal) {
    const line = new ProgressLine(this.#progress, progress.sending);
    const { CryptoPool, Journal, SendApi, Sending } = await engine();
    const journal = await Journal.open();
    signal.throwIfAborted();
    const pool = new CryptoPool();
    const api = new SendApi({ base: location.origin });
    const sending = new Sending({ api, files: this.#files, pool, journal, linkBase: this.#linkBase, ...settings });
    signal.addEventListener('abort', () => sending.cancel());
    sending.addEventListener('progress', (event) => {
      const { sent, total, waiting } = detail(event);
      line.update({ done: sent, total, waiting });
    });
    return sending.start().finally(() => {
      line.end();
      pool.close();
    });
  }

  /**
   * @param {import('../shared/sending.js').Sent} sent
   * @param {Settings} settings
   */
  #sent(sent, { passphrase }) {
    const { link, expiresAt, downloads } = sent;
    this.#link.link = link;
    find('server-knows', ServerKnows).facts = factRows(sent);
    fill('#terms',
      make('p', {}, ...filled(often.will(downloads, '\n'), momentMark(expiresAt))),
      make('p', { class: 'soft' }, passphrase === undefined ? words.keepSafe : words.keepSafeWithPassphrase));
    this.#settings.forgetPassphrase();
    this.#files = [];
    show('sent', words.sent);
  }

  /**
   * Back to the chosen files, with what happened.
   * @param {unknown} error
   */
  #failed(error) {
    this.#choose(this.#files);
    if (isCancel(error)) {
      this.#note.note = { tone: 'warn', text: words.cancelled };
      return;
    }
    const { title, text } = endingOf(error, SENDING);
    this.#note.note = { tone: 'bad', text: `${title} ${text}` };
    if (kindOf(error) === 'unauthorized') this.#settings.refuseToken(text);
  }

  async #wipe() {
    const { Journal } = await engine();
    await (await Journal.open()).clear();
    sessionStorage.clear();
    this.#colophon.wiped = true;
  }
}

/** The engine, from the server the first time. */
const engine = () => import('./send-engine.js');

/** @param {File[]} files */
const total = (files) => files.reduce((sum, { size }) => sum + size, 0);

await new SendPage().begin();
