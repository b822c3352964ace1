// The page that receives: wires the elements to the engine. It asks for the state of the transfer, opens the list of
// files, and takes a download only when the person presses Download.
//
// States: arriving, link (a key has to be pasted), locked (a passphrase is needed), open, receiving, done, ended.

import { SendApi } from '../shared/api.js';
import { parseLink } from '../shared/format/link.js';
import { bytesText } from '../shared/measure.js';
import { CryptoPool } from '../shared/pool.js';
import { Receiving } from '../shared/receiving.js';
import { find } from '../shared/page/dom.js';
import { EndingNote } from '../shared/page/ending-note.js';
import { FileList } from './elements/file-list.js';
import { LinkEntry } from './elements/link-entry.js';
import { PageColophon } from './elements/page-colophon.js';
import { PassphraseField } from './elements/passphrase-field.js';
import { TransferProgress } from './elements/transfer-progress.js';
import { isCancel, kindOf } from './endings.js';
import { takeLink } from './kept-link.js';
import { momentMark } from '../shared/page/marks.js';
import { unmetNeed } from './needs.js';
import { detail, fill, filled, show } from './page.js';
import { RECEIVING, receivingEnding } from './receive-endings.js';
import { Saver } from './saver.js';
import { often, receive as words } from './words.js';

/** @typedef {import('./endings.js').Ending} Ending */
/** @typedef {import('../shared/receiving.js').Arriving} Arriving */

/** After these, the same download can be tried again from the list of files. */
const PASSING = ['network', 'server', 'busy', 'disk', 'blocked', 'unsupported'];
/** These are said at the passphrase field. */
const AT_PASSPHRASE = ['wrong_passphrase', 'too_many_guesses', 'bad_passphrase'];

class ReceivePage {
  #api = new SendApi({ base: location.origin });
  #pool = new CryptoPool();
  #note = find('ending-note', EndingNote);
  #list = find('file-list', FileList);
  #entry = find('link-entry', LinkEntry);
  #passphrase = find('passphrase-field', PassphraseField);
  #colophon = find('page-colophon', PageColophon);
  #again = find('#again', HTMLButtonElement);
  #open = find('#open', HTMLButtonElement);
  #saver = new Saver(find('transfer-progress', TransferProgress));
  /** @type {Receiving | null} */
  #receiving = null;
  /** @type {readonly {name: string}[]} */
  #files = [];
  /**
   * Files that are saved, by index.
   * @type {Set<number>}
   */
  #saved = new Set();

  begin() {
    window.addEventListener('hashchange', () => this.#arrive(takeLink()));
    window.addEventListener('beforeunload', (event) => {
      if (this.#saver.busy) event.preventDefault();
    });
    this.#entry.addEventListener('link', (event) => this.#pasted(detail(event)));
    this.#again.addEventListener('click', () => this.#arrive(takeLink()));
    find('#unlock', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      if (this.#receiving) this.#guess(this.#receiving);
    });
    find('#download', HTMLButtonElement).addEventListener('click', () => this.#downloadAll());
    this.#list.addEventListener('save', (event) => this.#downloadOne(detail(event)));
    this.#colophon.addEventListener('wipe', () => this.#wipe());
    return this.#arrive(takeLink());
  }

  /**
   * Opens a link, whatever was open before.
   * @param {string} text empty when there is none
   */
  async #arrive(text) {
    this.#leave();
    if (text === '') return show('link', words.linkTitle);
    show('arriving', words.arriving);
    try {
      const link = await parseLink(text);
      this.#receiving = new Receiving({ api: this.#api, link, pool: this.#pool, store: sessionStorage });
    } catch (error) {
      return this.#end(receivingEnding(error));
    }
    const receiving = this.#receiving;
    return this.#try(receiving, () => this.#look(receiving));
  }

  /** Puts away what belonged to another link. */
  #leave() {
    this.#saver.stop();
    this.#receiving?.cancel();
    this.#receiving = null;
    this.#saved.clear();
    this.#note.note = null;
    this.#passphrase.value = '';
    this.#entry.clear();
    fill('#about');
  }

  /**
   * A key that came another way than the address.
   * @param {string} text
   */
  async #pasted(text) {
    try {
      await parseLink(text);
    } catch (error) {
      const { title, text: advice } = receivingEnding(error);
      this.#entry.problem = `${title} ${advice}`;
      return;
    }
    await this.#arrive(text);
  }

  /**
   * Asks where the transfer stands, which counts nothing.
   * @param {Receiving} receiving
   */
  async #look(receiving) {
    const { size, expiresAt, downloadsLeft } = await receiving.state();
    const begun = await receiving.begun();
    if (receiving !== this.#receiving) return;
    if (downloadsLeft === 0 && !begun) return this.#end(RECEIVING.exhausted);
    fill('#about', ...filled(often.can(downloadsLeft, '\n'), momentMark(expiresAt)));
    fill('#counts', begun ? words.begun : words.counts);
    if (!receiving.needsPassphrase) return this.#unlock(receiving);
    show('locked', words.transfer(bytesText(size)));
    this.#passphrase.focus();
  }

