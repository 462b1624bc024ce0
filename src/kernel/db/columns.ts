import { sql } from 'drizzle-orm';
import { check, customType, integer, type PgColumn, text, timestamp } from 'drizzle-orm/pg-core';

/** A prefixed id; compared byte by byte, so that ids sort by time whatever the database's locale. */
export const id = customType<{ data: string; driverData: string }>({ dataType: () => 'text collate "C"' });

/** A point in time, with time zone and milliseconds. */
export const utcTimestamp = (name: string) =>
  timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

export const createdAt = () => utcTimestamp('created_at').notNull();
export const updatedAt = () => utcTimestamp('updated_at').notNull();

/** Incremented by each change; it is the ETag and guards against lost updates. */
export const version = () => integer('version').notNull().default(1);

/** A text column for the values of an enum; the same list feeds the zod schema. */
export const enumColumn = <const T extends readonly [string, ...string[]]>(name: string, values: T) =>
  text(name, { enum: [...values] as unknown as [T[number], ...T[number][]] });

/** The check constraint of an `enumColumn`. */
export const enumCheck = (name: string, column: PgColumn, values: readonly string[]) =>
  check(name, sql`${column} in (${sql.raw(values.map((value) => `'${value}'`).join(', '))})`);
