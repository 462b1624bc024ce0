import { z } from '@hono/zod-openapi';
import { idSchema, pageQuerySchema, pageSchema } from '../../kernel/core/index.ts';
import {
  CALL_STATUSES,
  END_REASONS,
  FACT_SOURCES,
  LEAVE_REASONS,
  PARTICIPANT_STATUSES,
  TRACK_KINDS,
  TRACK_SOURCES,
} from '../../calls/ledger/index.ts';
import { roomIdSchema, roomRoleSchema } from '../../rooms/rooms/index.ts';

export const callIdSchema = idSchema('call');
export const callParamsSchema = z.strictObject({ callId: callIdSchema });
const participantId = idSchema('participant');
const moment = z.iso.datetime();
const seconds = z.number().min(0);

/** Room types in the words of rooms. */
const roomType = z.enum(['one_to_one', 'group', 'conference', 'broadcast', 'audio_room']);

export const listCallsSchema = pageQuerySchema.extend({
  status: z.enum(CALL_STATUSES).optional(),
  roomId: roomIdSchema.optional(),
  /** The type of its room. */
  type: roomType.optional(),
  /** Made at or after. */
  from: moment.optional().openapi({ example: '2026-01-05T00:00:00Z' }),
  /** Made before. */
  to: moment.optional().openapi({ example: '2026-01-06T00:00:00Z' }),
});
export type ListCallsQuery = z.output<typeof listCallsSchema>;

const known = z
  .object({
    /** event: the cluster told, or it was done here. sweep: found in the cluster's lists. inferred: concluded. */
    how: z.enum(FACT_SOURCES),
    knownAt: moment,
    /** The moment lies within so many seconds before the one that is given; 0 when it was told. */
    uncertaintySeconds: seconds,
  })
  .openapi('Known', { description: 'How a moment is known' });

export const callSchema = z
  .object({
    id: callIdSchema,
    roomId: roomIdSchema,
    status: z.enum(CALL_STATUSES),
    region: z.string().nullable(),
    startedAt: moment.nullable(),
    started: known.nullable(),
    endedAt: moment.nullable(),
    ended: known.nullable(),
    endReason: z.enum(END_REASONS).nullable(),
    /** From start to end, or until now. */
    durationSeconds: seconds,
    /** The most who were connected at once, agents and observers aside; so far, while it runs. */
    peakParticipants: z.number().int().min(0),
    /** The time of everybody's connections together, until now for those that are open. */
    participantSeconds: seconds,
    /** What its clients say that they sent; null when none has said. */
    sentBytes: z.number().int().min(0).nullable(),
    receivedBytes: z.number().int().min(0).nullable(),
    createdAt: moment,
  })
  .openapi('Call');
export type CallView = z.output<typeof callSchema>;
export const callPageSchema = pageSchema(callSchema).openapi('CallPage');

const connection = z
  .object({
    sid: z.string(),
    name: z.string(),
    /** False when the attempt was given up before media was connected: it counts nowhere. */
    connected: z.boolean(),
    joinedAt: moment,
    joined: known,
    leftAt: moment.nullable(),
    left: known.nullable(),
    leaveReason: z.enum(LEAVE_REASONS).nullable(),
  })
  .openapi('CallConnection');

export const participantSchema = z
  .object({
    id: participantId,
    identity: z.string(),
    kind: z.enum(['user', 'guest', 'service', 'agent']),
    userId: idSchema('user').nullable(),
    name: z.string(),
    role: roomRoleSchema,
    status: z.enum(PARTICIPANT_STATUSES),
    region: z.string().nullable(),
    joinedAt: moment.nullable(),
    leftAt: moment.nullable(),
    connectedSeconds: seconds,
    connections: z.array(connection),
  })
  .openapi('CallParticipant');
export type CallParticipantView = z.output<typeof participantSchema>;
export const participantPageSchema = pageSchema(participantSchema).openapi('CallParticipantPage');

/** In the order in which things of the same moment are told. participant.failed: an attempt that was given up. */
export const TIMELINE_ENTRY_TYPES = [
  'call.started',
  'participant.joined',
  'track.published',
  'track.unpublished',
  'participant.failed',
  'participant.left',
  'call.ended',
] as const;

export const timelineEntrySchema = z
  .object({
    occurredAt: moment,
    type: z.enum(TIMELINE_ENTRY_TYPES),
    known,
    participantId: participantId.nullable(),
    identity: z.string().nullable(),
    name: z.string().nullable(),
    connectionSid: z.string().nullable(),
    trackSid: z.string().nullable(),
    kind: z.enum(TRACK_KINDS).nullable(),
    source: z.enum(TRACK_SOURCES).nullable(),
    /** Why a call or a connection ended. */
    reason: z.enum([...new Set([...END_REASONS, ...LEAVE_REASONS])]).nullable(),
  })
  .openapi('TimelineEntry');
export type TimelineEntryView = z.output<typeof timelineEntrySchema>;
export const timelinePageSchema = pageSchema(timelineEntrySchema).openapi('TimelinePage');
