// Every sentence of the admin pages, in one place. A sentence is a string, or a function of what it tells. Sizes and times come in as
// words already.

import { counted, LANGUAGE, place } from '../shared/words.js';

export { LANGUAGE, place };

/** @param {number} count */
export const number = (count) => count.toLocaleString(LANGUAGE);

export const places = {
  overview: 'Overview',
  tokens: 'Tokens',
  transfers: 'Transfers',
  reports: 'Reports',
  audit: 'Audit',
  settings: 'Settings',
};

export const frame = {
  navigation: 'Places',
  /** @param {string} key @param {string} until */
  session: (key, until) => (until === '' ? `Key ${key}` : `Key ${key}, until ${until}`),
  signOut: 'Sign out',
  again: 'Try again',
  cancel: 'Cancel',
  noLimit: 'no limit',
  none: '–',
  open: 'open',
  copy: 'Copy',
  /** @param {string} what */
  copyWhole: (what) => `Copy ${what}`,
  facts: { name: 'Fact', value: 'Value' },
};

export const signIn = {
  place: `${place}, admin service`,
  title: 'Sign in',
  text: 'This is the admin service. Its key was set up by whoever installed it, or printed when it was started here.',
  field: 'Admin key',
  act: 'Sign in',
  empty: 'Type or paste the admin key.',
  wrong: 'This is not the admin key of this place. Nothing was changed.',
  over: 'The session is over. Sign in, and go on where you were.',
  notKept: 'The key is right, but this browser did not keep the session: it does so over https only, or not at all. Open this page by its https address, allow its cookie, or take another browser; then sign in again.',
  insecure: 'Nobody can sign in at this address: browsers keep the session over https only, or on the machine that runs the service. Open this page by its https address, or there as http://localhost.',
};

export const table = {
  /** @param {string} title */
  sort: (title) => `Sort by ${title}`,
  sortBy: 'Sort by',
  sortedHere: 'Sorting is within this page.',
  previous: 'Previous page',
  next: 'Next page',
  pages: 'Pages',
};

export const overview = {
  now: 'The last five minutes',
  requests: (/** @type {number} */ count) => (count === 1 ? 'request' : 'requests'),
  visitors: (/** @type {number} */ count) => (count === 1 ? 'visitor' : 'visitors'),
  transfers: (/** @type {number} */ count) => (count === 1 ? 'transfer' : 'transfers'),
  days: 'The last 30 days',
  perDay: 'per day',
  nothing: 'Nothing in these 30 days.',
  /** @param {string[]} dates */
  damaged: (dates) => `What was counted on ${new Intl.ListFormat(LANGUAGE).format(dates)} is damaged in the storage and is left out here. The log of this service says which object to look at.`,
  day: 'Day',
  behind: 'The figures as a table',
  plots: {
    transfers: { title: 'Transfers and downloads', bars: 'Transfers sent', line: 'Downloads begun' },
    bytes: { title: 'Bytes', bars: 'Stored', line: 'Served' },
    refusals: { title: 'Refusals and failures', bars: 'Requests refused', line: 'Requests failed' },
  },
  /** @param {string} title @param {string} bars @param {string} line */
  described: (title, bars, line) => `${title}, per day of the last 30 days. ${bars}; ${line}. The table behind it has each day.`,
  /** @param {string} name @param {string} total */
  total: (name, total) => `${name}: ${total}`,
  tokens: 'By token',
  tokensNone: 'What was sent with each token in these 30 days would be here. Nothing was.',
  token: 'Token',
  others: 'None, or the rest',
  bytesStored: 'Stored',
  bytesServed: 'Served',
  sent: 'Transfers',
  claims: 'Downloads',
  refused: 'Refused',
  stored: 'Stored now',
  /** @param {string} count @param {string} size */
  storedIs: (count, size) => `${count}, ${size}, as the last full sweep found it\n.`,
  storedNone: 'What is stored, by age, would be here. It is counted by the first full sweep.',
  age: 'Age',
  share: 'Share',
  size: 'Size',
  transfersColumn: 'Transfers',
  /** @param {number | null} days @param {number} before the border before this one, in days */
  younger: (days, before) => {
    if (days === null) return `${before} days and older`;
    return before === 0 ? `Less than ${counted(days, 'day', 'days')}` : `${before} to ${days} days`;
  },
  sweeps: 'Sweeps',
  sweepNow: 'Sweep now',
  sweeping: 'Sweeping',
  sweepsNone: 'The last sweeps would be here. None has run yet.',
  sweepText: 'A sweep removes what was abandoned or has expired. It also runs by itself.',
  /** @param {import('./wire.js').Sweep} sweep */
  swept: (sweep) => {
    const found = `Looked at ${counted(sweep.looked_at, 'transfer', 'transfers')}, removed ${counted(sweep.objects, 'object', 'objects')}.`;
    const failed = sweep.failures === 0 ? '' : ` ${counted(sweep.failures, 'removal', 'removals')} failed; the next sweep tries again.`;
    return `${found}${failed}${sweep.finished ? '' : ' There is more: sweep again to go on.'}`;
  },
  sweepColumns: { when: 'When', took: 'Took', lookedAt: 'Looked at', abandoned: 'Abandoned', payloads: 'Payloads', failures: 'Failures', finished: 'Finished' },
  yes: 'yes',
  no: 'in part',
};

