import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { calls } from '../../calls/calls/calls.tables.ts';
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
import { rooms } from '../../rooms/rooms/rooms.tables.ts';
import { buckets } from '../buckets/buckets.tables.ts';
import { STREAM_LAYOUTS, STREAM_REASONS, STREAM_STATES, STREAM_STOP_REASONS } from './streams.enums.ts';
import type { StreamTarget } from '../stream-targets/index.ts';

export const streams = pgTable(
  'streams',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    roomId: id('room_id')
      .notNull()
      .references(() => rooms.id, { onDelete: 'cascade' }),
    callId: id('call_id')
      .notNull()
      .references(() => calls.id, { onDelete: 'cascade' }),
    /** The LiveKit cluster of the call. */
    cluster: text('cluster').notNull(),
    layout: enumColumn('layout', STREAM_LAYOUTS).notNull(),
    state: enumColumn('state', STREAM_STATES).notNull(),
    reason: enumColumn('reason', STREAM_REASONS),
    /** They change with the stream and are read with it, at most some dozens. Their addresses are encrypted. */
    targets: jsonb('targets').$type<StreamTarget[]>().notNull(),
    /** Where segments are written; null when none are, or after the bucket was removed. */
    bucketId: id('bucket_id').references(() => buckets.id, { onDelete: 'set null' }),
    /** Folder of the segments in the bucket; null when none are written. */
    segmentFolder: text('segment_folder'),
    segmentSeconds: integer('segment_seconds'),
    segmentCount: integer('segment_count').notNull(),
    segmentBytes: bigint('segment_bytes', { mode: 'number' }).notNull(),
    /** Id of the egress at the cluster; null until it has begun. */
    egress: text('egress'),
    /** Identity of the person who asked for it. */
    requestedBy: text('requested_by').notNull(),
    /** When the cluster was last asked to begin it. */
    begunAt: utcTimestamp('begun_at'),
    startedAt: utcTimestamp('started_at'),
    stopRequestedAt: utcTimestamp('stop_requested_at'),
    stopReason: enumColumn('stop_reason', STREAM_STOP_REASONS),
    endedAt: utcTimestamp('ended_at'),
    /** When it came into its state. */
    stateAt: utcTimestamp('state_at').notNull(),
    /** When the cluster's list last had it. */
    listedAt: utcTimestamp('listed_at'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('streams_organization_id_idx').on(t.organizationId, t.id),
    index('streams_room_id_idx').on(t.roomId, t.id),
    index('streams_call_id_idx').on(t.callId),
    index('streams_bucket_id_idx').on(t.bucketId),
    uniqueIndex('streams_running_key')
      .on(t.callId)
      .where(sql`${t.state} in ('requested', 'starting', 'active')`),
    index('streams_open_idx')
      .on(t.stateAt)
      .where(sql`${t.state} in ('requested', 'starting', 'active', 'finalizing')`),
    enumCheck('streams_layout_check', t.layout, STREAM_LAYOUTS),
    enumCheck('streams_state_check', t.state, STREAM_STATES),
    enumCheck('streams_reason_check', t.reason, STREAM_REASONS),
    enumCheck('streams_stop_reason_check', t.stopReason, STREAM_STOP_REASONS),
  ],
);

export type Stream = typeof streams.$inferSelect;
