// The API's reference: /api/openapi.json as plain sections, grouped by tag.

import { find, make } from '../shared/page/dom.js';
import { fieldTable, prose, schemaAnchor, schemaView, typeWords } from './schema.js';

/** @typedef {import('./schema.js').Schema} Schema */
/** @typedef {{name: string, in: string, required?: boolean, description?: string, schema?: Schema}} Parameter */
/** @typedef {Record<string, {schema?: Schema}>} Content */
/** @typedef {{required?: boolean, description?: string, content?: Content}} Body */
/** @typedef {{tags?: string[], summary?: string, description?: string, operationId?: string, parameters?: Parameter[],
 *   requestBody?: Body, responses?: Record<string, Body>}} Operation */
/** @typedef {{info: {title: string, version: string, description?: string}, tags?: {name: string, description?: string}[],
 *   paths: Record<string, Record<string, Operation>>, components?: {schemas?: Record<string, Schema>}}} Document */
/** @typedef {{path: string, method: string, operation: Operation}} Route */

const METHODS = ['get', 'put', 'post', 'patch', 'delete', 'head', 'options'];
const UNTAGGED = 'Other';

/**
 * Routes by tag, in the document's order.
 * @param {Document} api
 * @returns {Map<string, Route[]>}
 */
function byTag(api) {
  const groups = new Map((api.tags ?? []).map(({ name }) => [name, /** @type {Route[]} */ ([])]));
  for (const [path, item] of Object.entries(api.paths)) {
    for (const method of METHODS.filter((name) => item[name])) {
      const operation = /** @type {Operation} */ (item[method]);
      const tag = operation.tags?.[0] ?? UNTAGGED;
      groups.set(tag, [...(groups.get(tag) ?? []), { path, method, operation }]);
    }
  }
  return new Map([...groups].filter(([, routes]) => routes.length > 0));
}

/**
 * @param {Route} route
 * @param {Record<string, Schema>} named
 */
function routeView({ path, method, operation }, named) {
  const says = operation.summary ?? operation.description?.split('\n')[0] ?? '';
  const summary = make('summary', {},
    make('span', { class: 'method', 'data-method': method }, method.toUpperCase()),
    make('code', {}, path), make('span', { class: 'says' }, ...prose(says)));
  const inside = make('div');
  if (operation.description && operation.description !== says) inside.append(make('p', {}, ...prose(operation.description)));
  if (operation.parameters?.length) inside.append(titled('Parameters', parametersView(operation.parameters)));
  if (operation.requestBody) inside.append(titled('Request', ...requestView(operation.requestBody, named)));
  inside.append(titled('Answers', answersView(operation.responses ?? {})));
  return make('details', { id: operation.operationId ?? null }, summary, inside);
}

/**
 * @param {string} title
 * @param {...Node} content
 */
const titled = (title, ...content) => make('section', {}, make('h3', {}, title), ...content);

/** @param {Parameter[]} parameters */
function parametersView(parameters) {
  return fieldTable(parameters.map(({ name, in: where, required = false, description, schema = {} }) =>
    [name, description ? { ...schema, description } : schema, required, where]));
}

/**
 * A request's body, with its named schema unfolded.
 * @param {Body} body
 * @param {Record<string, Schema>} named
 */
function requestView({ description, content = {} }, named) {
  const said = description ? [make('p', {}, ...prose(description))] : [];
  const kinds = Object.entries(content).flatMap(([type, { schema = {} }]) => {
    const name = schema.$ref?.slice(schema.$ref.lastIndexOf('/') + 1) ?? '';
    return [make('p', { class: 'soft small' }, type), schemaView(named[name] ?? schema)];
  });
  return [...said, ...kinds];
}

/** @param {Record<string, Body>} answers by status */
function answersView(answers) {
  const rows = Object.entries(answers).map(([status, { description = '', content = {} }]) => {
    const bodies = Object.entries(content).map(([type, { schema }]) => make('div', {}, ...(schema ? typeWords(schema) : [type])));
    return make('tr', {}, make('th', { scope: 'row' }, make('code', {}, status)), make('td', {}, ...bodies), make('td', {}, ...prose(description)));
  });
  const head = make('tr', {}, ...['Status', 'Body', 'Meaning'].map((word) => make('th', { scope: 'col' }, word)));
  return make('table', {}, make('thead', {}, head), make('tbody', {}, ...rows));
}

/**
 * @param {string} name
 * @param {Schema} schema
 */
function namedSchemaView(name, schema) {
  const inside = make('div', {}, ...(schema.description ? [make('p', {}, ...prose(schema.description))] : []), schemaView(schema));
  return make('details', { id: schemaAnchor(name) }, make('summary', {}, make('span'), make('code', {}, name)), inside);
}

/**
 * @param {string} title
 * @param {string} description
 * @param {Node[]} content
 */
function groupView(title, description, content) {
  const heading = make('h2', { id: `group-${title.replace(/\W+/g, '-')}` }, title);
  return make('section', {}, heading, ...(description ? [make('p', { class: 'soft' }, ...prose(description))] : []), ...content);
}

/** @param {Document} api */
function render(api) {
  const described = new Map((api.tags ?? []).map(({ name, description }) => [name, description ?? '']));
  const named = api.components?.schemas ?? {};
  const groups = [...byTag(api)].map(([tag, routes]) =>
    groupView(tag, described.get(tag) ?? '', routes.map((route) => routeView(route, named))));
  const schemas = Object.entries(named).map(([name, schema]) => namedSchemaView(name, schema));
  if (schemas.length > 0) groups.push(groupView('Schemas', '', schemas));
  find('#groups', HTMLElement).replaceChildren(...groups);
  const links = groups.map((group) => group.querySelector('h2')).filter((heading) => heading !== null)
    .map((heading) => make('li', {}, make('a', { href: `#${heading.id}` }, heading.textContent ?? '')));
  find('#contents', HTMLElement).replaceChildren(make('ul', {}, ...links));
  find('#about', HTMLElement).prepend(`${api.info.title}, version ${api.info.version}. `);
}

/** Unfolds what the address points at. */
function unfold() {
  const target = document.getElementById(location.hash.slice(1));
  if (target instanceof HTMLDetailsElement) target.open = true;
  target?.scrollIntoView();
}

try {
  const answer = await fetch('/api/openapi.json');
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  render(await answer.json());
  window.addEventListener('hashchange', unfold);
  unfold();
} catch (error) {
  find('#groups', HTMLElement).replaceChildren(make('p', {}, `The document could not be read: ${String(error)}. Reload the page to try again.`));
}
