// Settings: what this service was told when it started, as facts.

import { make } from '../../shared/page/dom.js';
import { ageText } from '../../shared/moments.js';
import { sizeMark } from '../../shared/page/marks.js';
import { factList } from '../elements/parts.js';
import { settings as words } from '../words.js';

/** @type {import('../visit.js').Show} */
export async function settings({ api, signal }) {
  const facts = await api.settings({ signal });
  return { content: [make('p', { class: 'soft' }, words.about), factList(rows(facts)), make('p', {}, make('a', { href: '/api/docs' }, words.docs))] };
}

/**
 * @param {import('../wire.js').Settings} facts
 * @returns {[string, string | Node][]}
 */
function rows({ limits, ...facts }) {
  const { facts: titles } = words;
  return [
    [titles.version, facts.version],
    [titles.environment, words.environments[facts.environment] ?? facts.environment],
    [titles.storage, code(facts.storage)],
    [titles.door, facts.door ? words.door : words.noDoor],
    [titles.origins, facts.origins.join(', ') || words.noOrigins],
    [titles.publicUrl, facts.public_url ?? words.fromRequest],
    [titles.size, sizeMark(limits.max_transfer_bytes)],
    [titles.longest, ageText(limits.max_age_s)],
    [titles.usual, ageText(limits.default_age_s)],
    [titles.keyName, code(facts.admin_key_name)],
    [titles.keys, code(facts.admin_keys.join(', '))],
  ];
}

/** @param {string} text */
const code = (text) => make('code', { dir: 'ltr' }, text);
