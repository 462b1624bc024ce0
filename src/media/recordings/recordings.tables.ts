import { sql } from 'drizzle-orm';
import { bigint, index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
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
import { RECORDING_KINDS, RECORDING_REASONS, RECORDING_STATES } from './recordings.enums.ts';

export const recordings = pgTable(
  'recordings',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    roomId: id('room_id')
      .notNull()
      .references(() => rooms.id, { onDelete: 'cascade' }),
    callId: id('call_id')
      .notNull()
      .references(() => calls.id, { onDelete: 'cascade' }),
    /** Null after the bucket was removed. */
    bucketId: id('bucket_id').references(() => buckets.id, { onDelete: 'set null' }),
    /** The LiveKit cluster of the call. */
    cluster: text('cluster').notNull(),
    kind: enumColumn('kind', RECORDING_KINDS).notNull(),
    state: enumColumn('state', RECORDING_STATES).notNull(),
    reason: enumColumn('reason', RECORDING_REASONS),
    objectKey: text('object_key').notNull(),
    /** Of the cluster; null until it has begun. */
    egress: text('egress'),
    /** As the cluster reported, later verified. */
    sizeBytes: bigint('size_bytes', { mode: 'number' }),
    durationMs: bigint('duration_ms', { mode: 'number' }),
    /** Identity of who asked for it. */
    requestedBy: text('requested_by').notNull(),
    startedAt: utcTimestamp('started_at'),
    stopRequestedAt: utcTimestamp('stop_requested_at'),
    endedAt: utcTimestamp('ended_at'),
    deleteRequestedAt: utcTimestamp('delete_requested_at'),
    /** When it came into its state. */
    stateAt: utcTimestamp('state_at').notNull(),
    /** When the cluster's list last had it. */
    listedAt: utcTimestamp('listed_at'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('recordings_organization_id_idx').on(t.organizationId, t.id),
    index('recordings_room_id_idx').on(t.roomId, t.id),
    index('recordings_call_id_idx').on(t.callId),
    index('recordings_bucket_id_idx').on(t.bucketId),
    uniqueIndex('recordings_running_key')
      .on(t.callId)
      .where(sql`${t.state} in ('requested', 'starting', 'active')`),
    index('recordings_open_idx')
      .on(t.stateAt)
      .where(sql`${t.state} in ('requested', 'starting', 'active', 'finalizing', 'verifying')`),
    enumCheck('recordings_kind_check', t.kind, RECORDING_KINDS),
    enumCheck('recordings_state_check', t.state, RECORDING_STATES),
    enumCheck('recordings_reason_check', t.reason, RECORDING_REASONS),
  ],
);

export type Recording = typeof recordings.$inferSelect;
