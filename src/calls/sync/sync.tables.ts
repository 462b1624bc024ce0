import { sql } from 'drizzle-orm';
import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { utcTimestamp } from '../../kernel/db/index.ts';

/**
 * Webhook events of the media clusters, as they were received: stored before the webhook is answered, reduced into the
 * ledger afterwards. They have no tenant: the reduction finds the organization by the call.
 */
export const livekitEvents = pgTable(
  'livekit_events',
  {
    /** LiveKit's event id; unique within its cluster only. */
    id: text('id').notNull(),
    /** The name of the cluster that signed the event. */
    cluster: text('cluster').notNull(),
    /** The name of the LiveKit room: the call's id. */
    room: text('room').notNull(),
    /** LiveKit's name of the event: `participant_joined` … */
    type: text('type').notNull(),
    /** The webhook's body, JSON. */
    body: text('body').notNull(),
    receivedAt: utcTimestamp('received_at').notNull(),
    /** Null until the event is in the ledger. */
    reducedAt: utcTimestamp('reduced_at'),
  },
  (t) => [
    primaryKey({ columns: [t.cluster, t.id] }),
    index('livekit_events_waiting_idx')
      .on(t.room, t.receivedAt)
      .where(sql`${t.reducedAt} is null`),
    index('livekit_events_received_at_idx').on(t.receivedAt),
  ],
);
