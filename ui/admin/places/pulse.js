// The last minutes, asked for again as long as somebody looks.

import { make } from '../../shared/page/dom.js';
import { number, overview as words } from '../words.js';

const MINUTES = 5;
const EVERY = 15_000;

/**
 * Three figures that keep up.
 * @param {import('../visit.js').Visit} visit
 */
export async function pulseFigures({ api, signal }) {
  const figures = make('dl', { class: 'figures-row' });
  const show = (/** @type {import('../wire.js').Pulse} */ pulse) => figures.replaceChildren(
    figure(pulse.active_requests, words.requests(pulse.active_requests)),
    figure(pulse.active_visitors, words.visitors(pulse.active_visitors)),
    figure(pulse.active_transfers, words.transfers(pulse.active_transfers)));
  show(await api.pulse(MINUTES, { signal }));
  const timer = setInterval(() => {
    // A failure shows when something is asked for; the last figures stay meanwhile.
    if (document.visibilityState === 'visible') api.pulse(MINUTES, { signal }).then(show, () => {});
  }, EVERY);
  signal.addEventListener('abort', () => clearInterval(timer));
  return figures;
}

/**
 * @param {number} count
 * @param {string} name
 */
const figure = (count, name) => make('div', {}, make('dd', {}, number(count)), make('dt', {}, name));