export const tokens = {
  caption: 'Tokens',
  empty: 'Tokens would be here. With one, somebody may send from places that ask for it.',
  create: 'New token',
  find: 'Find by name',
  findAct: 'Find',
  /** @param {string} name */
  unknown: (name) => `There is no token named ${name}. Names are found whole, as they were typed.`,
  columns: { name: 'Name', status: 'State', used: 'Transfers', bytes: 'Bytes', age: 'Lifetime', kind: 'Kind', created: 'Created' },
  status: { active: 'active', exhausted: 'used up', revoked: 'revoked' },
  secret: 'secret',
  named: 'name',
  /** @param {string} used @param {string} limit */
  of: (used, limit) => `${used} of ${limit}`,
  ownAge: 'as this place allows',
  form: {
    title: 'New token',
    name: 'Name',
    nameHint: 'Letters, digits, dot, dash and underscore, 128 at most. Not secret, unless it is the token itself.',
    transfers: 'How many transfers',
    bytes: 'How many bytes in all',
    unit: 'Unit',
    limitHint: 'Empty: no limit.',
    age: 'What it sends is kept for at most',
    secret: 'Make a secret',
    secretHint: 'The secret is shown once. Without one, the name itself is the token: whoever knows the name can send.',
    act: 'Create',
    nameBad: 'A name has 1 to 128 letters, digits, dots, dashes or underscores, and does not begin with sgs_.',
    countBad: 'Type a whole number, or nothing for no limit.',
    bytesBad: 'Type a size, or nothing for no limit.',
    taken: 'There is a token of this name. Choose another.',
  },
  made: {
    /** @param {string} name */
    title: (name) => `The token ${name} is made.`,
    secret: 'The secret',
    once: 'Copy it now: it is not shown again. The server keeps only its hash.',
    named: 'There is no secret: the name is the token. Whoever sends gives this name.',
    done: 'Done',
  },
  facts: {
    status: 'State', used: 'Transfers sent', bytes: 'Bytes sent', age: 'What it sends is kept for at most', kind: 'Kind', by: 'Created by', created: 'Created',
    metadata: 'Remarks',
  },
  kinds: { secret: 'A secret, of which the server keeps the hash', named: 'The name is the token' },
  back: 'All tokens',
  transfers: 'Its transfers',
  revoke: 'Revoke',
  /** @param {string} name */
  revokeTitle: (name) => `Revoke the token ${name}?`,
  revokeText: 'From then on nobody can send with it. What was sent stays. It can be reactivated.',
  /** @param {string} name */
  revoked: (name) => `The token ${name} is revoked.`,
  reactivate: 'Reactivate',
  /** @param {string} name */
  reactivateTitle: (name) => `Reactivate the token ${name}?`,
  reactivateText: 'From then on it can send again, within its limits.',
  /** @param {string} name */
  reactivated: (name) => `The token ${name} can send again, within its limits.`,
  limits: 'Change limits',
  /** @param {string} name */
  limitsTitle: (name) => `Limits of the token ${name}`,
  limitsAct: 'Change',
  /** @param {string} name */
  limited: (name) => `The limits of the token ${name} are changed.`,
};

