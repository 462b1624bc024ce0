import { requestErrors } from './core.errors.ts';

/** @throws AppError `request.stale` when `ifMatch` names another version; undefined means the caller named none */
export function requireVersion(resource: { version: number }, ifMatch: number | undefined): void {
  if (ifMatch !== undefined && ifMatch !== resource.version) throw requestErrors.stale();
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
