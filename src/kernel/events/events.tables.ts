import { sql } from 'drizzle-orm';
import { bigint, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { createdAt, enumCheck, enumColumn, id, utcTimestamp } from '../db/index.ts';

/** pending: committed and not yet published. published: each of its subscribers has a delivery. */
export const EVENT_STATUSES = ['pending', 'published'] as const;

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
  },
  (t) => [
    index('outbox_pending_idx')
      .on(t.partition, t.seq)
      .where(sql`${t.status} = 'pending'`),
    index('outbox_published_idx')
      .on(t.subscriberSet, t.publishedAt)
      .where(sql`${t.status} = 'published'`),
    index('outbox_expired_idx')
      .on(t.publishedAt)
      .where(sql`${t.status} = 'published'`),
    index('outbox_organization_id_idx').on(t.organizationId, t.id),
    enumCheck('outbox_status_check', t.status, EVENT_STATUSES),
  ],
);
