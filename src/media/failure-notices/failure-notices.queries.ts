import { and, eq, isNull } from 'drizzle-orm';
import { members } from '../../identity/members/members.tables.ts';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import type { Queries } from '../../kernel/db/index.ts';

/** A user who is an active member with a confirmed address; nothing for others. */
export const selectMemberToMail = (q: Queries, organizationId: string, userId: string) =>
  q
    .select({
      userId: users.id,
      name: users.name,
      email: users.email,
      organizationName: organizations.name,
      plan: organizations.plan,
    })
    .from(users)
    .innerJoin(members, and(eq(members.userId, users.id), eq(members.organizationId, organizationId)))
    .innerJoin(organizations, eq(organizations.id, members.organizationId))
    .where(
      and(
        eq(users.id, userId),
        eq(members.status, 'active'),
        eq(users.emailVerified, true),
        isNull(organizations.deletedAt),
      ),
    );
