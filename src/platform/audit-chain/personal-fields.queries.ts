import { and, eq, inArray, isNull, or } from 'drizzle-orm';
import { auditLogs } from '../../kernel/audit/index.ts';
import type { Queries } from '../../kernel/db/index.ts';

/**
 * Erases the personal fields of up to `limit` entries whose actor or target is the user. It is safe to repeat, so this
 * update with a result is sent as a read.
 */
export function erasePersonalFieldsBatch(
  q: Queries,
  organizationId: string,
  personId: string,
  now: Date,
  limit: number,
) {
  const batch = q
    .select({ id: auditLogs.id })
    .from(auditLogs)
    .where(
      and(
        eq(auditLogs.organizationId, organizationId),
        or(eq(auditLogs.actorId, personId), eq(auditLogs.targetId, personId)),
        isNull(auditLogs.erasedAt),
      ),
    )
    .limit(limit);
  return q
    .update(auditLogs)
    .set({ ip: null, userAgent: null, before: null, after: null, salts: {}, erasedAt: now })
    .where(inArray(auditLogs.id, batch))
    .returning({ id: auditLogs.id });
}
