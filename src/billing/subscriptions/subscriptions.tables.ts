import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { PLAN_NAMES, type PlanName } from '../../identity/entitlements/index.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import {
  createdAt,
  enumCheck,
  enumColumn,
  id,
  updatedAt,
  utcTimestamp,
  version,
} from '../../kernel/db/index.ts';
import { INTERVALS } from '../plans/index.ts';
import { PROVIDER_NAMES, SOLD_PLANS } from '../providers/index.ts';
import { SUBSCRIPTION_STATUSES } from './subscriptions.enums.ts';

/** The subscriptions of organizations, as their providers last had them. One that ended stays as a row. */
export const subscriptions = pgTable(
  'subscriptions',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    provider: enumColumn('provider', PROVIDER_NAMES).notNull(),
    providerSubscriptionId: text('provider_subscription_id').notNull(),
    status: enumColumn('status', SUBSCRIPTION_STATUSES).notNull(),
    /** The choice of the current period. */
    plan: enumColumn('plan', SOLD_PLANS).notNull(),
    planVersion: integer('plan_version').notNull(),
    interval: enumColumn('interval', INTERVALS).notNull(),
    /** Members beyond those that the plan includes. */
    seats: integer('seats').notNull().default(0),
    /** The choice of the next period, when it differs. */
    nextPlan: enumColumn('next_plan', SOLD_PLANS),
    nextInterval: enumColumn('next_interval', INTERVALS),
    nextSeats: integer('next_seats'),
    changesAt: utcTimestamp('changes_at'),
    currency: text('currency').notNull(),
    startsAt: utcTimestamp('starts_at').notNull(),
    periodStartsAt: utcTimestamp('period_starts_at').notNull(),
    periodEndsAt: utcTimestamp('period_ends_at').notNull(),
    trialEndsAt: utcTimestamp('trial_ends_at'),
    cancelsAt: utcTimestamp('cancels_at'),
    endedAt: utcTimestamp('ended_at'),
    resumesAt: utcTimestamp('resumes_at'),
    /** When an overdue payment was first noticed. */
    pastDueSince: utcTimestamp('past_due_since'),
    graceEndsAt: utcTimestamp('grace_ends_at'),
    restrictedAt: utcTimestamp('restricted_at'),
    /** When people were reminded of the end of the trial, and of the grace. */
    trialNoticeAt: utcTimestamp('trial_notice_at'),
    graceNoticeAt: utcTimestamp('grace_notice_at'),
    /** Set while a payment that is still being processed has to be refunded: when to ask the provider again. */
    refundDueAt: utcTimestamp('refund_due_at'),
    /** When time alone changes the state: the sweep then reads the subscription again. */
    dueAt: utcTimestamp('due_at'),
    /** The plan that the subscription last put its organization on. */
    grantedPlan: enumColumn('granted_plan', PLAN_NAMES as [PlanName, ...PlanName[]]).notNull(),
    grantedPlanVersion: integer('granted_plan_version').notNull(),
    /** The seats that it last gave its organization; null while it grants no plan. */
    grantedSeats: integer('granted_seats'),
    /** The last command that was taken and has not ended, as its key at the provider. */
    commandKey: text('command_key'),
    /** Until when it makes other commands wait. */
    commandExpiresAt: utcTimestamp('command_expires_at'),
    /** Whether it stopped without an answer, so that the same command may be taken again. */
    isCommandInterrupted: boolean('is_command_interrupted').notNull().default(false),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    uniqueIndex('subscriptions_provider_key').on(t.provider, t.providerSubscriptionId),
    uniqueIndex('subscriptions_live_key')
      .on(t.organizationId)
      .where(sql`${t.endedAt} is null`),
    index('subscriptions_organization_id_idx').on(t.organizationId, t.id),
    index('subscriptions_due_at_idx')
      .on(t.dueAt)
      .where(sql`${t.dueAt} is not null`),
    enumCheck('subscriptions_provider_check', t.provider, PROVIDER_NAMES),
    enumCheck('subscriptions_status_check', t.status, SUBSCRIPTION_STATUSES),
    enumCheck('subscriptions_plan_check', t.plan, SOLD_PLANS),
    enumCheck('subscriptions_interval_check', t.interval, INTERVALS),
    enumCheck('subscriptions_next_plan_check', t.nextPlan, SOLD_PLANS),
    enumCheck('subscriptions_next_interval_check', t.nextInterval, INTERVALS),
    enumCheck('subscriptions_granted_plan_check', t.grantedPlan, PLAN_NAMES),
    check(
      'subscriptions_seats_check',
      sql`${t.seats} >= 0 and ${t.nextSeats} >= 0 and ${t.grantedSeats} >= 0`,
    ),
  ],
);