export const transfers = {
  caption: 'Transfers, newest first',
  captionReported: 'Transfers that were reported',
  empty: 'Transfers would be here, newest first. None is stored.',
  emptyFiltered: 'No transfer that this filter lets pass was found so far.',
  emptyAll: 'The filter lets no transfer pass. All were looked at.',
  filter: 'Filter',
  clear: 'Clear',
  all: 'any',
  reportedOnly: 'Reported only',
  goOn: 'Go on',
  /** @param {string[]} scans @param {number} looked @param {number} found */
  found: (scans, looked, found) => {
    const so = `ooked at ${number(looked)}, found ${number(found)}.`;
    return scans.length === 0 ? `L${so}` : `Filtering by ${new Intl.ListFormat(LANGUAGE).format(scans)} reads one transfer after the other: l${so}`;
  },
  columns: { id: 'Transfer', state: 'State', size: 'Size', created: 'Sent', expires: 'Kept until', downloads: 'May be downloaded', token: 'Token' },
  fields: { state: 'State', size: 'Size', token: 'Token' },
  state: { pending: 'arriving', completed: 'complete', exhausted: 'used up', deleted: 'deleted', taken_down: 'taken down', expired: 'expired' },
  sizes: { small: 'under 1 MB', medium: '1 MB to 100 MB', large: '100 MB to 1 GB', huge: '1 GB and more' },
  kind: { send: 'encrypted in the browser or by the command line (SGS1)', transfer: 'by the original interface' },
  /** @param {number} count 0 without limit */
  times: (count) => (count === 0 ? 'no limit' : count === 1 ? 'once' : `${number(count)} times`),
  /** @param {string} id */
  title: (id) => `Transfer ${id}`,
  theId: 'the whole identifier',
  facts: {
    id: 'Identifier', kind: 'Kind', state: 'State', size: 'Stored size', created: 'Sent', expires: 'Kept until', downloads: 'Downloads begun', wipe: 'After the last download',
    token: 'Sent with', reports: 'Reports', takenDown: 'Taken down',
  },
  wipe: 'the payload is removed',
  stays: 'the payload stays until it expires',
  noToken: 'no token',
  noReports: 'none',
  unknown: 'There is no transfer with this identifier any more.',
  back: 'All transfers',
  takeDown: 'Take down',
  /** @param {string} id */
  takeDownTitle: (id) => `Take down the transfer ${id}?`,
  takeDownText: 'It ends at once, also for whoever is downloading. The payload is removed and cannot be brought back. Recipients are told that it was taken down.',
  reason: 'Reason',
  reasons: { abuse: 'abuse', malware: 'malware', copyright: 'copyright', illegal: 'illegal', privacy: 'privacy', other: 'other' },
  /** @param {string} reason */
  takenDownFor: (reason) => `for ${reason}, `,
  /** @param {string} id */
  takenDown: (id) => `The transfer ${id} is taken down.`,
  extend: 'Extend',
  /** @param {string} id */
  extendTitle: (id) => `Keep the transfer ${id} for longer?`,
  extendFor: 'Keep it from now on for',
  extendAct: 'Keep',
  /** @param {string} id */
  extended: (id) => `The transfer ${id} is kept as said.`,
  tooLong: 'That is longer than this place keeps anything.',
  remove: 'Delete',
  /** @param {string} id */
  removeTitle: (id) => `Delete the transfer ${id}?`,
  removeText: 'It ends at once, and the payload is removed. Recipients are told that it was deleted.',
  /** @param {string} id */
  removed: (id) => `The transfer ${id} is deleted.`,
};

export const reports = {
  empty: 'What recipients report would be here, with their reasons. Nothing is open.',
  /** @param {number} count */
  count: (count) => counted(count, 'report', 'reports'),
  emptySoFar: 'Nothing is open on the pages that were looked at so far: their transfers were taken down. There are more pages.',
  noReason: 'No reason given.',
  look: 'Look at it',
  dismiss: 'Dismiss',
  /** @param {string} id */
  dismissTitle: (id) => `Dismiss the reports of the transfer ${id}?`,
  dismissText: 'They are removed. The transfer stays as it is.',
  /** @param {number} count */
  dismissed: (count) => `${counted(count, 'report is', 'reports are')} dismissed.`,
};

