import { sql } from 'drizzle-orm';
import { boolean, index, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { calls } from '../../calls/calls/calls.tables.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import { createdAt, id, utcTimestamp } from '../../kernel/db/index.ts';
import { recordings } from '../../media/recordings/recordings.tables.ts';
import { rooms } from '../rooms/rooms.tables.ts';

/** Each running or pending recording: people must know of it before they join. */
export const announcedRecordings = pgTable(
  'announced_recordings',
  {
    recordingId: id('recording_id')
      .primaryKey()
      .references(() => recordings.id, { onDelete: 'cascade' }),
    organizationId: tenant(),
    callId: id('call_id')
      .notNull()
      .references(() => calls.id, { onDelete: 'cascade' }),
    /** Whether everybody in the call has to agree to it. */
    consentRequired: boolean('consent_required').notNull(),
    /** When everybody had agreed; null while it waits for that, and for one that needs no consent. */
    agreedAt: utcTimestamp('agreed_at'),
    createdAt: createdAt(),
  },
  (t) => [
    index('announced_recordings_call_id_idx').on(t.callId),
    index('announced_recordings_organization_id_idx').on(t.organizationId),
  ],
);

/** One row each time a person agreed to be recorded in a call, or refused to. */
export const recordingConsents = pgTable(
  'recording_consents',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    roomId: id('room_id')
      .notNull()
      .references(() => rooms.id, { onDelete: 'cascade' }),
    callId: id('call_id')
      .notNull()
      .references(() => calls.id, { onDelete: 'cascade' }),
    identity: text('identity').notNull(),
    userId: id('user_id').references(() => users.id, { onDelete: 'cascade' }),
    /** Null for a refusal. */
    givenAt: utcTimestamp('given_at'),
    /** When it was withdrawn, or refused; null while it holds. */
    withdrawnAt: utcTimestamp('withdrawn_at'),
    createdAt: createdAt(),
  },
  (t) => [
    uniqueIndex('recording_consents_held_key')
      .on(t.callId, t.identity)
      .where(sql`${t.withdrawnAt} is null`),
    index('recording_consents_call_id_idx').on(t.callId, t.withdrawnAt),
    index('recording_consents_room_id_idx').on(t.roomId, t.id),
    index('recording_consents_organization_id_idx').on(t.organizationId),
    index('recording_consents_user_id_idx').on(t.userId),
  ],
);

export type RecordingConsent = typeof recordingConsents.$inferSelect;
export type AnnouncedRecording = typeof announcedRecordings.$inferSelect;
