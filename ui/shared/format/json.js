// JSON read more strictly than `JSON.parse` does, which keeps the last of two equal keys and says
// nothing, so that two readers could see two different manifests in the same bytes.

/** How deep arrays and objects may nest. A manifest is 1 deep, a file in it 3. */
const MAX_DEPTH = 16;

/**
 * Parses JSON. Refuses an object that names a key twice, at any depth; text that is not Unicode (half of
 * a surrogate pair); and nesting beyond any use.
 * @param {string} text
 * @returns {unknown}
 * @throws {SyntaxError}
 */
export function parseJson(text) {
  const value = JSON.parse(text);
  examine(text);
  return value;
}

/**
 * Walks over text that is known to be JSON, so that nothing here needs to check its syntax.
 * @param {string} text
 */
function examine(text) {
  /** @type {Array<Set<string> | null>} the open objects' keys, null for an open array */
  const open = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '{' || character === '[') open.push(character === '{' ? new Set() : null);
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const end = stringEnd(text, at);
      examineString(JSON.parse(text.slice(at, end)), isKey(text, end) ? open.at(-1) : null);
      at = end - 1;
    }
    if (open.length > MAX_DEPTH) throw new SyntaxError('nested too deep');
  }
}

/**
 * The index behind the closing quote of the string that opens at `start`.
 * @param {string} text
 * @param {number} start
 */
function stringEnd(text, start) {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

/**
 * Whether a colon follows, after any white space.
 * @param {string} text
 * @param {number} at
 */
function isKey(text, at) {
  while (' \t\n\r'.includes(text[at] ?? ':')) at++;
  return text[at] === ':';
}

/**
 * @param {string} string
 * @param {Set<string> | null | undefined} keys the ones before it, when it is a key itself
 */
function examineString(string, keys) {
  if (/\p{Surrogate}/u.test(string)) throw new SyntaxError('half a character');
  if (keys?.has(string)) throw new SyntaxError('a key stands twice in one object');
  keys?.add(string);
}
