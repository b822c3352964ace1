import { make, tell } from '../../shared/page/dom.js';
import { hashOf, PLACES } from '../routes.js';
import { frame, places as titles } from '../words.js';

/** @typedef {import('../routes.js').Place} Place */

/**
 * `<place-nav>`: the six places, as links.
 *
 * Properties: `current`, `open` (how many reports are open). Events: `visit` with the place.
 */
export class PlaceNav extends HTMLElement {
  #links = new Map(PLACES.map((place) => [place, make('a', { href: hashOf(place) }, titles[place])]));
  #open = make('span', { class: 'open' });

  connectedCallback() {
    this.#links.get('reports')?.append(' ', this.#open);
    const lines = [...this.#links.values()].map((link) => make('li', {}, link));
    this.replaceChildren(make('nav', { 'aria-label': frame.navigation }, make('ul', {}, ...lines)));
    for (const [place, link] of this.#links) link.addEventListener('click', (event) => this.#clicked(event, place));
  }

  /** @param {Place} current */
  set current(current) {
    for (const [place, link] of this.#links) {
      if (place === current) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
  }

  /** @param {{count: number, more: boolean}} open `more`: there may be others */
  set open({ count, more }) {
    const word = make('span', { class: 'word' }, ` ${frame.open}`);
    this.#open.replaceChildren(...(count === 0 && !more ? [] : [`${count}${more ? '+' : ''}`, word]));
  }

  /**
   * In another tab the browser goes by itself; here the place is shown from its beginning, also when it is the one that is shown.
   * @param {MouseEvent} event
   * @param {Place} place
   */
  #clicked(event, place) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    tell(this, 'visit', place);
  }
}

customElements.define('place-nav', PlaceNav);
