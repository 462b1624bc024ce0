import type { Route } from '../../../src/platform/http/index.ts';
import {
  type Content,
  type Endpoint,
  getRefName,
  listEndpoints,
  listInnerSchemas,
  listOperationSchemas,
  type OpenApiDocument,
  type OpenApiOperation,
  type Schema,
} from './document.ts';
import { formatSchema } from './format-schema.ts';
import type { Messages } from './messages.ts';

const SHARED = 'shared';
const toFileName = (tag: string) => tag.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

const indent = (text: string) => text.replaceAll('\n', '\n  ');

function formatAccess({ 'x-access': access }: OpenApiOperation): string {
  if (access.kind !== 'permission') return access.kind;
  return `${access.permission}${access.guests ? ' or guest' : ''}`;
}

function formatContent(content: Content | undefined): string {
  const parts = Object.entries(content ?? {})
    .filter(([mediaType]) => mediaType !== 'application/problem+json')
    .map(([mediaType, { schema }]) => (mediaType === 'application/json' ? formatSchema(schema) : mediaType));
  return parts.length === 0 ? '–' : parts.join(' | ');
}

/** A line for each place that parameters stand in. */
function formatParameters({ parameters = [] }: OpenApiOperation): string[] {
  return [...Map.groupBy(parameters, (parameter) => parameter.in)].map(([place, group]) => {
    const texts = group.map(
      ({ name, required, schema }) => `${name}${required ? '' : '?'}: ${formatSchema(schema)}`,
    );
    return `${place} ${texts.join('; ')}`;
  });
}

/** Answers in a status of success; refusals are listed by their codes. */
const isAnswer = ([status, { content }]: [string, { content?: Content }]) =>
  Number(status) < 400 || Object.keys(content ?? {}).some((type) => type !== 'application/problem+json');

function formatOperation({ method, path, operation }: Endpoint, ownCodes: readonly string[]): string {
  const { operationId, deprecated, summary, requestBody, responses } = operation;
  const limits = [
    `limit ${operation['x-limit']}`,
    `${operation['x-time-limit-seconds']} s`,
    ...(operation['x-body-limit-bytes'] === undefined ? [] : [`${operation['x-body-limit-bytes']} B`]),
  ];
  const lines = [
    `${method} ${path}  ${operationId}${deprecated ? '  DEPRECATED' : ''}`,
    summary,
    `access ${formatAccess(operation)}; ${limits.join(', ')}`,
    ...formatParameters(operation),
    ...(requestBody ? [`body ${formatContent(requestBody.content)}`] : []),
    ...Object.entries(responses)
      .filter(isAnswer)
      .map(([status, { content }]) => `${status} ${formatContent(content)}`),
    ...(ownCodes.length === 0 ? [] : [`errors ${ownCodes.toSorted().join(', ')}`]),
  ];
  return lines.map(indent).join('\n  ');
}

/** The names of all components that an operation reaches. */
function listReachable(operation: OpenApiOperation, components: Record<string, Schema>): Set<string> {
  const reached = new Set<string>();
  const visit = (schema: Schema): void => {
    const name = getRefName(schema);
    if (name !== undefined && !reached.has(name)) {
      reached.add(name);
      visit(components[name]!);
    }
    for (const inner of listInnerSchemas(schema)) visit(inner);
  };
  for (const schema of listOperationSchemas(operation)) visit(schema);
  return reached;
}

/** Which file shows a component: that of the one tag that uses it, or the shared one. */
function assignComponents(document: OpenApiDocument): Map<string, string> {
  const files = new Map<string, string>();
  for (const { operation } of listEndpoints(document))
    for (const name of listReachable(operation, document.components.schemas)) {
      const file = toFileName(operation.tags[0]);
      files.set(name, (files.get(name) ?? file) === file ? file : SHARED);
    }
  return files;
}

/** The codes that an operation declares itself, beside those that its access, body and headers imply. */
const listOwnCodes = (route: Route | undefined) =>
  (route?.errors ?? []).map((factory) => factory.definition.code);

/**
 * The contract as text for reviewers, by file name: one file for each tag, with its operations and the schemas that it
 * alone uses; `shared` with the schemas of several tags; `errors` with the catalogue; `frames` and `events` with what sockets
 * and subscribers read.
 */
export function renderContract(
  document: OpenApiDocument,
  routes: readonly Route[],
  { frames, events }: Messages,
): Map<string, string> {
  const blocks = new Map<string, string[]>();
  const add = (file: string, block: string) => blocks.set(file, [...(blocks.get(file) ?? []), block]);
  const byId = new Map(routes.map((route) => [route.operationId, route]));
  for (const endpoint of listEndpoints(document)) {
    const { tags, operationId } = endpoint.operation;
    add(toFileName(tags[0]), formatOperation(endpoint, listOwnCodes(byId.get(operationId))));
  }
  for (const [name, file] of [...assignComponents(document)].sort(([a], [b]) => (a < b ? -1 : 1)))
    add(file, `${name} ${formatSchema(document.components.schemas[name]!)}`);
  for (const { code, status, title } of document['x-error-catalogue'])
    add('errors', `${code} ${status} ${title}`);
  for (const [name, schema] of Object.entries(frames)) add('frames', `${name} ${formatSchema(schema)}`);
  for (const [type, { version, schema }] of Object.entries(events))
    add('events', `${type} version ${version} ${formatSchema(schema)}`);
  return new Map(
    [...blocks].map(([file, texts]) => [file, `${texts.join(file === 'errors' ? '\n' : '\n\n')}\n`]),
  );
}
