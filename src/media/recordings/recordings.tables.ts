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
import { RECORDING_STORAGES } from '../recording-objects/index.ts';
import {
  DELETION_CAUSES,
  RECORDING_KINDS,
  RECORDING_REASONS,
  RECORDING_STATES,
  STOP_REASONS,
} from './recordings.enums.ts';

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
    storage: enumColumn('storage', RECORDING_STORAGES).notNull().default('bucket'),
    /** Null in the storage of the product, and after the bucket was removed. */
    bucketId: id('bucket_id').references(() => buckets.id, { onDelete: 'set null' }),
    /** The LiveKit cluster of the call. */
    cluster: text('cluster').notNull(),
    kind: enumColumn('kind', RECORDING_KINDS).notNull(),
    /** The identity or the track that is recorded; empty for the whole call. */
    subject: text('subject').notNull(),
    state: enumColumn('state', RECORDING_STATES).notNull(),
    reason: enumColumn('reason', RECORDING_REASONS),
    objectKey: text('object_key').notNull(),
    /** Id of the egress at the cluster; null until it has begun. */
    egress: text('egress'),
    /** ETag of the verified object: another one means that the file has changed since. */
    etag: text('etag'),
    /** SHA-256 of the object as it was verified, in lower-case hex; null when it could not be read for it. */
    checksum: text('checksum'),
    /** When its bytes were last begun to be read for the checksum. */
    checksumBegunAt: utcTimestamp('checksum_begun_at'),
    /** As the cluster reported at its end, later verified. */
    sizeBytes: bigint('size_bytes', { mode: 'number' }),
    /** Its bytes in the storage of the product; a trigger counts them (`count_recordings`). */
    storedBytes: bigint('stored_bytes', { mode: 'number' }).notNull().default(0),
    durationMs: bigint('duration_ms', { mode: 'number' }),
    /** Identity of the person who asked for it. */
    requestedBy: text('requested_by').notNull(),
    /** Until when everybody in the call has to have agreed; null if it needs no consent. */
    consentDueAt: utcTimestamp('consent_due_at'),
    /** When everybody had agreed. */
    agreedAt: utcTimestamp('agreed_at'),
    /** When the cluster was last asked to begin it. */
    begunAt: utcTimestamp('begun_at'),
    startedAt: utcTimestamp('started_at'),
    stopRequestedAt: utcTimestamp('stop_requested_at'),
    stopReason: enumColumn('stop_reason', STOP_REASONS),
    endedAt: utcTimestamp('ended_at'),
    /** When its file is deleted; null for never. */
    expiresAt: utcTimestamp('expires_at'),
    /** When its deletion was decided; after that nothing stops it. */
    deleteRequestedAt: utcTimestamp('delete_requested_at'),
    deletionCause: enumColumn('deletion_cause', DELETION_CAUSES),
    /** The person who holds it, and the reason, while it is held. */
    heldBy: text('held_by'),
    heldFor: text('held_for'),
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
      .on(t.callId, t.subject)
      .where(sql`${t.state} in ('requested', 'starting', 'active')`),
    index('recordings_open_idx')
      .on(t.stateAt)
      .where(sql`${t.state} in ('requested', 'starting', 'active', 'finalizing', 'verifying')`),
    index('recordings_expires_at_idx')
      .on(t.expiresAt)
      .where(
        sql`${t.state} in ('ready', 'compressing', 'failed', 'lost') and ${t.deleteRequestedAt} is null`,
      ),
    index('recordings_deleting_idx')
      .on(t.deleteRequestedAt)
      .where(sql`${t.deleteRequestedAt} is not null and ${t.state} not in ('expired', 'deleted')`),
    enumCheck('recordings_storage_check', t.storage, RECORDING_STORAGES),
    enumCheck('recordings_kind_check', t.kind, RECORDING_KINDS),
    enumCheck('recordings_state_check', t.state, RECORDING_STATES),
    enumCheck('recordings_reason_check', t.reason, RECORDING_REASONS),
    enumCheck('recordings_stop_reason_check', t.stopReason, STOP_REASONS),
    enumCheck('recordings_deletion_cause_check', t.deletionCause, DELETION_CAUSES),
  ],
);

export type Recording = typeof recordings.$inferSelect;
