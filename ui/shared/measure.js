// Sizes, speeds and times in the words of the pages. Pure.

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];

/**
 * A size in units of 1000, with three digits at most: "0 bytes", "1 byte", "4.2 kB", "210 MB".
 * @param {number} bytes
 * @param {string} [language] BCP 47, of the digits
 */
export function bytesText(bytes, language = 'en-GB') {
  if (bytes < 1000) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
  let unit = 0;
  let amount = bytes;
  // From 999.5 on three digits would show as 1000.
  while (amount >= 999.5 && unit < UNITS.length - 1) {
    amount /= 1000;
    unit++;
  }
  const digits = amount < 9.95 ? 1 : 0;
  return `${amount.toLocaleString(language, { maximumFractionDigits: digits })} ${UNITS[unit]}`;
}

/**
 * A time in words, as roughly as a person would say it: "about 15 seconds", "about 3 minutes".
 * @param {number} seconds
 */
export function durationText(seconds) {
  if (seconds < 2) return 'a moment';
  if (seconds < 55) return `about ${seconds < 10 ? Math.round(seconds) : Math.round(seconds / 5) * 5} seconds`;
  if (seconds < 55 * 60) return about(Math.round(seconds / 60), 'minute');
  if (seconds < 22 * 3600) return about(Math.round(seconds / 3600), 'hour');
  return about(Math.round(seconds / 86_400), 'day');
}

/**
 * @param {number} count
 * @param {string} unit
 */
function about(count, unit) {
  return `about ${count} ${count === 1 ? unit : `${unit}s`}`;
}

/** Seconds over which a speed is smoothed: long enough to be read, short enough to be true. */
const MEMORY = 5;

/** The speed of something that grows, smoothed, and the time that is left. */
export class Pace {
  #total;
  #done = 0;
  /** @type {number | null} */
  #at = null;
  #weight = 0;
  #rate = 0;

  /** @param {number} total what there is to do, in bytes */
  constructor(total) {
    this.#total = total;
  }

  /**
   * @param {number} done bytes so far
   * @param {number} now milliseconds of any clock that only goes forward
   */
  update(done, now) {
    if (this.#at === null) {
      this.#at = now;
      this.#done = done;
      return;
    }
    const seconds = (now - this.#at) / 1000;
    if (seconds <= 0) return;
    const keep = Math.exp(-seconds / MEMORY);
    // Weights instead of a first guess: the average of what was seen, however little that is.
    this.#rate = this.#rate * keep + Math.max(0, done - this.#done) / seconds * (1 - keep);
    this.#weight = this.#weight * keep + (1 - keep);
    this.#at = now;
    this.#done = done;
  }

  /** Forgets the speed, as after a pause: what was before it says nothing. */
  pause() {
    this.#at = null;
    this.#weight = 0;
    this.#rate = 0;
  }

  /** Bytes a second, 0 while nothing is known. */
  get rate() {
    return this.#weight > 0 ? this.#rate / this.#weight : 0;
  }

  /** Seconds that are left at this speed, null while nothing is known. */
  get left() {
    return this.rate > 0 ? (this.#total - this.#done) / this.rate : null;
  }
}
