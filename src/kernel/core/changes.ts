import { requestErrors } from './core.errors.ts';

/** The versions that the caller accepts, as `If-Match` named them; undefined for any. */
export type IfMatch = readonly number[] | undefined;

const ENTITY_TAGS = /^\s*(?:W\/)?"[\x21\x23-\x7e]*"\s*(?:,\s*(?:W\/)?"[\x21\x23-\x7e]*"\s*)*$/;
const VERSION = /"([1-9]\d{0,8})"/g;

/**
 * Reads the versions from `If-Match`; undefined when the header is absent or `*`. Weak tags count like strong ones, because
 * proxies weaken tags when they compress; a tag that is no version of this API matches nothing.
 * @throws AppError `request.invalid` when the value is not a list of ETags
 */
export function readIfMatch(header: string | null): IfMatch {
  if (header === null || header.trim() === '*') return undefined;
  if (!ENTITY_TAGS.test(header))
    throw requestErrors.invalid({
      errors: [
        { pointer: '#/header/If-Match', message: 'must be an ETag such as "3", a list of ETags, or *' },
      ],
    });
  return Array.from(header.matchAll(VERSION), ([, version]) => Number(version));
}

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