  /**
   * Tries the passphrase that was typed. One that is wrong is said at the field.
   * @param {Receiving} receiving
   */
  async #guess(receiving) {
    this.#open.disabled = true;
    this.#open.textContent = words.opening;
    await this.#try(receiving, () => this.#unlock(receiving, this.#passphrase.value));
    this.#open.disabled = false;
    this.#open.textContent = words.open;
  }

  /**
   * Shows what is inside, which counts nothing either.
   * @param {Receiving} receiving
   * @param {string} [passphrase]
   */
  async #unlock(receiving, passphrase) {
    const { files, size } = await receiving.unlock(passphrase);
    if (receiving !== this.#receiving) return;
    this.#passphrase.value = '';
    this.#files = files;
    this.#list.setAttribute('act', files.length > 1 ? 'save' : 'none');
    this.#list.files = files;
    show('open', words.contents(files.length, bytesText(size)));
  }

  #downloadAll() {
    const receiving = this.#receiving;
    if (receiving) this.#download(receiving, receiving.all(), [...this.#files.keys()]);
  }

  /** @param {number} index */
  #downloadOne(index) {
    const receiving = this.#receiving;
    if (receiving && !this.#saver.busy) this.#download(receiving, receiving.file(index), [index]);
  }

  /**
   * @param {Receiving} receiving
   * @param {Arriving} arriving
   * @param {number[]} indices of the files in it
   */
  async #download(receiving, arriving, indices) {
    const before = document.querySelector('h1')?.textContent ?? '';
    this.#note.note = null;
    this.#colophon.toggleAttribute('busy', true);
    this.#list.toggleAttribute('quiet', true);
    const saving = this.#saver.run(receiving, arriving);
    show('receiving', words.receiving(indices.length));
    await this.#try(receiving, async () => {
      await saving;
      for (const index of indices) this.#keep(index);
      await this.#arrived(receiving, arriving.name);
    }, () => show('open', before));
    this.#colophon.toggleAttribute('busy', false);
    this.#list.toggleAttribute('quiet', false);
  }

  /** @param {number} index of a file that is on the disk */
  #keep(index) {
    this.#saved.add(index);
    this.#list.markSaved(index);
  }

  /**
   * Everything, or one file of several, is saved.
   * @param {Receiving} receiving
   * @param {string} name
   */
  async #arrived(receiving, name) {
    if (this.#saved.size < this.#files.length) {
      fill('#counts', words.begun);
      show('open', words.left(this.#files.length - this.#saved.size));
      this.#note.note = { tone: 'good', text: words.saved(name) };
      return;
    }
    await receiving.finish();
    show('done', words.done(this.#files.length));
    this.#note.note = { tone: 'good', text: words.doneNote };
  }

  /**
   * Does something for a link, and says how it failed unless another link was opened meanwhile.
   * @param {Receiving} receiving
   * @param {() => Promise<void>} act
   * @param {() => void} [back] to where the same can be tried again
   */
  async #try(receiving, act, back) {
    try {
      await act();
    } catch (error) {
      if (receiving !== this.#receiving) return;
      if (back && (isCancel(error) || PASSING.includes(kindOf(error)))) {
        back();
        await this.#interrupted(receiving, error);
      } else {
        this.#failed(receiving, error);
      }
    }
  }

  /**
   * The list is there again, and says whether a download was counted.
   * @param {Receiving} receiving
   * @param {unknown} error
   */
  async #interrupted(receiving, error) {
    const begun = await receiving.begun();
    const { title, text } = receivingEnding(error);
    fill('#counts', begun ? words.begun : words.counts);
    if (!isCancel(error)) this.#note.note = { tone: 'warn', text: `${title} ${text}` };
    else if (begun) this.#note.note = { tone: 'warn', text: words.cancelled };
  }

  /**
   * @param {Receiving} receiving
   * @param {unknown} error
   */
  #failed(receiving, error) {
    const ending = receivingEnding(error);
    if (AT_PASSPHRASE.includes(kindOf(error))) {
      this.#passphrase.problem = ending.text;
      this.#passphrase.focus();
      return;
    }
    // What can never be opened again has no reason to stay in this tab.
    if (!ending.again) receiving.forget();
    this.#end(ending);
  }

  /**
   * An end, in a sentence of its own.
   * @param {Ending} ending
   */
  #end({ title, text, again = false, grave = false }) {
    this.#again.hidden = !again;
    show('ended', title);
    this.#note.note = { tone: grave ? 'bad' : 'warn', text };
  }

  async #wipe() {
    await this.#receiving?.forget();
    sessionStorage.clear();
    await this.#arrive('');
    this.#colophon.wiped = true;
  }
}

fill('#own', words.ownSend);
fill('#again', words.again);
fill('#open', words.open);
fill('#locked', words.locked);
fill('#download', words.download);
const unmet = unmetNeed();
if (unmet) {
  show('unmet', unmet.title);
  find('ending-note', EndingNote).note = { tone: 'bad', text: unmet.text };
} else {
  await new ReceivePage().begin();
}
