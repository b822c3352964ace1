// Every sentence that a page shows, in one place, so that other languages can stand beside this one.
// A sentence is a string, or a function of what it tells. Sizes and times come in as words already.

import { counted, LANGUAGE, place } from '../shared/words.js';

export { LANGUAGE, place };

/** @param {number} count */
const files = (count) => counted(count, 'file', 'files');

export const colophon = {
  promise: 'Files are encrypted in this browser before they leave it. The key is in the link, which the server never sees.',
  kept: 'What this browser keeps',
  keptList: 'While you send: fingerprints of the encrypted parts. While you receive: the link and your claim, in this tab only. No cookies, nothing else.',
  wipe: 'Wipe it now',
  wiped: 'Wiped',
};

export const send = {
  title: 'Send files that only the recipient can read.',
  choose: 'Choose files',
  orDrop: 'or drop them anywhere on this page, or paste',
  addMore: 'Add more files',
  /** @param {string} size @param {string} time */
  limits: (size, time) => `Up to ${size} at a time. Kept for at most ${time}, then removed.`,
  /** @param {number} count @param {string} size */
  chosen: (count, size) => `${files(count)}, ${size}`,
  settings: 'Settings',
  keepFor: 'Keep for',
  often: 'May be downloaded',
  passphrase: 'Passphrase',
  passphraseSwitch: 'Ask for one',
  passphraseEmpty: 'Type a passphrase, or switch it off.',
  token: 'Access token',
  tokenHint: 'Sending from here needs one. Ask whoever runs this place.',
  tokenEmpty: 'An access token is needed to send from here.',
  send: 'Send',
  sending: (/** @type {number} */ count) => `Sending ${files(count)}`,
  sent: 'Your link is ready.',
  link: 'The link',
  copy: 'Copy link',
  more: 'Send more',
  keepSafe: 'Whoever has this link can read the files. Pass it on by a way you trust.',
  keepSafeWithPassphrase: 'The recipient needs this link and the passphrase. Pass them on by different ways.',
  cancelled: 'Cancelled. Nothing can be downloaded, and your files are still chosen.',
  folders: 'Folders cannot be sent yet. Choose the files in them.',
  /** @param {string} size @param {string} limit */
  tooLarge: (size, limit) => `That is ${size}; the limit here is ${limit}. Remove something first.`,
};

export const often = {
  /** @param {number} limit downloads in all, 0 without limit @param {string} until */
  will: (limit, until) => {
    if (limit === 0) return `Can be downloaded any number of times, until ${until}.`;
    return `Can be downloaded ${limit === 1 ? 'once' : `${limit} times`}, until ${until}.`;
  },
  /** @param {number | null} left null without limit @param {string} until */
  can: (left, until) => {
    if (left === null) return `It can be downloaded until ${until}.`;
    if (left === 0) return `No download is left for others; one that began can go on until ${until}.`;
    return `It can be downloaded ${left === 1 ? 'once' : `${left} times`} more, until ${until}.`;
  },
};

/** @param {number} count the limit, 0 for none */
export function downloadsText(count) {
  if (count === 0) return 'no limit';
  return count === 1 ? 'once' : `${count} times`;
}

export const server = {
  summary: 'What the server knows',
  fact: 'Fact',
  value: 'What the server holds',
  stored: 'Contents, encrypted and padded',
  list: 'List of files, encrypted and padded',
  parts: 'Parts',
  /** @param {number} count @param {string} size */
  partsOf: (count, size) => (count === 1 ? '1' : `${count.toLocaleString(LANGUAGE)} of ${size}`),
  sent: 'Sent',
  removed: 'Removed at the latest',
  limit: 'May be downloaded',
  id: 'Identifier',
  never: 'Never sent',
  neverList: 'Names, types, contents, exact size, the key, the passphrase',
};

export const fileList = {
  label: 'Files',
  remove: (/** @type {string} */ name) => `Remove ${name}`,
  saveShort: 'Save',
  saved: 'Saved',
  save: (/** @type {string} */ name) => `Save ${name}`,
};

export const passphrase = {
  label: 'Passphrase',
  show: 'Show',
  hide: 'Hide',
  empty: 'Four or five unrelated words are easy to say and hard to guess.',
  weak: 'Easy to guess. Make it longer: four or five unrelated words.',
  fair: 'Holds against guessing for a while. One more word helps.',
  strong: 'Hard to guess.',
  tooLong: 'Too long: 1,024 bytes at most.',
};

export const progress = {
  sending: 'Encrypting and uploading',
  receiving: 'Downloading and decrypting',
  preparing: 'Preparing',
  waiting: {
    network: 'Waiting for the network. This goes on by itself.',
    server: 'Waiting for the server. This goes on by itself.',
  },
  /** @param {string} done @param {string} total */
  of: (done, total) => `${done} of ${total}`,
  /** @param {string} size */
  speed: (size) => `${size}/s`,
  cancel: 'Cancel',
  stopping: 'Stopping',
};

export const receive = {
  arriving: 'Looking at the link',
  linkTitle: 'Paste the key of the link.',
  linkHelp: 'A link ends in # and a key of 51 characters. Paste the key that you were given, or the whole link.',
  linkField: 'Link or key',
  open: 'Open',
  opening: 'Opening',
  left: (/** @type {number} */ count) => `${files(count)} left to save`,
  /** @param {string} size */
  transfer: (size) => `A transfer of ${size}`,
  locked: 'It is protected by a passphrase, which the sender knows.',
  contents: send.chosen,
  download: 'Download',
  counts: 'Counts as one download. You can resume it.',
  begun: 'You have begun this download. Going on does not count again.',
  receiving: (/** @type {number} */ count) => `Receiving ${files(count)}`,
  cancelled: 'Stopped. You can go on: it does not count again.',
  saved: (/** @type {string} */ name) => `${name} arrived exactly as sent.`,
  done: (/** @type {number} */ count) => `${files(count)} received.`,
  doneNote: 'Everything arrived exactly as sent. Look among your downloads, or where you chose to save.',
  again: 'Try again',
  ownSend: 'Send files yourself',
};
