// The page of the admins: a navigation of six words, and one place at a time.

import { find, make } from '../shared/page/dom.js';
import { EndingNote } from '../shared/page/ending-note.js';
import { TIME } from '../shared/page/marks.js';
import { AdminApi } from './api.js';
import { button } from './elements/parts.js';
import { PlaceNav } from './elements/place-nav.js';
import { SignIn } from './elements/sign-in.js';
import { failureText } from './failures.js';
import { audit } from './places/audit.js';
import { overview } from './places/overview.js';
import { reports } from './places/reports.js';
import { settings } from './places/settings.js';
import { tokens } from './places/tokens.js';
import { transfers } from './places/transfers.js';
import { countOpen } from './report-walk.js';
import { hashOf, placeOf, viewOf, WHOLE } from './routes.js';
import { Session } from './session.js';
import { frame, place as name, places as titles } from './words.js';

/** @typedef {import('./routes.js').Place} Place */
/** @typedef {import('./routes.js').View} View */
/** @typedef {import('./visit.js').Note} Note */

/** @type {Record<Place, import('./visit.js').Show>} */
const SHOWS = { overview, tokens, transfers, reports, audit, settings };

class AdminPage {
  #main = find('main', HTMLElement);
  #heading = find('h1', HTMLHeadingElement);
  #acts = find('#acts', HTMLElement);
  #room = find('#room', HTMLElement);
  #note = find('main ending-note', EndingNote);
  #nav = find('place-nav', PlaceNav);
  #api = new AdminApi({ base: location.origin, admit: (asked) => this.#session.admit(asked) });
  #session = new Session(() => this.#api, find('sign-in', SignIn));
  #leaving = new AbortController();

  async begin() {
    this.#main.dataset.state = 'starting';
    this.#session.addEventListener('change', () => this.#showSession());
    this.#nav.addEventListener('visit', (event) => this.#visit(/** @type {CustomEvent} */ (event).detail));
    window.addEventListener('popstate', () => this.#arrive());
    try {
      await this.#session.begin();
    } catch (error) {
      this.#main.dataset.state = 'failed';
      this.#note.note = { tone: 'bad', text: failureText(error) };
      return;
    }
    this.#recount();
    await this.#arrive();
  }

  /**
   * @param {Place} place
   * @param {Partial<View>} [view]
   * @param {Note} [note]
   */
  async #visit(place, view = {}, note) {
    history.pushState({ ...WHOLE, ...view }, '', hashOf(place));
    this.#recount();
    await this.#arrive(note);
    window.scrollTo(0, 0);
  }

  /**
   * Shows what the address and the history say. What was shown stays until it is there.
   * @param {Note} [note]
   */
  async #arrive(note) {
    const leaving = this.#leave();
    const place = placeOf(location.hash);
    this.#nav.current = place;
    this.#main.ariaBusy = 'true';
    try {
      const shown = await SHOWS[place](this.#given(place, leaving.signal));
      if (!leaving.signal.aborted) this.#show(place, shown, note);
    } catch (error) {
      if (!leaving.signal.aborted) this.#failed(place, error);
    }
  }

  #leave() {
    this.#leaving.abort();
    this.#leaving = new AbortController();
    return this.#leaving;
  }

  /**
   * @param {Place} place
   * @param {AbortSignal} signal
   * @returns {import('./visit.js').Visit}
   */
  #given(place, signal) {
    return {
      api: this.#api, signal, view: viewOf(history.state),
      look: (view) => this.#visit(place, view),
      visit: (...where) => this.#visit(...where),
      again: (note) => this.#arrive(note),
      say: (note) => { this.#note.note = note; },
      recount: () => this.#recount(),
    };
  }

  /**
   * @param {Place} place
   * @param {import('./visit.js').Shown} shown
   * @param {Note} [note]
   */
  #show(place, { title = titles[place], acts = [], content }, note) {
    const held = document.activeElement;
    this.#main.dataset.state = place;
    this.#main.ariaBusy = null;
    // Not what is looked at: browsers keep the titles of pages, too.
    document.title = `${titles[place]} · ${name}`;
    this.#heading.textContent = title;
    this.#acts.replaceChildren(...acts);
    this.#room.replaceChildren(...content);
    this.#note.note = note ?? null;
    // What had the focus may be gone: the heading takes it, so that the way through the page goes on from here.
    if (held && !held.isConnected) this.#heading.focus();
  }

  /**
   * @param {Place} place
   * @param {unknown} error
   */
  #failed(place, error) {
    this.#show(place, { content: [make('div', { class: 'actions' }, button(frame.again, () => this.#arrive()))] });
    this.#note.note = { tone: 'bad', text: failureText(error) };
  }

  #showSession() {
    const { facts } = this.#session;
    if (!facts) return;
    const until = facts.expires_at === null ? '' : TIME.format(facts.expires_at);
    const who = make('p', { class: 'soft small' }, frame.session(facts.key, until));
    find('#session', HTMLElement).replaceChildren(who, button(frame.signOut, () => this.#signOut(), 'quiet'));
  }

  async #signOut() {
    try {
      await this.#api.signOut();
      // Whatever the page held goes with it.
      location.reload();
    } catch (error) {
      this.#note.note = { tone: 'bad', text: failureText(error) };
    }
  }

  /** Counts the open reports. Where that fails, the place itself says so when somebody comes to it. */
  #recount() {
    countOpen(this.#api).then(
      (open) => { this.#nav.open = open; },
      () => { this.#nav.open = { count: 0, more: false }; });
  }
}

await new AdminPage().begin();
