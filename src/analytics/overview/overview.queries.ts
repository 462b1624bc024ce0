import { and, eq, sql } from 'drizzle-orm';
import { members } from '../../identity/members/members.tables.ts';
import type { Queries } from '../../kernel/db/index.ts';

/** How many active members the organization has now. */
export const selectMemberCount = (q: Queries, organizationId: string) =>
  q
    .select({ count: sql<number>`count(*)::integer` })
    .from(members)
    .where(and(eq(members.organizationId, organizationId), eq(members.status, 'active')));
