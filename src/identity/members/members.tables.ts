import { index, pgTable, uniqueIndex } from 'drizzle-orm/pg-core';
import { createdAt, id, updatedAt, version, enumColumn, enumCheck } from '../../kernel/db/index.ts';
import { ROLES } from '../access/index.ts';
import { users } from '../users/users.tables.ts';
import { tenant } from '../organizations/organizations.tables.ts';
import { MEMBER_STATUSES } from './members.enums.ts';

export const members = pgTable(
  'members',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    userId: id('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    role: enumColumn('role', ROLES).notNull(),
    status: enumColumn('status', MEMBER_STATUSES).notNull().default('active'),
    invitedBy: id('invited_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    uniqueIndex('members_organization_user_key').on(t.organizationId, t.userId),
    index('members_organization_id_idx').on(t.organizationId, t.id),
    index('members_user_id_idx').on(t.userId),
    index('members_invited_by_idx').on(t.invitedBy),
    enumCheck('members_role_check', t.role, ROLES),
    enumCheck('members_status_check', t.status, MEMBER_STATUSES),
  ],
);
