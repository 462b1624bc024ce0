import { sql } from 'drizzle-orm';
import { index, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { createdAt, id, moment, updatedAt, version, word, wordCheck } from '../../platform/db/index.ts';
import { ROLES } from '../access/index.ts';
import { users } from '../accounts/accounts.tables.ts';

export const PLANS = ['free', 'pro', 'enterprise', 'custom'] as const;
export const MEMBER_STATUSES = ['active', 'suspended'] as const;

export interface OrganizationSettings {
  /** Hosts whose addresses may be invited; empty means any. */
  allowedEmailDomains: string[];
  /** Days an invitation stays valid. */
  invitationDays: number;
}

export const organizations = pgTable(
  'organizations',
  {
    id: id('id').primaryKey(),
    name: text('name').notNull(),
    slug: text('slug').notNull(),
    plan: word('plan', PLANS).notNull().default('free'),
    settings: jsonb('settings').$type<OrganizationSettings>().notNull(),
    /** Where the plan's values are overridden, by the limit's name. */
    limits: jsonb('limits').$type<Record<string, number>>().notNull().default({}),
    metadata: jsonb('metadata').$type<Record<string, string | number | boolean>>().notNull().default({}),
    createdBy: id('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    deletedAt: moment('deleted_at'),
    version: version(),
  },
  (t) => [
    uniqueIndex('organizations_slug_key')
      .on(t.slug)
      .where(sql`${t.deletedAt} is null`),
    index('organizations_created_by_idx').on(t.createdBy),
    wordCheck('organizations_plan_check', t.plan, PLANS),
  ],
);

export const members = pgTable(
  'members',
  {
    id: id('id').primaryKey(),
    organizationId: id('organization_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    userId: id('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    role: word('role', ROLES).notNull(),
    status: word('status', MEMBER_STATUSES).notNull().default('active'),
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
    wordCheck('members_role_check', t.role, ROLES),
    wordCheck('members_status_check', t.status, MEMBER_STATUSES),
  ],
);

export const INVITATION_STATUSES = ['pending', 'accepted', 'revoked'] as const;

export const invitations = pgTable(
  'invitations',
  {
    id: id('id').primaryKey(),
    organizationId: id('organization_id')
      .notNull()
      .references(() => organizations.id, { onDelete: 'cascade' }),
    email: text('email').notNull(),
    role: word('role', ROLES).notNull(),
    tokenHash: text('token_hash').notNull(),
    status: word('status', INVITATION_STATUSES).notNull().default('pending'),
    invitedBy: id('invited_by').references(() => users.id, { onDelete: 'set null' }),
    acceptedBy: id('accepted_by').references(() => users.id, { onDelete: 'set null' }),
    expiresAt: moment('expires_at').notNull(),
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
    index('invitations_accepted_by_idx').on(t.acceptedBy),
    wordCheck('invitations_role_check', t.role, ROLES),
    wordCheck('invitations_status_check', t.status, INVITATION_STATUSES),
  ],
);
