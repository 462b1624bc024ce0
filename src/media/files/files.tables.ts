import { bigint, check, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { type SQLWrapper, sql } from 'drizzle-orm';
import { calls } from '../../calls/calls/calls.tables.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
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
import { FILE_ACCESS, FILE_STATUSES, PREVIEW_STATUSES, SCAN_STATUSES } from './files.enums.ts';
import type { Preview } from './preview.schemas.ts';

/** Neither being uploaded nor deleted: what lists show. */
const isKept = (t: { status: SQLWrapper; deletedAt: SQLWrapper }) =>
  sql`${t.status} = 'stored' and ${t.deletedAt} is null`;

/**
 * Files, each with its bytes at `files/<organization>/<id>[.<suffix>]` in object storage: the row exists before the
 * first byte.
 */
export const files = pgTable(
  'files',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    /** Its owner; null when an API key uploaded it. */
    userId: id('user_id').references(() => users.id, { onDelete: 'cascade' }),
    /** The user or the API key that uploaded it. */
    uploadedBy: id('uploaded_by').notNull(),
    name: text('name').notNull(),
    /** By content; until that is known, as the uploader stated it. */
    contentType: text('content_type').notNull(),
    /** For an upload under way, its final size, which counts already. */
    sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull(),
    /** SHA-256 in hex; null while it is not known. */
    checksum: text('checksum'),
    /** Suffix of the key of its bytes after a smaller copy has replaced the uploaded ones; null before. */
    objectSuffix: text('object_suffix'),
    /** When its bytes were replaced. */
    replacedAt: utcTimestamp('replaced_at'),
    access: enumColumn('access', FILE_ACCESS).notNull(),
    roomId: id('room_id').references(() => rooms.id, { onDelete: 'set null' }),
    /** The call of the room during which it was shared. */
    callId: id('call_id').references(() => calls.id, { onDelete: 'set null' }),
    status: enumColumn('status', FILE_STATUSES).notNull(),
    /** When an upload that has not ended is given up; null once it has. */
    uploadEndsAt: utcTimestamp('upload_ends_at'),
    scanStatus: enumColumn('scan_status', SCAN_STATUSES).notNull(),
    scanAttempts: integer('scan_attempts').notNull().default(0),
    previewStatus: enumColumn('preview_status', PREVIEW_STATUSES).notNull().default('none'),
    previewAttempts: integer('preview_attempts').notNull().default(0),
    /** Null while it is not ready. */
    preview: jsonb('preview').$type<Preview>(),
    expiresAt: utcTimestamp('expires_at'),
    deletedAt: utcTimestamp('deleted_at'),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('files_organization_id_idx').on(t.organizationId, t.id),
    index('files_access_idx').on(t.organizationId, t.access, t.id).where(isKept(t)),
    index('files_uploaded_by_idx').on(t.organizationId, t.uploadedBy, t.id).where(isKept(t)),
    index('files_deleted_idx')
      .on(t.organizationId, t.id)
      .where(sql`${t.deletedAt} is not null`),
    index('files_deleted_by_owner_idx')
      .on(t.organizationId, t.uploadedBy, t.id)
      .where(sql`${t.deletedAt} is not null`),
    index('files_room_id_idx').on(t.roomId, t.access, t.id),
    index('files_call_id_idx').on(t.callId, t.access, t.id),
    index('files_user_id_idx').on(t.userId),
    index('files_uploads_idx')
      .on(t.organizationId, t.uploadedBy, t.id)
      .where(sql`${t.status} = 'uploading'`),
    index('files_upload_ends_at_idx')
      .on(t.uploadEndsAt)
      .where(sql`${t.uploadEndsAt} is not null`),
    index('files_expires_at_idx')
      .on(t.expiresAt)
      .where(sql`${t.expiresAt} is not null`),
    index('files_deleted_at_idx')
      .on(t.deletedAt)
      .where(sql`${t.deletedAt} is not null`),
    index('files_scan_pending_idx')
      .on(t.id)
      .where(sql`${t.scanStatus} in ('pending', 'unscanned') and ${t.status} = 'stored'`),
    index('files_preview_pending_idx')
      .on(t.id)
      .where(sql`${t.previewStatus} = 'pending'`),
    enumCheck('files_preview_status_check', t.previewStatus, PREVIEW_STATUSES),
    check('files_preview_check', sql`(${t.previewStatus} = 'ready') = (${t.preview} is not null)`),
    enumCheck('files_access_check', t.access, FILE_ACCESS),
    enumCheck('files_status_check', t.status, FILE_STATUSES),
    enumCheck('files_scan_status_check', t.scanStatus, SCAN_STATUSES),
    check('files_replaced_check', sql`(${t.objectSuffix} is null) = (${t.replacedAt} is null)`),
    check('files_size_bytes_check', sql`${t.sizeBytes} >= 0`),
    check('files_upload_check', sql`(${t.status} = 'uploading') = (${t.uploadEndsAt} is not null)`),
  ],
);
