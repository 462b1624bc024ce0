import { and, eq, sql } from 'drizzle-orm';
import { mustChange, mustHold, type Queries } from '../../kernel/db/index.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import { memoryErrors } from './memory.errors.ts';
import { memorySettings } from './memory.tables.ts';

export type MemorySettings = typeof memorySettings.$inferSelect;

const isOf = (organizationId: string, userId: string) =>
  and(eq(memorySettings.organizationId, organizationId), eq(memorySettings.userId, userId))!;

export const selectSettings = (q: Queries, organizationId: string, userId: string) =>
  q.select().from(memorySettings).where(isOf(organizationId, userId));

/**
 * The commit fails with `memories.switched_off` unless the person has their memory switched on. The row is locked:
 * switching off waits for memories that are being stored, so that it deletes them too.
 */
export const requireSwitchedOn = (q: Queries, organizationId: string, userId: string) =>
  mustHold(
    q,
    sql`exists (select from (select from ${memorySettings} where ${isOf(organizationId, userId)} and ${memorySettings.enabled} for share) locked)`,
    memoryErrors.switchedOff,
  );

/**
 * Stores the settings if they have not changed since they were read; otherwise the commit fails with `request.stale`.
 */
export function changeSettings(q: Queries, before: MemorySettings | undefined, after: MemorySettings) {
  const change = before
    ? q
        .update(memorySettings)
        .set(after)
        .where(and(isOf(before.organizationId, before.userId), eq(memorySettings.version, before.version)))
        .returning({ userId: memorySettings.userId })
    : q
        .insert(memorySettings)
        .values(after)
        .onConflictDoNothing()
        .returning({ userId: memorySettings.userId });
  return mustChange(q, change, requestErrors.stale);
}
