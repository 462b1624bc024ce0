import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { createdAt, id, utcTimestamp, enumColumn, enumCheck } from '../db/index.ts';

/**
 * pending: waits for its time and its turn. published: handed to the queue. running: a consumer works on it.
 * done: finished. dead: gave up, with the reason, until an operator replays it.
 */
export const OUTBOX_STATUSES = ['pending', 'published', 'running', 'done', 'dead'] as const;

export const outbox = pgTable(
  'outbox',
  {
    id: id('id').primaryKey(),
    /** The order of writing, also within one commit: ids of the same millisecond have none. */
    seq: bigint('seq', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    /** Null for what belongs to no organization, such as a password reset. */
    organizationId: id('organization_id'),
    type: text('type').notNull(),
    /** Messages of one organization with the same key are handled one after another, in the order they were made. */
    key: text('key').notNull(),
    /** Who takes turns: the organization, or the key for what belongs to none. */
    lane: id('lane')
      .notNull()
      .generatedAlwaysAs(sql`coalesce(organization_id, key)`),
    payload: jsonb('payload').$type<Record<string, unknown>>().notNull(),
    traceparent: text('traceparent').notNull(),
    status: enumColumn('status', OUTBOX_STATUSES).notNull().default('pending'),
    attempts: integer('attempts').notNull().default(0),
    availableAt: utcTimestamp('available_at').notNull(),
    /** Until when a published or running message is in someone's hands; after that it is anyone's again. */
    leaseUntil: utcTimestamp('lease_until'),
    lastError: text('last_error'),
    createdAt: createdAt(),
    finishedAt: utcTimestamp('finished_at'),
  },
  (t) => [
    index('outbox_pending_idx')
      .on(t.lane, t.availableAt, t.seq)
      .where(sql`${t.status} = 'pending'`),
    index('outbox_turn_idx')
      .on(t.lane, t.key, t.seq)
      .where(sql`${t.status} in ('pending', 'published', 'running')`),
    index('outbox_flight_idx')
      .on(t.lane, t.key)
      .where(sql`${t.status} in ('published', 'running')`),
    index('outbox_lease_idx')
      .on(t.leaseUntil)
      .where(sql`${t.status} in ('published', 'running')`),
    index('outbox_dead_idx')
      .on(t.id)
      .where(sql`${t.status} = 'dead'`),
    index('outbox_done_idx')
      .on(t.finishedAt)
      .where(sql`${t.status} = 'done'`),
    index('outbox_organization_id_idx').on(t.organizationId, t.id),
    enumCheck('outbox_status_check', t.status, OUTBOX_STATUSES),
  ],
);
