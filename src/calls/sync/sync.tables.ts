import { sql } from 'drizzle-orm';
import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { utcTimestamp } from '../../kernel/db/index.ts';

/**
 * What a cluster told, as it came: stored before it is answered, reduced afterwards. Of no tenant: a cluster signed it,
 * and what it says of whom is for the reduction to find out.
 */
export const livekitEvents = pgTable(
  'livekit_events',
  {
    /** LiveKit's event id: the cluster's own, another may give the same. */
    id: text('id').notNull(),
    /** The name of the cluster that signed it. */
    cluster: text('cluster').notNull(),
    /** The name of the LiveKit room: a call's id. */
    room: text('room').notNull(),
    type: text('type').notNull(),
    body: text('body').notNull(),
    receivedAt: utcTimestamp('received_at').notNull(),
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
