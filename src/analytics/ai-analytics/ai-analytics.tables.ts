import { bigint, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { enumCheck, enumColumn, utcTimestamp } from '../../kernel/db/index.ts';

/** The length of a bucket, in UTC; `third` is the third of a month, as in rollups. */
const AI_GRAINS = ['quarter', 'hour', 'day', 'third', 'month'] as const;

const sum = (name: string) => bigint(name, { mode: 'number' }).notNull();

/**
 * Sums of cost lines: the known amount, the number of lines with one, and the number without, except those taken back.
 */
const costs = () => ({
  amountMicros: bigint('amount_micros', { mode: 'bigint' }).notNull(),
  known: sum('known'),
  unknown: sum('unknown'),
});

/**
 * The sums of all generations of a provider, model and feature that were requested in a period, and of their cost
 * lines.
 */
export const analyticsAiBuckets = pgTable(
  'analytics_ai_buckets',
  {
    organizationId: tenant(),
    grain: enumColumn('grain', AI_GRAINS).notNull(),
    startsAt: utcTimestamp('starts_at').notNull(),
    provider: text('provider').notNull(),
    model: text('model').notNull(),
    feature: text('feature').notNull(),
    requests: integer('requests').notNull(),
    completed: integer('completed').notNull(),
    failed: integer('failed').notNull(),
    cancelled: integer('cancelled').notNull(),
    inputTokens: sum('input_tokens'),
    outputTokens: sum('output_tokens'),
    cacheReadTokens: sum('cache_read_tokens'),
    cacheWriteTokens: sum('cache_write_tokens'),
    /** Times of completed generations: `slot:count` as in rollups, in milliseconds, with their sum and number. */
    firstOutputs: text('first_output_histogram').notNull(),
    firstOutputMs: sum('first_output_ms'),
    firstOutputCount: integer('first_output_count').notNull(),
    durations: text('duration_histogram').notNull(),
    durationMs: sum('duration_ms'),
    durationCount: integer('duration_count').notNull(),
    ...costs(),
  },
  (t) => [
    primaryKey({
      name: 'analytics_ai_buckets_pk',
      columns: [t.organizationId, t.grain, t.startsAt, t.provider, t.model, t.feature],
    }),
    enumCheck('analytics_ai_buckets_grain_check', t.grain, AI_GRAINS),
  ],
);

/** The sums of an hour (UTC) by feature and, with an empty feature, of all; timelines read them. */
export const analyticsAiHours = pgTable(
  'analytics_ai_hours',
  {
    organizationId: tenant(),
    feature: text('feature').notNull(),
    startsAt: utcTimestamp('starts_at').notNull(),
    requests: integer('requests').notNull(),
    failed: integer('failed').notNull(),
    tokens: sum('tokens'),
    ...costs(),
  },
  (t) => [primaryKey({ columns: [t.organizationId, t.feature, t.startsAt] })],
);

/** Quarters of an hour whose buckets have to be computed again. */
export const analyticsAiDirty = pgTable(
  'analytics_ai_dirty',
  {
    organizationId: tenant(),
    /** The start of the quarter. */
    quarter: utcTimestamp('quarter').notNull(),
    since: utcTimestamp('since').notNull(),
    /**
     * Until when it waits because it, or another one of its organization, could not be computed; null if it does not
     * wait.
     */
    postponedUntil: utcTimestamp('postponed_until'),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.quarter] }),
    index('analytics_ai_dirty_since_idx').on(t.since),
  ],
);
