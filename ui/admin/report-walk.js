// Walking the open reports. A page leaves out transfers that were taken down since, so it may be empty and not the last. No DOM.

/**
 * @typedef {import('./api.js').AdminApi} AdminApi
 * @typedef {import('./wire.js').ReportPage} ReportPage
 */

/** Transfers that a page tells at most. */
export const PAGE = 20;
/** Pages that are asked for before somebody is shown how far it is. */
const MOST_PAGES = 10;

/**
 * The next page that tells something, or the last; after ten that tell nothing, the tenth.
 * @param {AdminApi} api
 * @param {string | undefined} after where the page before it went on
 * @param {AbortSignal} [signal]
 * @returns {Promise<ReportPage>}
 */
export async function openReports(api, after, signal) {
  let page = await api.reports({ after, limit: PAGE, signal });
  for (let asked = 1; page.reports.length === 0 && page.next !== null && asked < MOST_PAGES; asked++) {
    page = await api.reports({ after: page.next, limit: PAGE, signal });
  }
  return page;
}

/**
 * How many transfers have open reports, as far as a page of them; `more` where there may be others.
 * @param {AdminApi} api
 * @returns {Promise<{count: number, more: boolean}>}
 */
export async function countOpen(api) {
  let count = 0;
  /** @type {string | null | undefined} */
  let next;
  for (let asked = 0; count < PAGE && next !== null && asked < MOST_PAGES; asked++) {
    const page = await api.reports({ after: next, limit: PAGE });
    count += page.reports.length;
    next = page.next;
  }
  return { count: Math.min(count, PAGE), more: next !== null || count > PAGE };
}
