import { sql } from 'drizzle-orm';
import {
  bigint,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
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
import {
  type AutomaticRecordingSetting,
  PLANS,
  type RecordingStorageSetting,
} from './organizations.enums.ts';

export interface OrganizationSettings {
  /** Domains whose addresses can be invited; empty allows every domain. */
  allowedEmailDomains: string[];
  /** Days for which an invitation is valid. */
  invitationDays: number;
  /** IANA name of the time zone in which figures are summed up; UTC when absent. */
  timeZone?: string;
  /** Whether files are compressed once they have been scanned; not when absent. */
  compressFiles?: boolean;
  compressRecordings?: boolean;
  /** Whether recordings are stored by the product where there is no bucket; they are when absent. */
  recordingStorage?: RecordingStorageSetting;
  /** The recording of calls in rooms that follow the organization; no recording when absent. */
  automaticRecording?: AutomaticRecordingSetting;
}

export const organizations = pgTable(
  'organizations',
  {
    id: id('id').primaryKey(),
    name: text('name').notNull(),
    slug: text('slug').notNull(),
    plan: enumColumn('plan', PLANS).notNull().default('free'),
    /** The version of the plan's terms that the organization is on; it keeps it when newer ones are offered. */
    planVersion: integer('plan_version').notNull().default(1),
    /** End of the trial of its subscription: until then nothing is charged. Null without one. */
    trialEndsAt: utcTimestamp('trial_ends_at'),
    /** Members beyond those of the plan that its subscription pays for. Null while no subscription puts it on a plan. */
    seats: integer('seats'),
    settings: jsonb('settings').$type<OrganizationSettings>().notNull(),
    /** Limits that differ from the plan's, by the name of the limit. */
    limits: jsonb('limits').$type<Record<string, number>>().notNull().default({}),
    metadata: jsonb('metadata').$type<Record<string, string | number | boolean>>().notNull().default({}),
    createdBy: id('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    deletedAt: utcTimestamp('deleted_at'),
    version: version(),
  },
  (t) => [
    // Also of deleted ones, which may be reopened.
    uniqueIndex('organizations_slug_key').on(t.slug),
    index('organizations_created_by_idx').on(t.createdBy),
    index('organizations_deleted_at_idx')
      .on(t.deletedAt)
      .where(sql`${t.deletedAt} is not null`),
    enumCheck('organizations_plan_check', t.plan, PLANS),
    check('organizations_seats_check', sql`${t.seats} >= 0`),
  ],
);

/** The column of a table whose rows belong to an organization and are deleted with it. */
export const tenant = () =>
  id('organization_id')
    .notNull()
    .references(() => organizations.id, { onDelete: 'cascade' });

/** Each change of an organization's plan, written by a trigger of `organizations` with the change itself. */
export const planChanges = pgTable(
  'plan_changes',
  {
    organizationId: tenant(),
    seq: bigint('seq', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    plan: enumColumn('plan', PLANS).notNull(),
    planVersion: integer('plan_version').notNull(),
    formerPlan: enumColumn('former_plan', PLANS).notNull(),
    formerPlanVersion: integer('former_plan_version').notNull(),
    changedAt: utcTimestamp('changed_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.seq] }),
    enumCheck('plan_changes_plan_check', t.plan, PLANS),
    enumCheck('plan_changes_former_plan_check', t.formerPlan, PLANS),
  ],
);
