// Making elements without markup in strings: trusted types forbid innerHTML here, and nothing needs it.

/**
 * A new element with attributes and children. `false` and `null` leave an attribute out, `true` sets it empty.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number | boolean | null>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== null) made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children);
  return made;
}

/**
 * The one element that a page is known to have.
 * @template {Element} E
 * @param {string} selector
 * @param {new () => E} type what it must be
 * @returns {E}
 */
export function find(selector, type) {
  const found = document.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`this page has no ${selector}`);
  return found;
}

/**
 * Tells whoever holds `element` what happened in it.
 * @param {HTMLElement} element
 * @param {string} type
 * @param {unknown} [detail]
 */
export function tell(element, type, detail) {
  element.dispatchEvent(new CustomEvent(type, { detail }));
}
