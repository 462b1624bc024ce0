import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { apiKeys } from '../../identity/api-keys/api-keys.tables.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import { createdAt, enumCheck, enumColumn, id, utcTimestamp, version } from '../../kernel/db/index.ts';
import { STOP_REASONS } from '../providers/index.ts';
import type { SavedByReuse } from '../answer-cache/index.ts';
import { GENERATION_FAILURES, GENERATION_STATUSES, USAGE_STATES } from './generations.enums.ts';
import type { Attempt, GenerationOrigin, HedgeUse, StoredRoute } from './generations.ports.ts';

/** The requests to models: the asker, the time, how they ended and their usage. Neither question nor answer is here. */
export const aiGenerations = pgTable(
  'ai_generations',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    /**
     * The user or API key that asked, and may read the answer. Null for the other kind, and once the user is erased.
     */
    userId: id('user_id').references(() => users.id, { onDelete: 'set null' }),
    apiKeyId: id('api_key_id').references(() => apiKeys.id, { onDelete: 'set null' }),
    /** The feature that asked, and its object; their names are those of dimensions. */
    origin: jsonb('origin').$type<GenerationOrigin>().notNull().default({ feature: 'api' }),
    status: enumColumn('status', GENERATION_STATUSES).notNull(),
    failure: enumColumn('failure', GENERATION_FAILURES),
    stopReason: enumColumn('stop_reason', STOP_REASONS),
    /** The provider that answered; while it runs, the first that is asked. */
    provider: text('provider').notNull(),
    model: text('model').notNull(),
    /** Whether the provider was asked with a key of the organization, which it then charges. */
    ownKey: boolean('own_key').notNull(),
    usageState: enumColumn('usage_state', USAGE_STATES).notNull(),
    inputTokens: integer('input_tokens').notNull(),
    outputTokens: integer('output_tokens').notNull(),
    cacheReadTokens: integer('cache_read_tokens').notNull(),
    cacheWriteTokens: integer('cache_write_tokens').notNull(),
    cacheWriteHourTokens: integer('cache_write_hour_tokens').notNull(),
    /** The part of the output that was reasoning; null when the provider does not report it. */
    reasoningTokens: integer('reasoning_tokens'),
    firstOutputMs: integer('first_output_ms'),
    durationMs: integer('duration_ms'),
    /** The providers that were asked, in order. */
    attempts: jsonb('attempts').$type<readonly Attempt[]>().notNull(),
    /** Null for generations from before it was stored. */
    route: jsonb('route').$type<StoredRoute>(),
    /** The savings, when an answer was reused; null when a model was asked. */
    reused: jsonb('reused').$type<SavedByReuse>(),
    /** The second model that was asked at the same time, and its usage; null when one at a time was asked. */
    hedge: jsonb('hedge').$type<HedgeUse>(),
    createdAt: createdAt(),
    endedAt: utcTimestamp('ended_at'),
    version: version(),
  },
  (t) => [
    index('ai_generations_organization_id_idx').on(t.organizationId, t.id),
    // Running generations are counted, and searched.
    index('ai_generations_running_idx')
      .on(t.organizationId, t.ownKey)
      .where(sql`status = 'running'`),
    index('ai_generations_time_idx').on(t.organizationId, t.createdAt),
    index('ai_generations_user_id_idx').on(t.userId, t.id),
    index('ai_generations_api_key_id_idx').on(t.apiKeyId, t.id),
    enumCheck('ai_generations_status_check', t.status, GENERATION_STATUSES),
    enumCheck('ai_generations_failure_check', t.failure, GENERATION_FAILURES),
    enumCheck('ai_generations_stop_reason_check', t.stopReason, STOP_REASONS),
    enumCheck('ai_generations_usage_state_check', t.usageState, USAGE_STATES),
  ],
);

export type Generation = typeof aiGenerations.$inferSelect;
