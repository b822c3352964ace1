// Names of files: which ones a manifest may hold, how names from a sender's disk are made to fit, and
// how a name is written to a recipient's disk.

import { utf8 } from './bytes.js';

/** A name has at most so many bytes. */
export const MAX_NAME = 255;

// Controls (C0, DEL, C1), the backslash, and the characters that turn the direction of writing, with
// which "exe.fdp" can be shown as "pdf.exe".
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\\\u202a-\u202e\u2066-\u2069]/gu;
const LONE_SURROGATE = /\p{Surrogate}/gu;

// Names that Windows keeps for devices, whatever their extension ("Naming Files, Paths, and
// Namespaces"), and characters that it has no files with.
const RESERVED = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)/iu;
const UNSAVABLE = /[<>:"|?*]/g;

/**
 * Whether a manifest may hold this name.
 * @param {string} name
 */
export function isName(name) {
  const length = utf8(name).length;
  return length >= 1 && length <= MAX_NAME
    && name === name.normalize('NFC')
    && name.search(FORBIDDEN) < 0
    && name.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..');
}

/**
 * The form in which two names that a disk may take for one are equal.
 * @param {string} name
 */
export function folded(name) {
  // Character by character: only so is a final sigma a sigma like any other.
  return Array.from(name.toUpperCase(), (character) => character.toLowerCase()).join('').normalize('NFC');
}

/**
 * Names as they come from a disk, made such that a manifest may hold them: each valid, none twice.
 * @param {string[]} names
 */
export function tidyNames(names) {
  return distinct(names.map(tidyName));
}

/** @param {string} name */
function tidyName(name) {
  const plain = name.replace(LONE_SURROGATE, '_').normalize('NFC').replace(FORBIDDEN, '_');
  const segments = plain.split('/').filter((segment) => segment !== '').map((segment) => (/^\.\.?$/.test(segment) ? '_' : segment));
  return shortened(segments.join('/') || 'file', '');
}

/**
 * The name with `mark` before its extension, cut so that all of it fits.
 * @param {string} name
 * @param {string} mark
 */
function shortened(name, mark) {
  const { stem, extension } = split(name);
  const ending = mark + (utf8(extension).length <= 32 ? extension : '');
  const characters = Array.from(ending.endsWith(extension) ? stem : name);
  while (utf8(characters.join('') + ending).length > MAX_NAME) characters.pop();
  return characters.join('') + ending;
}

/** @param {string} name */
function split(name) {
  const dot = name.lastIndexOf('.');
  const hasExtension = dot > name.lastIndexOf('/') + 1;
  return hasExtension ? { stem: name.slice(0, dot), extension: name.slice(dot) } : { stem: name, extension: '' };
}

/**
 * The same names, where later twins get a number: `a.txt`, `a (2).txt`.
 * @param {string[]} names
 */
function distinct(names) {
  const taken = new Set();
  return names.map((name) => {
    let fresh = name;
    for (let n = 2; taken.has(folded(fresh)); n++) fresh = shortened(name, ` (${n})`);
    taken.add(folded(fresh));
    return fresh;
  });
}

/**
 * Names as they are written to a disk, for all files of one transfer together: none is a device or
 * needs a character that some system has no files with, and none is there twice.
 * @param {string[]} names valid ones
 */
export function savingNames(names) {
  return distinct(names.map((name) => name.split('/').map(savingSegment).join('/')));
}

/** @param {string} segment */
function savingSegment(segment) {
  const plain = segment.replace(UNSAVABLE, '_').replace(/[. ]+$/, (end) => '_'.repeat(end.length));
  return plain.replace(RESERVED, '$&_');
}
