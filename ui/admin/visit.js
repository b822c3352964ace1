// What a place is given when somebody comes to it.

/** @typedef {import('../shared/page/ending-note.js').Note} Note */
/** @typedef {import('./routes.js').Place} Place */
/** @typedef {import('./routes.js').View} View */

/**
 * @typedef {object} Visit
 * @property {import('./api.js').AdminApi} api
 * @property {View} view
 * @property {AbortSignal} signal aborted when the place is left
 * @property {(view: View) => void} look looks at something else of this place; the way back is kept
 * @property {(place: Place, view?: Partial<View>, note?: Note) => void} visit goes to a place
 * @property {(note?: Note) => void} again shows the same anew, as after a change, with what happened
 * @property {(note: Note | null) => void} say
 * @property {() => void} recount something about the open reports has changed
 */

/**
 * What a place shows. `title` where it is not the place's name; `acts` stand beside the title.
 * @typedef {{title?: string, acts?: Node[], content: Node[]}} Shown
 */

/** @typedef {(visit: Visit) => Promise<Shown>} Show */

export {};
