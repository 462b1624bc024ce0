import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
} from 'drizzle-orm/pg-core';
import { apiKeys } from '../../identity/api-keys/api-keys.tables.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import { createdAt, enumCheck, enumColumn, id, utcTimestamp, version } from '../../kernel/db/index.ts';
import { aiGenerations } from '../generations/generations.tables.ts';
import { GENERATION_FAILURES } from '../generations/index.ts';
import { type AiProviderName, STOP_REASONS } from '../providers/index.ts';
import { BATCH_CANCEL_REASONS, BATCH_REQUEST_STATUSES, BATCH_STATUSES } from './generation-batches.enums.ts';

/** Requests to models that their provider answers together within a day. */
export const aiBatches = pgTable(
  'ai_batches',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    /** The user or API key that asked. Null for the other kind, and once the user is erased. */
    userId: id('user_id').references(() => users.id, { onDelete: 'set null' }),
    apiKeyId: id('api_key_id').references(() => apiKeys.id, { onDelete: 'set null' }),
    provider: text('provider').$type<AiProviderName>().notNull(),
    /** Whether it is asked with a key of the organization, which its provider then charges. */
    ownKey: boolean('own_key').notNull(),
    /** Its id at the provider; null until the provider has taken it. */
    providerBatchId: text('provider_batch_id'),
    status: enumColumn('status', BATCH_STATUSES).notNull(),
    cancelReason: enumColumn('cancel_reason', BATCH_CANCEL_REASONS),
    /** Why it failed as a whole; while it runs, why its provider could not be asked the last time. */
    failure: enumColumn('failure', GENERATION_FAILURES),
    requestCount: integer('request_count').notNull(),
    /** How many requests ended in each way; null until the results are there. */
    resultCounts: jsonb('result_counts').$type<Readonly<Record<string, number>>>(),
    /** Whether the most that it can cost is reserved in the budget. */
    isReserved: boolean('is_reserved').notNull(),
    /** When its provider is asked next; null once it is over. */
    nextPollAt: utcTimestamp('next_poll_at'),
    createdAt: createdAt(),
    endedAt: utcTimestamp('ended_at'),
    version: version(),
  },
  (t) => [
    index('ai_batches_organization_id_idx').on(t.organizationId, t.id),
    index('ai_batches_user_id_idx').on(t.userId, t.id),
    index('ai_batches_api_key_id_idx').on(t.apiKeyId, t.id),
    index('ai_batches_next_poll_at_idx')
      .on(t.nextPollAt)
      .where(sql`${t.nextPollAt} is not null`),
    index('ai_batches_ended_at_idx').on(t.endedAt),
    enumCheck('ai_batches_status_check', t.status, BATCH_STATUSES),
    enumCheck('ai_batches_cancel_reason_check', t.cancelReason, BATCH_CANCEL_REASONS),
    enumCheck('ai_batches_failure_check', t.failure, GENERATION_FAILURES),
  ],
);

/** The requests of batches, without their questions; answers are encrypted. */
export const aiBatchRequests = pgTable(
  'ai_batch_requests',
  {
    organizationId: tenant(),
    batchId: id('batch_id')
      .notNull()
      .references(() => aiBatches.id, { onDelete: 'cascade' }),
    /** From 1, in the order of the request. */
    position: integer('position').notNull(),
    /** The caller's own id, also sent to the provider. */
    customId: text('custom_id').notNull(),
    model: text('model').notNull(),
    /** The most that it can cost, in millionths of a USD; null when nothing is reserved for it. */
    mostMicros: bigint('most_micros', { mode: 'number' }),
    status: enumColumn('status', BATCH_REQUEST_STATUSES).notNull(),
    stopReason: enumColumn('stop_reason', STOP_REASONS),
    /** The provider's own error. */
    errorType: text('error_type'),
    errorMessage: text('error_message'),
    generationId: id('generation_id').references(() => aiGenerations.id, { onDelete: 'set null' }),
    /** The answer, encrypted, bound to this row; null without one. */
    sealedOutput: text('sealed_output'),
  },
  (t) => [
    primaryKey({ columns: [t.batchId, t.position] }),
    unique('ai_batch_requests_custom_id_key').on(t.batchId, t.customId),
    index('ai_batch_requests_organization_id_idx').on(t.organizationId),
    index('ai_batch_requests_generation_id_idx').on(t.generationId),
    enumCheck('ai_batch_requests_status_check', t.status, BATCH_REQUEST_STATUSES),
    enumCheck('ai_batch_requests_stop_reason_check', t.stopReason, STOP_REASONS),
  ],
);

export type Batch = typeof aiBatches.$inferSelect;
export type BatchRequestRow = typeof aiBatchRequests.$inferSelect;
