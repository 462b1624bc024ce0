import type { Baseline, BaselineEvent } from './baseline.ts';
import { type Comparison, compareSchemas } from './compare-schemas.ts';
import type { Schema } from './document.ts';

const noComponents = {};

/** What a sender may no longer write. */
const compareWritten = (before: Schema, after: Schema, path: string): string[] =>
  compareSchemas({ schema: before, schemas: noComponents }, { schema: after, schemas: noComponents }, {
    direction: 'request',
    path,
    seen: new Set(),
  } satisfies Comparison);

/** What a reader would no longer find. */
const compareRead = (before: Schema, after: Schema, path: string): string[] =>
  compareSchemas({ schema: after, schemas: noComponents }, { schema: before, schemas: noComponents }, {
    direction: 'answer',
    path,
    seen: new Set(),
  } satisfies Comparison);

/** The frames of the sockets: clients write some and read the others. */
export function compareFrames(before: Baseline['frames'], after: Baseline['frames']): string[] {
  return Object.entries(before).flatMap(([name, schema]) => {
    const other = after[name];
    if (!other) return [`${name}: is gone`];
    const compare = name.split(' ')[1] === 'client' ? compareWritten : compareRead;
    return compare(schema, other, 'frame').map((problem) => `${name}: ${problem}`);
  });
}

function compareEvent(before: BaselineEvent, after: BaselineEvent): string[] {
  if (before.version !== after.version) return [`version ${before.version} → ${after.version}`];
  return compareRead(before.schema, after.schema, 'payload');
}

/** The public events: within a version, their readers depend on every field. */
export function compareEvents(before: Baseline['events'], after: Baseline['events']): string[] {
  return Object.entries(before).flatMap(([type, event]) => {
    const other = after[type];
    return other
      ? compareEvent(event, other).map((problem) => `${type}: ${problem}`)
      : [`${type}: is gone, or is no longer public`];
  });
}
