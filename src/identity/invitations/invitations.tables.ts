import { sql } from 'drizzle-orm';
import { index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import {
  createdAt,
  id,
  utcTimestamp,
  updatedAt,
  version,
  enumColumn,
  enumCheck,
} from '../../kernel/db/index.ts';
import { ROLES } from '../access/index.ts';
import { apiKeys } from '../api-keys/api-keys.tables.ts';
import { users } from '../users/users.tables.ts';
import { tenant } from '../organizations/organizations.tables.ts';
import { INVITATION_STATUSES } from './invitations.enums.ts';

export const invitations = pgTable(
  'invitations',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    email: text('email').notNull(),
    role: enumColumn('role', ROLES).notNull(),
    tokenHash: text('token_hash').notNull(),
    status: enumColumn('status', INVITATION_STATUSES).notNull().default('pending'),
    invitedBy: id('invited_by').references(() => users.id, { onDelete: 'set null' }),
    /** The API key that made or resent the invitation; then `invitedBy` is null. */
    invitedByKey: id('invited_by_key').references(() => apiKeys.id, { onDelete: 'set null' }),
    acceptedBy: id('accepted_by').references(() => users.id, { onDelete: 'set null' }),
    expiresAt: utcTimestamp('expires_at').notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    uniqueIndex('invitations_token_hash_key').on(t.tokenHash),
    uniqueIndex('invitations_pending_email_key')
      .on(t.organizationId, sql`lower(${t.email})`)
      .where(sql`${t.status} = 'pending'`),
    index('invitations_organization_id_idx').on(t.organizationId, t.id),
    index('invitations_invited_by_idx').on(t.invitedBy),
    index('invitations_invited_by_key_idx').on(t.invitedByKey),
    index('invitations_accepted_by_idx').on(t.acceptedBy),
    enumCheck('invitations_role_check', t.role, ROLES),
    enumCheck('invitations_status_check', t.status, INVITATION_STATUSES),
  ],
);
