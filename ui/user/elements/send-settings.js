import { ageText } from '../../shared/moments.js';
import { make } from '../../shared/page/dom.js';
import { downloadsText, send as words } from '../words.js';
import { PassphraseField } from './passphrase-field.js';

const DAY = 86_400;
const AGES = [DAY, 7 * DAY, 30 * DAY];
const DOWNLOADS = /** @type {const} */ ([1, 10, 0]);

/** What stands there until the server has said what it allows. */
const UNTIL_ASKED = { max_transfer_bytes: Infinity, max_age_s: 30 * DAY, default_age_s: 7 * DAY };

/**
 * What the server allows and proposes, in seconds and bytes, as `GET /api/info` says it.
 * @typedef {{max_transfer_bytes: number, max_age_s: number, default_age_s: number}} Limits
 */
/**
 * `expiresIn` in seconds; `downloads` 0 without limit; undefined for what was not asked.
 * @typedef {{expiresIn: number, downloads: number, passphrase: string | undefined, accessToken: string | undefined}} Settings
 */

/**
 * `<send-settings>`: how long, how often, and whether a passphrase is asked for; each a native control.
 *
 * Properties: `limits`, `needsToken`, `value` (read).
 */
export class SendSettings extends HTMLElement {
  #age = make('select', { name: 'age' });
  #downloads = make('select', { name: 'downloads' });
  #switch = make('input', { type: 'checkbox', role: 'switch', name: 'with-passphrase' });
  #passphrase = new PassphraseField();
  #token = make('input', { type: 'password', id: 'access-token', autocomplete: 'off', spellcheck: 'false', 'aria-describedby': 'token-hint' });
  #tokenHint = make('p', { class: 'hint', id: 'token-hint', 'aria-live': 'polite' }, words.tokenHint);
  #tokenField = make('div', { class: 'field' }, make('label', { for: 'access-token', class: 'small soft' }, words.token), this.#token, this.#tokenHint);

  constructor() {
    super();
    this.#switch.addEventListener('change', () => this.#switched());
    this.#passphrase.toggleAttribute('hints', true);
    this.#passphrase.hidden = true;
    this.#tokenField.hidden = true;
  }

  connectedCallback() {
    this.setAttribute('role', 'group');
    this.setAttribute('aria-label', words.settings);
    const row = make('div', { class: 'row' },
      make('label', {}, words.keepFor, this.#age),
      make('label', {}, words.often, this.#downloads),
      make('label', {}, words.passphrase, make('span', { class: 'switch' }, this.#switch, words.passphraseSwitch)),
    );
    this.replaceChildren(row, this.#passphrase, this.#tokenField);
    this.limits = UNTIL_ASKED;
    this.#downloads.replaceChildren(...DOWNLOADS.map((count) => make('option', { value: count }, downloadsText(count))));
  }

  /** @param {Limits} limits */
  set limits(limits) {
    const allowed = AGES.filter((age) => age <= limits.max_age_s);
    // What a place proposes, and the longest that it allows where that is less, are on the list too.
    const proposed = Math.min(limits.default_age_s, limits.max_age_s);
    const longest = Math.min(limits.max_age_s, Math.max(...AGES));
    const ages = [...new Set([...allowed, proposed, longest])].sort((one, other) => one - other);
    this.#age.replaceChildren(...ages.map((age) => make('option', { value: age, selected: age === proposed }, ageText(age))));
  }

  /** @param {boolean} needed */
  set needsToken(needed) {
    this.#tokenField.hidden = !needed;
  }

  /** @returns {Settings} */
  get value() {
    return {
      expiresIn: Number(this.#age.value),
      downloads: Number(this.#downloads.value),
      passphrase: this.#switch.checked ? this.#passphrase.value : undefined,
      accessToken: this.#tokenField.hidden ? undefined : this.#token.value.trim(),
    };
  }

  /** True when everything that is asked for is there; else the first field that lacks says so and has the focus. */
  check() {
    if (this.#switch.checked && this.#passphrase.value === '') {
      this.#passphrase.problem = words.passphraseEmpty;
      this.#passphrase.focus();
      return false;
    }
    if (!this.#tokenField.hidden && this.#token.value.trim() === '') {
      this.refuseToken(words.tokenEmpty);
      return false;
    }
    return !this.#passphrase.tooLong || !this.#switch.checked;
  }

  /**
   * Says under the token field why it does not do.
   * @param {string} sentence
   */
  refuseToken(sentence) {
    this.#tokenField.hidden = false;
    this.#tokenHint.textContent = sentence;
    this.#tokenHint.dataset.tone = 'bad';
    this.#token.focus();
  }

  /** Empties what is secret; how long and how often stay for the next one. */
  forgetPassphrase() {
    this.#switch.checked = false;
    this.#passphrase.value = '';
    this.#passphrase.hidden = true;
  }

  #switched() {
    this.#passphrase.hidden = !this.#switch.checked;
    if (this.#switch.checked) this.#passphrase.focus();
  }
}

customElements.define('send-settings', SendSettings);
