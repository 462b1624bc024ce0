import { and, eq, gt, inArray, isNull } from 'drizzle-orm';
import type { Queries } from '../../kernel/db/index.ts';
import { sessions } from '../../identity/sessions/sessions.tables.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { members } from '../../identity/members/members.tables.ts';

/** The role of an active member. A deleted organization has none. */
export function selectActiveRole(q: Queries, organizationId: string, userId: string) {
  return q
    .select({ role: members.role })
    .from(members)
    .innerJoin(
      organizations,
      and(eq(organizations.id, members.organizationId), isNull(organizations.deletedAt)),
    )
    .where(
      and(
        eq(members.organizationId, organizationId),
        eq(members.userId, userId),
        eq(members.status, 'active'),
      ),
    );
}

/** Those of the person's sessions that are open. */
export function selectOpenSessions(q: Queries, userId: string, sessionIds: readonly string[], now: Date) {
  return q
    .select({ id: sessions.id })
    .from(sessions)
    .where(
      and(
        eq(sessions.userId, userId),
        inArray(sessions.id, [...sessionIds]),
        isNull(sessions.revokedAt),
        gt(sessions.expiresAt, now),
      ),
    );
}
