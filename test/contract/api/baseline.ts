import {
  type Content,
  getRefName,
  listEndpoints,
  type OpenApiDocument,
  type OpenApiOperation,
  type Schema,
} from './document.ts';
import type { Messages } from './messages.ts';

export interface BaselineParameter {
  required: boolean;
  schema: Schema;
}

/** What an operation promises to machines: no text, no example. */
export interface BaselineOperation {
  operationId: string;
  access: string;
  /** By place and name: `query limit`. */
  parameters: Record<string, BaselineParameter>;
  /** By media type; absent without a body. */
  body?: Record<string, Schema>;
  /** By status, then by media type; refusals are not among them. */
  answers: Record<string, Record<string, Schema>>;
}

export interface BaselineEvent {
  version: number;
  schema: Schema;
}

/** The whole contract, reduced to what a client's program depends on. */
export interface Baseline {
  /** By method and path: `POST /api/v1/rooms`. */
  operations: Record<string, BaselineOperation>;
  schemas: Record<string, Schema>;
  /** The status of each error code. */
  errors: Record<string, number>;
  /** By socket, sender and type: `room client chat.send`. */
  frames: Record<string, Schema>;
  /** The payloads of the public events, by type. */
  events: Record<string, BaselineEvent>;
}

const mapValues = <T, U>(record: Record<string, T>, change: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));

const TEXTS = new Set(['description', 'example', 'title', 'deprecated', '$schema']);

/** A schema without its texts; `allOf` of one reference and texts is the reference. */
function stripSchema(schema: Schema): Schema {
  const parts = schema.allOf?.map(stripSchema).filter((part) => Object.keys(part).length > 0);
  if (parts?.length === 1) {
    const { allOf: _replaced, ...rest } = schema;
    return { ...parts[0], ...stripSchema(rest) };
  }
  const { const: only, ...others } = schema;
  if (only !== undefined) return stripSchema({ ...others, enum: [only] });
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => !TEXTS.has(key))
      .map(([key, value]) => [key, stripKeyword(key, value)]),
  );
}

function stripKeyword(key: string, value: unknown): unknown {
  if (key === 'required') return (value as string[]).toSorted();
  if (key === 'properties') return mapValues(value as Record<string, Schema>, stripSchema);
  if (key === 'items' || (key === 'additionalProperties' && typeof value === 'object'))
    return stripSchema(value as Schema);
  if (key === 'anyOf' || key === 'oneOf' || key === 'allOf') return (value as Schema[]).map(stripSchema);
  return value;
}

const stripContent = (content: Content) => mapValues(content, ({ schema }) => stripSchema(schema));

function reduceOperation(operation: OpenApiOperation): BaselineOperation {
  const { operationId, parameters = [], requestBody, responses, 'x-access': access } = operation;
  const answers = Object.entries(responses).flatMap(([status, { content = {} }]) => {
    const { 'application/problem+json': refusal, ...own } = content;
    return refusal && Object.keys(own).length === 0 ? [] : [[status, stripContent(own)] as const];
  });
  return {
    operationId,
    access: `${access.permission ?? access.kind}${access.guests ? ' or guest' : ''}`,
    parameters: Object.fromEntries(
      parameters.map(({ in: place, name, required = false, schema }) => [
        `${place} ${name}`,
        { required, schema: stripSchema(schema) },
      ]),
    ),
    ...(requestBody ? { body: stripContent(requestBody.content) } : {}),
    answers: Object.fromEntries(answers),
  };
}

export function reduceContract(document: OpenApiDocument, { frames, events }: Messages): Baseline {
  return {
    operations: Object.fromEntries(
      listEndpoints(document).map(({ method, path, operation }) => [
        `${method} ${path}`,
        reduceOperation(operation),
      ]),
    ),
    schemas: mapValues(document.components.schemas, stripSchema),
    errors: Object.fromEntries(document['x-error-catalogue'].map(({ code, status }) => [code, status])),
    frames: mapValues(frames, stripSchema),
    events: mapValues(events, ({ version, schema }) => ({ version, schema: stripSchema(schema) })),
  };
}

/** JSON with sorted keys: the order in which fields are declared is no part of the contract. */
const formatSorted = (value: unknown): string =>
  JSON.stringify(value, (_key, node: unknown) =>
    node !== null && typeof node === 'object' && !Array.isArray(node)
      ? Object.fromEntries(Object.entries(node).sort(([a], [b]) => (a < b ? -1 : 1)))
      : node,
  );

function formatRecord(record: Record<string, unknown>): string {
  const lines = Object.entries(record)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${JSON.stringify(key)}:${formatSorted(value)}`);
  return `{\n${lines.join(',\n')}\n}`;
}

/** As JSON with one line for each operation, schema, code, frame and event, so that changes in different ones merge. */
export function formatBaseline({ operations, schemas, errors, frames, events }: Baseline): string {
  const parts = Object.entries({ operations, schemas, errors, frames, events }).map(
    ([name, record]) => `"${name}":${formatRecord(record)}`,
  );
  return `{\n${parts.join(',\n')}\n}\n`;
}

/** The schema that a reference leads to, or the schema itself. */
export function resolveSchema(schema: Schema, schemas: Record<string, Schema>): Schema {
  const name = getRefName(schema);
  if (name === undefined) return schema;
  const { $ref: _resolved, ...siblings } = schema;
  return { ...schemas[name], ...siblings };
}
