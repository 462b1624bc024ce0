import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, type PgColumn, pgTable, text } from 'drizzle-orm/pg-core';
import { createdAt, enumCheck, enumColumn, id, utcTimestamp } from '../db/index.ts';

/**
 * pending: committed and not yet published. done: published, so that each of its subscribers has a delivery.
 * published, running, dead: written by the previous version only, see `previous-version.queries.ts`.
 */
export const EVENT_STATUSES = ['pending', 'published', 'running', 'done', 'dead'] as const;

type Columns = Record<
  'id' | 'seq' | 'key' | 'partition' | 'status' | 'availableAt' | 'leaseUntil' | 'finishedAt',
  PgColumn
>;

/** Indexes for the queries of the previous version. */
const indexesOfPreviousVersion = (t: Columns) => [
  index('outbox_pending_idx')
    .on(t.partition, t.availableAt, t.seq)
    .where(sql`${t.status} = 'pending'`),
  index('outbox_turn_idx')
    .on(t.partition, t.key, t.seq)
    .where(sql`${t.status} in ('pending', 'published', 'running')`),
  index('outbox_flight_idx')
    .on(t.partition, t.key)
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
];

/** One row for each event, written in the transaction of the change it reports; it never changes its content. */
export const outbox = pgTable(
  'outbox',
  {
    id: id('id').primaryKey(),
    /** The order of writing, also within one commit: ids of the same millisecond have none. */
    seq: bigint('seq', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    /** Null for what belongs to no organization, such as a password reset. */
    organizationId: id('organization_id'),
    type: text('type').notNull(),
    /** A subscriber gets the events of one partition and key in the order of `seq`, one at a time. */
    key: text('key').notNull(),
    /** The unit of fairness: the organization, or the key of an event without one. */
    partition: id('lane')
      .notNull()
      .generatedAlwaysAs(sql`coalesce(organization_id, key)`),
    payload: jsonb('payload').$type<Record<string, unknown>>().notNull(),
    traceparent: text('traceparent').notNull(),
    status: enumColumn('status', EVENT_STATUSES).notNull().default('pending'),
    availableAt: utcTimestamp('available_at').notNull(),
    createdAt: createdAt(),
    publishedAt: utcTimestamp('published_at'),
    /** Which set of subscribers it was published to: a hash of their names and types. */
    subscriberSet: text('subscriber_set'),
    // For the previous version, which may run beside this one. This one writes none of the four.
    attempts: integer('attempts').notNull().default(0),
    leaseUntil: utcTimestamp('lease_until'),
    lastError: text('last_error'),
    finishedAt: utcTimestamp('finished_at'),
  },
  (t) => [
    index('outbox_unpublished_idx')
      .on(t.partition, t.seq)
      .where(sql`${t.status} = 'pending'`),
    index('outbox_missed_idx')
      .on(t.subscriberSet, sql`greatest(published_at, available_at)`)
      .where(sql`${t.status} = 'done'`),
    index('outbox_expired_idx')
      .on(t.publishedAt)
      .where(sql`${t.status} = 'done'`),
    index('outbox_organization_id_idx').on(t.organizationId, t.id),
    enumCheck('outbox_status_check', t.status, EVENT_STATUSES),
    ...indexesOfPreviousVersion(t),
  ],
);
