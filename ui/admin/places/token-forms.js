// Making a token, and changing its limits.

import { ApiError } from '../../shared/errors.js';
import { make } from '../../shared/page/dom.js';
import { ageText } from '../../shared/moments.js';
import { bytesOf, countOf, inUnits, UNITS } from '../amounts.js';
import { ask, opened, Unfilled } from '../elements/ask.js';
import { button, choice, copyLine, labelled } from '../elements/parts.js';
import { tokens as words } from '../words.js';

/**
 * @typedef {import('../visit.js').Visit} Visit
 * @typedef {import('../wire.js').Token} Token
 * @typedef {import('../wire.js').Limits} Limits
 */

const { form } = words;
const DAY = 86_400;
const AGES = [DAY, 7 * DAY, 30 * DAY];
const USUAL_TRANSFERS = 50;
/** As the service takes them. */
const NAME = /^(?!sgs_)[A-Za-z0-9_.-]{1,128}$/;

/** The fields of the limits, which making and changing share. */
class LimitFields {
  #transfers;
  #amount;
  #unit;
  #age;
  #transfersHint = make('p', { class: 'hint', 'aria-live': 'polite' }, form.limitHint);
  #bytesHint = make('p', { class: 'hint', 'aria-live': 'polite' }, form.limitHint);

  /** @param {Limits} limits */
  constructor({ usage_limit: transfers, bytes_limit: bytes = 0, max_age_s: age = 0 }) {
    const { amount, unit } = inUnits(bytes);
    this.#transfers = make('input', { inputmode: 'numeric', autocomplete: 'off', value: transfers || '' });
    this.#amount = make('input', { inputmode: 'decimal', autocomplete: 'off', value: amount || '' });
    this.#unit = choice(Object.keys(UNITS).map((name) => [name, name]), unit);
    this.#unit.setAttribute('aria-label', form.unit);
    const ages = [...new Set([...AGES, ...(age ? [age] : [])])].sort((one, other) => one - other);
    this.#age = choice([[0, words.ownAge], ...ages.map((seconds) => /** @type {[number, string]} */ ([seconds, ageText(seconds)]))], age);
  }

  get nodes() {
    const bytes = labelled(form.bytes, this.#amount, this.#bytesHint);
    const beside = make('div', { class: 'amount' });
    this.#amount.replaceWith(beside);
    beside.append(this.#amount, this.#unit);
    return [labelled(form.transfers, this.#transfers, this.#transfersHint), bytes, labelled(form.age, this.#age)];
  }

  /** @returns {Required<Limits>} @throws {Unfilled} */
  get value() {
    const transfers = countOf(this.#transfers.value.trim());
    if (transfers === null) throw new Unfilled(this.#transfersHint, this.#transfers, form.countBad);
    const bytes = bytesOf(this.#amount.value.trim(), this.#unit.value);
    if (bytes === null) throw new Unfilled(this.#bytesHint, this.#amount, form.bytesBad);
    return { usage_limit: transfers, bytes_limit: bytes, max_age_s: Number(this.#age.value) };
  }
}

/**
 * Asks for a new token, makes it, and shows its secret once.
 * @param {Visit} visit
 */
export async function askToken({ api, again }) {
  const name = make('input', { autocomplete: 'off', spellcheck: 'false', autocapitalize: 'off', maxlength: 128, autofocus: true });
  const nameHint = make('p', { class: 'hint', 'aria-live': 'polite' }, form.nameHint);
  const secret = make('input', { type: 'checkbox', role: 'switch', checked: true });
  const limits = new LimitFields({ usage_limit: USUAL_TRANSFERS });
  /** @type {{token_name: string, secret?: string} | undefined} */
  let made;
  const run = async () => {
    const token_name = name.value.trim();
    if (!NAME.test(token_name)) throw new Unfilled(nameHint, name, form.nameBad);
    const token = { token_name, secret: secret.checked, ...limits.value };
    made = await api.createToken(token).catch((error) => {
      throw error instanceof ApiError && error.kind === 'conflict' ? new Unfilled(nameHint, name, form.taken) : error;
    });
  };
  const fields = [labelled(form.name, name, nameHint), ...limits.nodes, withSwitch(secret)];
  await ask({ title: form.title, fields, act: form.act, run });
  if (!made) return;
  await showMade(made);
  again();
}

/** @param {HTMLInputElement} secret */
function withSwitch(secret) {
  const hint = make('p', { class: 'hint', id: 'secret-hint' }, form.secretHint);
  secret.setAttribute('aria-describedby', hint.id);
  return make('div', { class: 'field' }, make('label', { class: 'switch' }, secret, form.secret), hint);
}

/**
 * The one moment in which the secret is there. Only the button ends it: a key pressed by mistake must not.
 * @param {{token_name: string, secret?: string}} token
 */
function showMade({ token_name: name, secret }) {
  const done = button(words.made.done, () => dialog.close(), 'primary');
  const shown = secret
    ? [make('p', {}, words.made.once), copyLine(secret, words.made.secret)]
    : [make('p', {}, words.made.named), copyLine(name, form.name)];
  const dialog = make('dialog', { closedby: 'none', 'aria-labelledby': 'made-title' },
    make('div', { class: 'made' }, make('h2', { id: 'made-title' }, words.made.title(name)), ...shown, make('div', { class: 'actions' }, done)));
  dialog.addEventListener('cancel', (event) => event.preventDefault());
  return opened(dialog);
}

/**
 * @param {Visit} visit
 * @param {Token} token
 */
export async function askLimits({ api, again }, token) {
  const name = token.token_name;
  const limits = new LimitFields(token);
  const run = async () => api.changeLimits(name, limits.value);
  const done = await ask({ title: words.limitsTitle(name), fields: limits.nodes, act: words.limitsAct, run });
  if (done) again({ tone: 'good', text: words.limited(name) });
}
