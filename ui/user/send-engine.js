// What sending needs beyond the page itself: loaded once files are chosen, while the person looks at the settings, so
// that the page is there at once.

export { SendApi } from '../shared/api.js';
export { Journal } from '../shared/journal.js';
export { CryptoPool } from '../shared/pool.js';
export { Sending } from '../shared/sending.js';
