import { and, asc, eq, inArray, isNull, sql } from 'drizzle-orm';
import { members } from '../../identity/members/members.tables.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import type { Queries } from '../../kernel/db/index.ts';

/** Active owners and administrators with a confirmed address, owners first; none of a deleted organization. */
export const selectContacts = (q: Queries, organizationId: string, limit: number) =>
  q
    .select({
      userId: users.id,
      name: users.name,
      email: users.email,
      organizationName: organizations.name,
    })
    .from(members)
    .innerJoin(users, eq(users.id, members.userId))
    .innerJoin(organizations, eq(organizations.id, members.organizationId))
    .where(
      and(
        eq(members.organizationId, organizationId),
        inArray(members.role, ['owner', 'admin']),
        eq(members.status, 'active'),
        eq(users.emailVerified, true),
        isNull(organizations.deletedAt),
      ),
    )
    .orderBy(sql`${members.role} = 'owner' desc`, asc(members.id))
    .limit(limit);
