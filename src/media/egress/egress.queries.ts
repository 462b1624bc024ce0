import { inArray } from 'drizzle-orm';
import { calls } from '../../calls/calls/calls.tables.ts';
import type { Queries } from '../../kernel/db/index.ts';

/** Which of these calls, of any organization, this installation has. */
export const selectKnownCalls = (q: Queries, ids: readonly string[]) =>
  q
    .select({ id: calls.id })
    .from(calls)
    .where(inArray(calls.id, [...ids]));
