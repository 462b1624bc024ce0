import { requestErrors } from './core.errors.ts';

/** The versions that the caller accepts, as `If-Match` named them; undefined for any. */
export type IfMatch = readonly number[] | undefined;

/** @throws AppError `request.stale` when the resource has none of the versions that the caller accepts */
export function requireVersion(resource: { version: number }, ifMatch: IfMatch): void {
  if (ifMatch && !ifMatch.includes(resource.version)) throw requestErrors.stale();
}

/** The fields that differ, with both values: what an audit entry records of a change. */
export function diffFields<T extends Record<string, unknown>>(
  before: T,
  after: Partial<T>,
): { before: Partial<T>; after: Partial<T> } {
  const changed = Object.keys(after).filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
  const pick = (from: Partial<T>) => Object.fromEntries(changed.map((key) => [key, from[key]])) as Partial<T>;
  return { before: pick(before), after: pick(after) };
}
