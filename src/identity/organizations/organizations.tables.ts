import { sql } from 'drizzle-orm';
import { index, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import {
  createdAt,
  id,
  utcTimestamp,
  updatedAt,
  version,
  enumColumn,
  enumCheck,
} from '../../kernel/db/index.ts';
import { users } from '../users/users.tables.ts';

export const PLANS = ['free', 'pro', 'enterprise', 'custom'] as const;

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
    plan: enumColumn('plan', PLANS).notNull().default('free'),
    settings: jsonb('settings').$type<OrganizationSettings>().notNull(),
    /** Where the plan's values are overridden, by the limit's name. */
    limits: jsonb('limits').$type<Record<string, number>>().notNull().default({}),
    metadata: jsonb('metadata').$type<Record<string, string | number | boolean>>().notNull().default({}),
    createdBy: id('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    deletedAt: utcTimestamp('deleted_at'),
    version: version(),
  },
  (t) => [
    uniqueIndex('organizations_slug_key')
      .on(t.slug)
      .where(sql`${t.deletedAt} is null`),
    index('organizations_created_by_idx').on(t.createdBy),
    enumCheck('organizations_plan_check', t.plan, PLANS),
  ],
);
