// Which ciphertext of which part was sent, so that one salt and chunk never get two plaintexts: before
// a part is first sent its digest is written down here, and what is sent later under the same salt
// must have that digest. It holds fingerprints of ciphertext and nothing secret.

const NAME = 'sgraph-send';
/** The server sweeps a transfer that nobody worked on for a day, in milliseconds: nothing older can go on. */
const STALE = 2 * 24 * 60 * 60 * 1000;

/**
 * Digests of parts by transfer, in memory: for a host without IndexedDB, where nothing outlives the
 * page anyhow.
 */
export class MemoryJournal {
  /** @type {Map<string, Map<number, string>>} */
  #sends = new Map();

  /**
   * Writes down the digest of a part unless one stands already.
   * @param {string} id of the transfer
   * @param {number} part from 0
   * @param {string} sha256 of its ciphertext, hexadecimal
   * @returns {Promise<string>} the digest that stands, once it is kept
   */
  async record(id, part, sha256) {
    const parts = this.#sends.get(id) ?? new Map();
    this.#sends.set(id, parts);
    if (!parts.has(part)) parts.set(part, sha256);
    return parts.get(part);
  }

  /**
   * The digest that stands for a part, if there is one.
   * @param {string} id
   * @param {number} part
   * @returns {Promise<string | undefined>}
   */
  async known(id, part) {
    return this.#sends.get(id)?.get(part);
  }

  /**
   * Whether anything is written down of a transfer. If not, nobody can say what was sent of it.
   * @param {string} id
   */
  async holds(id) {
    return this.#sends.has(id);
  }

  /**
   * Forgets a transfer that is complete or given up.
   * @param {string} id
   */
  async forget(id) {
    this.#sends.delete(id);
  }

  /** Forgets everything. */
  async clear() {
    this.#sends.clear();
  }
}

/** The same, kept by the browser beyond the page's life. */
export class Journal {
  #database;

  /** @param {IDBDatabase} database */
  constructor(database) {
    this.#database = database;
  }

  /**
   * Opens the browser's journal, without what is too old to matter. Where the browser keeps nothing
   * (a private window, say) a journal in memory takes its place.
   * @returns {Promise<Journal | MemoryJournal>}
   */
  static async open() {
    if (typeof indexedDB === 'undefined') return new MemoryJournal();
    try {
      const journal = new Journal(await openDatabase());
      await journal.#prune();
      return journal;
    } catch {
      return new MemoryJournal();
    }
  }

  /**
   * As `MemoryJournal.record`. It is kept when the browser has written it to disk.
   * @param {string} id
   * @param {number} part
   * @param {string} sha256
   * @returns {Promise<string>}
   */
  async record(id, part, sha256) {
    return this.#change(async (parts, began) => {
      const known = await result(parts.get([id, part]));
      if (known !== undefined) return known;
      parts.put(sha256, [id, part]);
      if ((await result(began.get(id))) === undefined) began.put(Date.now(), id);
      return sha256;
    });
  }

  /**
   * As `MemoryJournal.known`.
   * @param {string} id
   * @param {number} part
   * @returns {Promise<string | undefined>}
   */
  async known(id, part) {
    return this.#change((parts) => result(parts.get([id, part])));
  }

  /**
   * As `MemoryJournal.holds`.
   * @param {string} id
   */
  async holds(id) {
    return this.#change(async (_, began) => (await result(began.get(id))) !== undefined);
  }

  /**
   * As `MemoryJournal.forget`.
   * @param {string} id
   * @returns {Promise<void>}
   */
  async forget(id) {
    return this.#change(async (parts, began) => {
      parts.delete(IDBKeyRange.bound([id], [id, []]));
      began.delete(id);
    });
  }

  /** Forgets everything. */
  async clear() {
    return this.#change(async (parts, began) => {
      parts.clear();
      began.clear();
    });
  }

  /** Forgets transfers that can no longer go on. */
  async #prune() {
    await this.#change(async (parts, began) => {
      const ids = await result(began.getAllKeys());
      for (const id of ids) {
        if ((await result(began.get(id))) > Date.now() - STALE) continue;
        parts.delete(IDBKeyRange.bound([id], [id, []]));
        began.delete(id);
      }
    });
  }

  /**
   * Runs one transaction, and waits until it is on disk.
   * @template T
   * @param {(parts: IDBObjectStore, began: IDBObjectStore) => Promise<T>} change
   * @returns {Promise<T>}
   */
  async #change(change) {
    const transaction = this.#database.transaction(['parts', 'began'], 'readwrite', { durability: 'strict' });
    const ended = new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(undefined);
      transaction.onabort = () => reject(transaction.error);
    });
    const [value] = await Promise.all([
      change(transaction.objectStore('parts'), transaction.objectStore('began')),
      ended,
    ]);
    return value;
  }
}

/** @returns {Promise<IDBDatabase>} */
function openDatabase() {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore('parts');
    request.result.createObjectStore('began');
  };
  return result(request);
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function result(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
