import { make } from '../../shared/page/dom.js';
import { table as words } from '../words.js';
import { button } from './parts.js';

/**
 * To the page before and after. Nothing where there is one page only.
 * @param {import('../visit.js').Visit} visit
 * @param {string | number | null} next where the page after this one goes on
 */
export function pageTurns({ view, look }, next) {
  const { pages } = view;
  if (pages.length === 0 && next === null) return make('div', { hidden: true });
  const before = button(words.previous, () => look({ ...view, pages: pages.slice(0, -1) }));
  const after = button(words.next, () => look({ ...view, pages: [...pages, String(next)] }));
  before.disabled = pages.length === 0;
  after.disabled = next === null;
  return make('nav', { class: 'actions', 'aria-label': words.pages }, before, after);
}

/**
 * Where this page goes on.
 * @param {import('../routes.js').View} view
 */
export const cursor = ({ pages }) => pages.at(-1);
