import { z } from '@hono/zod-openapi';
import type { ErrorFactory } from './errors.ts';

/**
 * The range of times that PostgreSQL reads as ISO 8601 and JavaScript writes with a year of four digits, in
 * milliseconds.
 */
const FIRST_MOMENT_MS = Date.parse('0001-01-01T00:00:00.000Z');
export const LAST_MOMENT_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** Whether the database holds the moment, in milliseconds since the epoch; false for NaN. */
export const isStorableMoment = (ms: number): boolean => ms >= FIRST_MOMENT_MS && ms <= LAST_MOMENT_MS;

const isBounded = (text: string): boolean => {
  const ms = Date.parse(text);
  return Number.isNaN(ms) || isStorableMoment(ms);
};

const toUtc = (text: string): string => {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? text : new Date(ms).toISOString();
};

/**
 * A moment that a caller sends: RFC 3339 with `Z` or an offset, in the years 1 to 9999. Its output is the same moment in
 * UTC. Every input uses it, because the database refuses what lies outside.
 */
export const momentSchema = z.iso
  .datetime({
    offset: true,
    error: 'must be a date and time with Z or an offset, such as 2026-01-05T09:30:00Z',
  })
  .refine(isBounded, 'must lie in the years 1 to 9999')
  .overwrite(toUtc);

/** A moment of which intervals are counted. */
export const momentSince1970Schema = momentSchema.refine((text) => text >= '1970', 'must not be before 1970');

/** Offsets such as `+05:30`, which JavaScript takes too, are no names: they follow no daylight saving time. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** The name of a time zone, at most 64 characters. */
export const timeZoneSchema = z
  .string()
  .max(64)
  .refine(isTimeZone, 'must be an IANA time zone such as Europe/Madrid');

/** @throws AppError the given one when the moment has passed; nothing without a moment */
export function requireFuture(moment: Date | null | undefined, nowMs: number, error: ErrorFactory): void {
  if (moment && moment.getTime() <= nowMs) throw error();
}
