// What the admin service answers, as it spells it. Times are in milliseconds since 1970 unless said; a limit of 0 is none.

/** @typedef {{key: string, expires_at: number | null}} Session `key`: the first digits of the key's digest; null: without an end */

/** @typedef {'active' | 'exhausted' | 'revoked'} TokenStatus */
/** @typedef {{token_name: string, usage_limit: number, usage_count: number, status: TokenStatus, created_by: string,
 *   metadata: Record<string, unknown>, created_at: number, secret: boolean, bytes_limit: number, bytes_used: number,
 *   max_age_s: number}} Token */
/** @typedef {{usage_limit: number, bytes_limit?: number, max_age_s?: number}} Limits */
/** @typedef {Limits & {token_name: string, secret?: boolean}} NewToken */

/** @typedef {'pending' | 'completed' | 'exhausted' | 'deleted' | 'taken_down' | 'expired'} State */
/** @typedef {{id: string, kind: 'send' | 'transfer', state: State, size: number, created_at: number, expires_at: number,
 *   downloads: number, token: string | null}} Summary */
/** @typedef {{at: number, reason: string}} Report */
/** @typedef {Summary & {downloads_taken: number, wipe: boolean, reports: Report[],
 *   taken_down: {reason: string, at: number} | null}} Transfer */
/** @typedef {{transfers: Summary[], next: string | null, looked_at: number, scans: string[]}} TransferPage */
/** @typedef {{transfer: Summary, reports: Report[]}} Reported */
/** @typedef {{reports: Reported[], next: string | null}} ReportPage */

/** @typedef {{date: string, transfers: number, bytes_stored: number, bytes_served: number, claims: number, requests: number,
 *   refusals: number, failures: number}} Day */
/** @typedef {{token_name: string | null, transfers: number, bytes_stored: number, bytes_served: number, claims: number,
 *   refusals: number}} TokenUsage */
/** @typedef {{days: number | null, transfers: number, bytes: number}} Age younger than so many days; null: older */
/** @typedef {{at: number, transfers: number, bytes: number, by_age: Age[]}} Stored */
/** @typedef {{days: Day[], damaged: string[], tokens: TokenUsage[], stored: Stored | null}} Usage */
/** @typedef {{window_minutes: number, active_requests: number, active_visitors: number, active_transfers: number}} Pulse */

/** @typedef {{number: number, at: number, by: string, action: string, subject: string, details: Record<string, unknown>,
 *   previous: string | null, sha256: string}} Entry */
/** @typedef {{entries: Entry[], next: number | null}} AuditPage */
/** @typedef {{number: number, kind: 'edited' | 'missing' | 'inserted', detail: string}} Problem */
/** @typedef {{sound: boolean, checked: number, problems: Problem[], head: {number: number, sha256: string} | null,
 *   next: number | null}} Verdict */

/** @typedef {{looked_at: number, abandoned: number, payloads: number, objects: number, tombstones: number, unfinished: number,
 *   failures: number, finished: boolean}} Sweep */
/** @typedef {Sweep & {at: number, took_ms: number}} SweepRun */

/** @typedef {{version: string, storage: string, door: boolean, origins: string[],
 *   public_url: string | null, limits: {max_transfer_bytes: number, max_age_s: number, default_age_s: number},
 *   admin_key_name: string, admin_keys: string[], environment: string}} Settings */

export {};
