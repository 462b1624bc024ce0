import { z } from '@hono/zod-openapi';
import { requestErrors } from './core.errors.ts';

const MAX_ENTRIES = 50;

/** Data that a customer keeps with a resource: a few short values by name. */
export type Metadata = Record<string, string | number | boolean>;

const name = z.string().min(1).max(64);
const value = z.union([z.string().max(1000), z.number(), z.boolean()]);
const isWithinLimit = (entries: object) => Object.keys(entries).length <= MAX_ENTRIES;
const TOO_MANY = `must have at most ${MAX_ENTRIES} entries`;

/** Values that a customer keeps with a resource; we store and return them, and read nothing in them. */
export const metadataSchema = z
  .record(name, value)
  .refine(isWithinLimit, TOO_MANY)
  .openapi({
    description:
      `Custom metadata: at most ${MAX_ENTRIES} entries; keys of 1 to 64 characters; strings of up to 1,000 characters, ` +
      'numbers or booleans.',
  });

/** How an update changes metadata: as a merge patch (RFC 7386). */
export const metadataChangeSchema = z
  .record(name, value.nullable())
  .nullable()
  .openapi({
    description:
      'Metadata to change: an entry that is sent is set, one with the value null is deleted, the others stay. Null in ' +
      `place of the object deletes all. At most ${MAX_ENTRIES} entries remain; keys of 1 to 64 characters; strings of up ` +
      'to 1,000 characters, numbers or booleans.',
  });
export type MetadataChange = z.output<typeof metadataChangeSchema>;

/**
 * The metadata after a change, as a field to set; nothing when the update does not name metadata.
 * @throws AppError `request.invalid` when too many entries remain
 */
export function mergeMetadata(stored: Metadata, change: MetadataChange | undefined): { metadata?: Metadata } {
  if (change === undefined) return {};
  if (change === null) return { metadata: {} };
  const entries = Object.entries({ ...stored, ...change }).filter(([, each]) => each !== null);
  const metadata = Object.fromEntries(entries) as Metadata;
  if (!isWithinLimit(metadata))
    throw requestErrors.invalid({ errors: [{ pointer: '/metadata', message: TOO_MANY }] });
  return { metadata };
}
