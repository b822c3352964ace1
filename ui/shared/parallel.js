// Running tasks side by side.

/**
 * Runs `task` for every number below `count`, `lanes` of them at a time, in ascending order of start.
 * After the first failure no more are started, and `failed` may end those under way. Settles when
 * nothing runs any more.
 * @param {number} count
 * @param {number} lanes
 * @param {(index: number) => Promise<void>} task
 * @param {(error: unknown) => void} failed told of the first failure, at once
 * @returns {Promise<void>}
 * @throws the first failure
 */
export async function inParallel(count, lanes, task, failed) {
  let next = 0;
  /** @type {{error: unknown} | null} */
  let first = null;
  const lane = async () => {
    while (next < count && !first) {
      await task(next++).catch((error) => {
        if (!first) failed(error);
        first ??= { error };
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, count) }, lane));
  if (first) throw /** @type {{error: unknown}} */ (first).error;
}

/**
 * The results of `task` for the numbers from `first` up to and without `end`, in order, where up to
 * `ahead` of them are under way or wait to be taken.
 * @template T
 * @param {number} first
 * @param {number} end
 * @param {number} ahead
 * @param {(index: number) => Promise<T>} task
 * @returns {AsyncGenerator<T, void, void>}
 */
export async function* inOrder(first, end, ahead, task) {
  /** @type {Promise<T>[]} */
  const under = [];
  let next = first;
  const start = () => {
    const result = task(next++);
    // A failure is told when its turn comes, or never when an earlier one ends everything.
    result.catch(() => {});
    under.push(result);
  };
  while (next < end && under.length < ahead) start();
  for (let result = under.shift(); result; result = under.shift()) {
    const value = await result;
    if (next < end) start();
    yield value;
  }
}
