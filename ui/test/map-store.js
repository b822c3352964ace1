/** As `sessionStorage`. */
export class MapStore {
  #map = new Map();

  /** @param {string} key */
  getItem(key) {
    return this.#map.get(key) ?? null;
  }

  /** @param {string} key @param {string} value */
  setItem(key, value) {
    this.#map.set(key, value);
  }

  /** @param {string} key */
  removeItem(key) {
    this.#map.delete(key);
  }
}
