import type { Baseline, BaselineOperation } from './baseline.ts';
import { compareEvents, compareFrames } from './compare-messages.ts';
import { compareSchemas } from './compare-schemas.ts';
import type { Schema } from './document.ts';

type Components = Record<string, Schema>;
type ByMediaType = Record<string, Schema>;

const prefix = (name: string, problems: readonly string[]) =>
  problems.map((problem) => `${name}: ${problem}`);

function compareParameters(
  before: BaselineOperation,
  after: BaselineOperation,
  [old, now]: [Components, Components],
): string[] {
  const found: string[] = [];
  for (const [name, parameter] of Object.entries(before.parameters)) {
    const other = after.parameters[name];
    if (!other) found.push(`${name}: is not a known parameter`);
    else
      found.push(
        ...compareSchemas(
          { schema: parameter.schema, schemas: old },
          { schema: other.schema, schemas: now },
          { direction: 'request', path: name, seen: new Set() },
        ),
      );
  }
  for (const [name, { required }] of Object.entries(after.parameters))
    if (required && !before.parameters[name]?.required) found.push(`${name}: is required`);
  return found;
}

function compareBodies(
  before: ByMediaType | undefined,
  after: ByMediaType | undefined,
  [old, now]: [Components, Components],
): string[] {
  if (!before) return after ? ['body: is required'] : [];
  if (!after) return ['body: is not taken'];
  return Object.entries(before).flatMap(([mediaType, schema]) =>
    after[mediaType]
      ? compareSchemas(
          { schema, schemas: old },
          { schema: after[mediaType], schemas: now },
          { direction: 'request', path: 'body', seen: new Set() },
        )
      : [`body: ${mediaType} is not taken`],
  );
}

function compareAnswers(
  status: string,
  before: ByMediaType,
  after: ByMediaType | undefined,
  [old, now]: [Components, Components],
): string[] {
  if (!after) return [`${status}: is not answered`];
  return Object.entries(before).flatMap(([mediaType, schema]) =>
    after[mediaType]
      ? compareSchemas(
          { schema: after[mediaType], schemas: now },
          { schema, schemas: old },
          { direction: 'answer', path: status, seen: new Set() },
        )
      : [`${status}: ${mediaType} is not answered`],
  );
}

/** A cached copy may be answered in full at any time, so no client can depend on this status. */
const NOT_MODIFIED = '304';

function compareOperations(
  before: BaselineOperation,
  after: BaselineOperation,
  components: [Components, Components],
): string[] {
  const found: string[] = [];
  if (before.operationId !== after.operationId)
    found.push(`operationId ${before.operationId} → ${after.operationId}`);
  // Users keep what they had, and API keys get it, too.
  const isWidened = before.access === 'user' && after.access === 'credential';
  if (before.access !== after.access && !isWidened) found.push(`access ${before.access} → ${after.access}`);
  found.push(...compareParameters(before, after, components));
  found.push(...compareBodies(before.body, after.body, components));
  for (const [status, answer] of Object.entries(before.answers))
    if (status !== NOT_MODIFIED)
      found.push(...compareAnswers(status, answer, after.answers[status], components));
  return found;
}

/**
 * What a client that was written against `before` would notice under `after`, one line each: `POST /api/v1/rooms: body.name:
 * maxLength 255 → 100`. Additions are no such change: operations, optional parameters and fields, properties of answers,
 * values of enumerations that are answered, statuses, error codes, frames, events.
 */
export function findBreakingChanges(before: Baseline, after: Baseline): string[] {
  const operations = Object.entries(before.operations).flatMap(([name, operation]) => {
    const other = after.operations[name];
    if (!other) return [`${name}: is gone`];
    return prefix(name, compareOperations(operation, other, [before.schemas, after.schemas]));
  });
  const codes = Object.entries(before.errors).flatMap(([code, status]) => {
    if (after.errors[code] === undefined) return [`${code}: is gone`];
    return after.errors[code] === status ? [] : [`${code}: status ${status} → ${after.errors[code]}`];
  });
  const messages = [
    ...compareFrames(before.frames, after.frames),
    ...compareEvents(before.events, after.events),
  ];
  return [...new Set([...operations, ...codes, ...messages])];
}
