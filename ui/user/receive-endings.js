// The endings of receiving, one for every kind of error.

import { endingOf } from './endings.js';

/** @typedef {import('./endings.js').Ending} Ending */
/** @typedef {import('./endings.js').Kind} Kind */
/** @typedef {import('./endings.js').CommonKind} CommonKind */

/** @type {Record<Exclude<Kind, CommonKind>, Ending>} */
export const RECEIVING = {
  damaged_link: { title: 'This link is incomplete.', text: 'Ask for it again, and copy the whole of it.' },
  newer_version: { title: 'This link is newer than this page.', text: 'It was made by a newer version of SGraph Send. Nothing is lost: ask whoever runs this place to update it.' },
  not_found: { title: 'There is nothing behind this link.', text: 'It never was here, or it is long gone. Check that the link is from this place, and ask the sender.' },
  pending: { title: 'This is still being sent.', text: 'The sender has not finished yet. Try again in a while.', again: true },
  expired: { title: 'This link has expired.', text: 'The files were removed when its time was over. Ask the sender to send them again.' },
  exhausted: { title: 'This link is used up.', text: 'It has been downloaded as often as the sender allowed. If that was not you, tell the sender.' },
  deleted: { title: 'The sender deleted this.', text: 'Nothing can be downloaded any more. Ask the sender if you still need it.' },
  taken_down: { title: 'This was taken down.', text: 'Whoever runs this place removed it. Nothing can be downloaded any more.' },
  wrong_passphrase: { title: 'That is not the passphrase.', text: 'That is not the passphrase. Check capitals and spaces, or ask the sender. Up to 100 wrong tries a day are answered.' },
  too_many_guesses: { title: 'Too many wrong passphrases today.', text: 'No more are tried until tomorrow, not even the right one. Nothing is lost.' },
  bad_passphrase: { title: 'That cannot be the passphrase.', text: 'A passphrase has at least one character and at most 1,024 bytes.' },
  bad_phrase: { title: 'This phrase is incomplete.', text: 'A phrase has five to ten words. Ask for it again.' },
  wrong_key: { title: 'What the server sent does not belong to this link.', text: 'It was sealed with another key, or altered. Nothing was saved. Tell the sender.', again: true, grave: true },
  corrupted: { title: 'What the server sent is not what was sent.', text: 'It was altered on the way. Nothing was saved as complete, and nothing was deleted: you can try again.', again: true, grave: true },
  incomplete: { title: 'What the server sent ends too early.', text: 'A part is missing. Nothing was saved as complete, and nothing was deleted: you can try again.', again: true, grave: true },
  invalid_manifest: { title: 'The list of files is not valid.', text: 'Whatever made this transfer broke the rules of the format, so it was not opened. Tell the sender.' },
  content_changed: { title: 'A file changed.', text: 'Nothing was saved. Try again.', again: true },
  network: { title: 'The server cannot be reached.', text: 'Nothing was lost. Check your connection, then try again.', again: true },
  too_large: { title: 'This is larger than can be received here.', text: 'Nothing was downloaded. Ask the sender to split it.' },
  storage_full: { title: 'The server has no room left.', text: 'Tell whoever runs this place, then try again.', again: true },
  unauthorized: { title: 'The server does not let this through.', text: 'Tell whoever runs this place.', again: true },
  conflict: { title: 'The server has something else under this link.', text: 'Nothing was saved. Tell the sender.' },
  server: { title: 'The server failed.', text: 'Nothing was lost. Try again in a while; if it stays, tell whoever runs this place.', again: true },
  unsupported: { title: 'This browser cannot save as it receives.', text: 'It needs service workers, which private windows of some browsers switch off. Open the link in an ordinary window, or in another browser.' },
  blocked: { title: 'The browser did not take the download.', text: 'Allow downloads from this place, then try again. It does not count twice.', again: true },
  disk: { title: 'The file could not be written.', text: 'The disk may be full, or the folder closed to you. Try again with another place; it does not count twice.', again: true },
};

/** Why whoever runs the place took something down. @type {Readonly<Record<string, string>>} */
const WHY = {
  abuse: 'it harms somebody',
  malware: 'it holds harmful software',
  copyright: 'it was not its sender\'s to give',
  illegal: 'the law forbids it',
  privacy: 'it tells of somebody what is not to be told',
};

/**
 * The ending for an error.
 * @param {unknown} error
 * @returns {Ending}
 */
export function receivingEnding(error) {
  const ending = endingOf(error, RECEIVING);
  const why = error instanceof Error && 'reason' in error ? WHY[String(error.reason)] : undefined;
  return why ? { ...ending, text: `Whoever runs this place removed it, because ${why}. Nothing can be downloaded any more.` } : ending;
}
