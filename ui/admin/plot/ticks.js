// The round numbers at an axis, and the days under it. Pure.

/**
 * Round numbers from 0 to the first that is not below `highest`: steps of 1, 2 or 5 times a power of ten, whole ones.
 * @param {number} highest 0 or more
 * @param {number} [most] how many steps there may be
 * @returns {number[]} at least 0 and one more
 */
export function ticks(highest, most = 4) {
  const step = roundStep(Math.max(highest, 1) / most);
  const count = Math.max(1, Math.ceil(highest / step));
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

/**
 * The smallest of 1, 2, 5, 10, 20, .. that is not below `least`.
 * @param {number} least
 */
function roundStep(least) {
  if (least <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= least) ?? 10;
  return factor * power;
}

/**
 * Which of `count` places in a row carry a label, so that none touches the next: evenly apart, the last always among them.
 * @param {number} count
 * @param {number} step pixels from one place to the next
 * @param {number} width pixels that a label needs, with the space beside it
 * @returns {number[]} indices, ascending
 */
export function labelled(count, step, width) {
  const every = [1, 2, 5, 7, 10, 14, 30, 60, 90].find((candidate) => candidate * step >= width) ?? count;
  const indices = [];
  for (let index = count - 1; index >= 0; index -= every) indices.unshift(index);
  return indices;
}
