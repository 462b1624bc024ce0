import { eq } from 'drizzle-orm';
import { members } from '../../identity/members/members.tables.ts';
import type { Queries } from '../../kernel/db/index.ts';

/** The organizations of a user, whatever their status there: in each they may have an inbox. */
export function selectOrganizationIds(q: Queries, userId: string) {
  return q.select({ organizationId: members.organizationId }).from(members).where(eq(members.userId, userId));
}
