import { sql } from 'drizzle-orm';
import { index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { callParticipants, calls } from '../../calls/calls/calls.tables.ts';
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
import { phoneNumbers } from '../phone-numbers/phone-numbers.tables.ts';
import { phoneTrunks } from '../phone-trunks/phone-trunks.tables.ts';
import {
  PHONE_CALL_DIRECTIONS,
  PHONE_CALL_REASONS,
  PHONE_CALL_STATES,
  TRANSFER_STATES,
} from './phone-calls.enums.ts';

export const phoneCalls = pgTable(
  'phone_calls',
  {
    /** Also the identity of its participant, unless that is another one. */
    id: id('id').primaryKey(),
    organizationId: tenant(),
    direction: enumColumn('direction', PHONE_CALL_DIRECTIONS).notNull().default('out'),
    roomId: id('room_id')
      .notNull()
      .references(() => rooms.id, { onDelete: 'cascade' }),
    /** The call that the telephone is brought into. */
    callId: id('call_id')
      .notNull()
      .references(() => calls.id, { onDelete: 'cascade' }),
    /** The cluster of that call. */
    cluster: text('cluster').notNull(),
    /** Its seat in that call. */
    participantId: id('participant_id')
      .notNull()
      .references(() => callParticipants.id, { onDelete: 'cascade' }),
    phoneTrunkId: id('phone_trunk_id').references(() => phoneTrunks.id, { onDelete: 'set null' }),
    /** The number that it came in by. */
    phoneNumberId: id('phone_number_id').references(() => phoneNumbers.id, { onDelete: 'set null' }),
    /** Identity of its participant, which the cluster gave it when it came in. */
    callerIdentity: text('caller_identity'),
    /** The called number, and the number that the called person sees, E.164; for an incoming call only the end of the latter. */
    number: text('number').notNull(),
    callerNumber: text('caller_number').notNull(),
    /** The prefix of the trunk that allows the number; for an incoming call the number that was called. */
    prefix: text('prefix').notNull(),
    /** What everybody in the call sees. */
    name: text('name').notNull(),
    /** Keys to press after the answer, encrypted, bound to the row: often they let somebody in elsewhere. Null once it was dialed. */
    sealedDigits: text('sealed_digits'),
    ringSeconds: integer('ring_seconds').notNull(),
    state: enumColumn('state', PHONE_CALL_STATES).notNull(),
    reason: enumColumn('reason', PHONE_CALL_REASONS),
    /** When it came into its state. */
    stateAt: utcTimestamp('state_at').notNull(),
    /** When the cluster was asked to dial, which it is once. */
    dialedAt: utcTimestamp('dialed_at'),
    /** The connection of its participant at the cluster; null before one was seen. */
    connectionSid: text('connection_sid'),
    /** Since when its participant has been gone without a reason in the ledger. */
    missingAt: utcTimestamp('missing_at'),
    /** Where the other side is, or was, to be connected to; null without a transfer. */
    transferNumber: text('transfer_number'),
    transferState: enumColumn('transfer_state', TRANSFER_STATES),
    /** How often a transfer was asked for, and when last. */
    transfers: integer('transfers').notNull().default(0),
    transferredAt: utcTimestamp('transferred_at'),
    answeredAt: utcTimestamp('answered_at'),
    endedAt: utcTimestamp('ended_at'),
    /** Identity of the person who asked for it. */
    requestedBy: text('requested_by').notNull(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    index('phone_calls_organization_id_idx').on(t.organizationId, t.id),
    index('phone_calls_organization_answered_idx').on(t.organizationId, t.answeredAt),
    index('phone_calls_organization_created_idx').on(t.organizationId, t.createdAt),
    index('phone_calls_organization_transferred_idx').on(t.organizationId, t.transferredAt),
    index('phone_calls_room_id_idx').on(t.roomId, t.id),
    index('phone_calls_call_id_idx').on(t.callId),
    index('phone_calls_participant_id_idx').on(t.participantId),
    index('phone_calls_phone_trunk_id_idx').on(t.phoneTrunkId),
    index('phone_calls_phone_number_id_idx').on(t.phoneNumberId),
    enumCheck('phone_calls_direction_check', t.direction, PHONE_CALL_DIRECTIONS),
    index('phone_calls_open_idx')
      .on(t.id)
      .where(sql`${t.state} not in ('ended', 'failed')`),
    enumCheck('phone_calls_state_check', t.state, PHONE_CALL_STATES),
    enumCheck('phone_calls_reason_check', t.reason, PHONE_CALL_REASONS),
    enumCheck('phone_calls_transfer_state_check', t.transferState, TRANSFER_STATES),
  ],
);

export type PhoneCall = typeof phoneCalls.$inferSelect;
