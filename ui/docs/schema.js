// Schemas of the document as a person reads them: a type in a few words, and a table of properties.

import { make } from '../shared/page/dom.js';

/**
 * The part of JSON Schema that the document uses.
 * @typedef {{$ref?: string, type?: string | string[], format?: string, description?: string, title?: string,
 *   properties?: Record<string, Schema>, required?: string[], items?: Schema, enum?: unknown[], const?: unknown,
 *   oneOf?: Schema[], anyOf?: Schema[], allOf?: Schema[], additionalProperties?: Schema | boolean,
 *   minimum?: number, maximum?: number, pattern?: string, default?: unknown, example?: unknown}} Schema
 */

/**
 * Where a named schema stands on the page.
 * @param {string} name
 */
export const schemaAnchor = (name) => `schema-${name.replace(/[^\w-]/g, '_')}`;

/**
 * Text of the document, where back quotes set names of the code apart.
 * @param {string} text
 * @returns {(Node | string)[]}
 */
export const prose = (text) => text.split('`').map((part, index) => (index % 2 === 1 ? make('code', {}, part) : part));

/**
 * A type in a few words, with links to named schemas.
 * @param {Schema} schema
 * @returns {(Node | string)[]}
 */
export function typeWords(schema) {
  if (schema.$ref) return [reference(schema.$ref)];
  const choice = schema.oneOf ?? schema.anyOf ?? schema.allOf;
  if (choice) return joined(choice.map(typeWords), schema.allOf ? ' and ' : ' or ');
  if (schema.enum) return joined(schema.enum.map((value) => [make('code', {}, JSON.stringify(value))]), ' or ');
  if (schema.const !== undefined) return [make('code', {}, JSON.stringify(schema.const))];
  if (schema.items) return ['array of ', ...typeWords(schema.items)];
  if (typeof schema.additionalProperties === 'object') return ['object of ', ...typeWords(schema.additionalProperties)];
  const type = [schema.type ?? 'anything'].flat().join(' or ');
  return [schema.format ? `${type} (${schema.format})` : type];
}

/** @param {string} path such as `#/components/schemas/Name` */
function reference(path) {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return make('a', { href: `#${schemaAnchor(name)}` }, name);
}

/**
 * @param {(Node | string)[][]} parts
 * @param {string} between
 */
function joined(parts, between) {
  return parts.flatMap((part, index) => (index === 0 ? part : [between, ...part]));
}

/**
 * What a value may be beyond its type.
 * @param {Schema} schema
 */
function bounds(schema) {
  const said = [
    schema.minimum === undefined ? '' : `at least ${schema.minimum}`,
    schema.maximum === undefined ? '' : `at most ${schema.maximum}`,
    schema.pattern ? `matches ${schema.pattern}` : '',
    schema.default === undefined ? '' : `default ${JSON.stringify(schema.default)}`,
    schema.example === undefined ? '' : `for example ${JSON.stringify(schema.example)}`,
  ];
  return said.filter((part) => part !== '').join(', ');
}

/**
 * Rows of name, type and meaning.
 * @param {readonly (readonly [string, Schema, boolean, string?])[]} rows name, schema, required, where it stands
 */
export function fieldTable(rows) {
  const head = make('tr', {}, ...['Name', 'Type', 'Meaning'].map((word) => make('th', { scope: 'col' }, word)));
  const body = rows.map(([name, schema, required, where]) => {
    const meaning = [where ? `in the ${where}` : '', required ? '' : 'optional', schema.description ?? '', bounds(schema)];
    return make('tr', {},
      make('th', { scope: 'row' }, make('code', {}, name)),
      make('td', {}, ...typeWords(schema)),
      make('td', {}, ...prose(meaning.filter((part) => part !== '').join(' · '))));
  });
  return make('table', {}, make('thead', {}, head), make('tbody', {}, ...body));
}

/**
 * A schema whole: its properties as a table, or its type in words.
 * @param {Schema} schema
 * @returns {Node}
 */
export function schemaView(schema) {
  const names = Object.entries(schema.properties ?? {});
  if (names.length === 0) return make('p', {}, ...typeWords(schema));
  return fieldTable(names.map(([name, property]) => [name, property, schema.required?.includes(name) ?? false]));
}
