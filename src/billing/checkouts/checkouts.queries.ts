import { and, eq, isNull, sql } from 'drizzle-orm';
import { organizations } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import type { Queries } from '../../kernel/db/index.ts';

/** The name of an organization, and the address of the user. */
export const selectBillingName = (q: Queries, organizationId: string, userId: string | null) =>
  q
    .select({
      name: organizations.name,
      email: sql<string | null>`(select ${users.email} from ${users} where ${users.id} = ${userId})`,
    })
    .from(organizations)
    .where(and(eq(organizations.id, organizationId), isNull(organizations.deletedAt)));
