import { sql } from 'drizzle-orm';
import { bigint, index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { createdAt, enumCheck, enumColumn, id, utcTimestamp } from '../db/index.ts';
import { outbox } from '../events/events.tables.ts';

/**
 * pending: waits for its time and its turn. published: its wakeup is in the queue. running: a consumer works on it.
 * done: its subscriber has handled the event. dead: given up with a reason, until an operator replays it.
 */
export const DELIVERY_STATUSES = ['pending', 'published', 'running', 'done', 'dead'] as const;

/** One event on its way to one subscriber. */
export const deliveries = pgTable(
  'deliveries',
  {
    /** Event id and subscriber. */
    id: id('id').primaryKey(),
    eventId: id('event_id')
      .notNull()
      .references(() => outbox.id, { onDelete: 'cascade' }),
    subscriber: text('subscriber').notNull(),
    organizationId: id('organization_id'),
    type: text('type').notNull(),
    key: text('key').notNull(),
    /** The unit of fairness: the organization, or the key of an event without one. */
    partition: id('partition')
      .notNull()
      .generatedAlwaysAs(sql`coalesce(organization_id, key)`),
    /** The event's: a subscriber gets the events of a partition and key in this order. */
    seq: bigint('seq', { mode: 'number' }).notNull(),
    status: enumColumn('status', DELIVERY_STATUSES).notNull().default('pending'),
    attempts: integer('attempts').notNull().default(0),
    availableAt: utcTimestamp('available_at').notNull(),
    /**
     * When it became due for the first time: when it was made, or later for a delayed event; and again at a replay. For
     * `ROLLOUT_MS` from then, a version that does not know its subscriber lets it wait.
     */
    dueAt: utcTimestamp('due_at').notNull(),
    /** When the lease ends; then any consumer may take it. */
    leaseUntil: utcTimestamp('lease_until'),
    lastError: text('last_error'),
    createdAt: createdAt(),
    finishedAt: utcTimestamp('finished_at'),
  },
  (t) => [
    index('deliveries_pending_idx')
      .on(t.partition, t.subscriber, t.availableAt, t.seq)
      .where(sql`${t.status} = 'pending'`),
    index('deliveries_turn_idx')
      .on(t.partition, t.subscriber, t.key, t.seq)
      .where(sql`${t.status} in ('pending', 'published', 'running')`),
    index('deliveries_in_flight_idx')
      .on(t.partition, t.subscriber, t.key)
      .where(sql`${t.status} in ('published', 'running')`),
    index('deliveries_lease_idx')
      .on(t.leaseUntil)
      .where(sql`${t.status} in ('published', 'running')`),
    index('deliveries_dead_idx')
      .on(t.id)
      .where(sql`${t.status} = 'dead'`),
    index('deliveries_done_idx')
      .on(t.finishedAt)
      .where(sql`${t.status} = 'done'`),
    index('deliveries_event_id_idx').on(t.eventId),
    index('deliveries_organization_id_idx').on(t.organizationId, t.id),
    enumCheck('deliveries_status_check', t.status, DELIVERY_STATUSES),
  ],
);