export const audit = {
  caption: 'What admins did, newest first',
  empty: 'Every change that an admin makes would be here. None was made yet.',
  columns: { number: 'No.', when: 'When', by: 'By', action: 'What', subject: 'On', details: 'Details', sha256: 'Hash' },
  /** @type {Record<string, string>} */
  actions: {
    signed_in: 'signed in', signed_out: 'signed out', token_created: 'created a token', token_revoked: 'revoked a token', token_limit_changed: 'changed limits',
    token_reactivated: 'reactivated a token', transfer_taken_down: 'took down a transfer', transfer_extended: 'extended a transfer',
    transfer_deleted: 'deleted a transfer', reports_dismissed: 'dismissed reports', swept: 'swept', failed: 'failed',
  },
  details: {
    anyTransfers: 'any number of transfers',
    /** @param {number} count */
    transfers: (count) => counted(count, 'transfer', 'transfers'),
    /** @param {string} size */
    bytes: (size) => `${size} in all`,
    /** @param {string} time */
    age: (time) => `kept for ${time}`,
    /** @param {string} reason */
    reason: (reason) => `for ${reason}`,
  },
  verify: 'Verify',
  /** @param {number} count */
  verifying: (count) => `Checked ${number(count)}, going on`,
  exportAct: 'Export',
  exporting: 'Exporting',
  file: 'audit.ndjson',
  about: 'Each entry holds the hash of the one before it. Verify reads them all and finds what was edited, removed or put in.',
  /** @param {number} checked @param {number} head @param {string} sha256 */
  sound: (checked, head, sha256) => `${counted(checked, 'entry is', 'entries are')} as written. The newest is number ${head}; its hash is ${sha256}. Whoever keeps this line elsewhere can tell later whether the log was written anew.`,
  soundEmpty: 'There is no entry yet, so there is nothing to verify.',
  /** @param {number} problems @param {number} checked */
  unsound: (problems, checked) => `${counted(problems, 'problem', 'problems')} in ${counted(checked, 'entry', 'entries')}. Somebody wrote to the storage past this service, or lost a part of it.`,
  kinds: { edited: 'edited', missing: 'missing', inserted: 'put in' },
  /** @param {number} at @param {string} kind */
  problem: (at, kind) => `Number ${at}, ${kind}: `,
  /** @param {number} count */
  exported: (count) => `${counted(count, 'entry is', 'entries are')} in the file ${audit.file}, among your downloads.`,
};

export const settings = {
  about: 'Read from the configuration of this service when it started. They are changed there, not here.',
  docs: 'All that this service answers, for programs',
  facts: {
    version: 'Version', environment: 'Runs', storage: 'Stores in', door: 'Door before the service',
    origins: 'Other origins that may call', publicUrl: 'Links begin with', size: 'A transfer holds at most', longest: 'It is kept for at most', usual: 'It is kept, unless said',
    keyName: 'Header of the admin key', keys: 'Admin keys',
  },
  environments: /** @type {Record<string, string>} */ ({ local: 'as a server of its own', 'aws-lambda': 'on AWS Lambda' }),
  door: 'yes: only requests that come through it are answered',
  noDoor: 'no',
  noOrigins: 'none',
  fromRequest: 'the address that somebody asked',
};

/** What a person reads when a request ends otherwise than asked, by the kind of the error. @type {Record<string, string>} */
export const failures = {
  network: 'The service does not answer. Nothing was changed as far as this page knows. Check your connection, then try again.',
  not_found: 'There is no such thing here any more.',
  too_many_guesses: 'Too many wrong keys were tried. Wait a minute, then try again.',
  busy: 'The service is busy. Try again in a minute.',
  wrong_passphrase: 'The service takes changes only from its own page. Reload this page and try again.',
  server: 'The service failed. Try again in a while; its log says more, under this number: ',
  expired: 'This transfer has expired meanwhile.',
  exhausted: 'This transfer is used up meanwhile.',
  deleted: 'This transfer was deleted meanwhile.',
  taken_down: 'This transfer was taken down meanwhile.',
  unknown: 'Something went wrong on this page. Reload it and try again.',
};
