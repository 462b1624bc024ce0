import { z } from '@hono/zod-openapi';
import { idSchema, momentSchema, pageQuerySchema, pageSchema } from '../../kernel/core/index.ts';
import { PARTICIPANT_KINDS } from '../../calls/calls/index.ts';
import {
  CALL_STATUSES,
  END_REASONS,
  FACT_SOURCES,
  LEAVE_REASONS,
  PARTICIPANT_STATUSES,
  TRACK_KINDS,
  TRACK_SOURCES,
} from '../../calls/ledger/index.ts';
import { ROOM_TYPES, roomIdSchema, roomRoleSchema } from '../../rooms/rooms/index.ts';

export const callIdSchema = idSchema('call').openapi({ description: 'Id of the call.' });
export const callParamsSchema = z.strictObject({ callId: callIdSchema });

const roomId = roomIdSchema.openapi({ description: 'Id of the room that the call is held in.' });
const participantId = idSchema('participant').openapi({ description: 'Id of the participant in this call.' });
const identityText =
  'Identity in the call, up to 140 characters: `usr_…` for a member, `gst_…` for a guest, `ext_…` for a participant ' +
  'represented by an API key, `agt_…` for an agent. Others connected without a token of this API.';
const moment = (description: string) => z.iso.datetime().openapi({ description });
const seconds = (description: string) => z.number().min(0).openapi({ description });

export const listCallsSchema = pageQuerySchema.extend({
  status: z.enum(CALL_STATUSES).optional().openapi({ description: 'Only calls with this status.' }),
  roomId: roomIdSchema.optional().openapi({ description: 'Only calls in this room.' }),
  type: z.enum(ROOM_TYPES).optional().openapi({ description: 'Only calls in rooms of this type.' }),
  from: momentSchema.optional().openapi({
    description: 'Only calls created at or after this moment.',
    example: '2026-01-05T00:00:00Z',
  }),
  to: momentSchema.optional().openapi({
    description: 'Only calls created before this moment.',
    example: '2026-01-06T00:00:00Z',
  }),
});
export type ListCallsQuery = z.output<typeof listCallsSchema>;

const known = z
  .object({
    how: z.enum(FACT_SOURCES).openapi({
      description:
        '`event`: the media cluster reported it, or it was done through this API. `sweep`: found in the lists of the ' +
        'media cluster, which are compared each minute. `inferred`: concluded from other facts.',
    }),
    knownAt: moment('When the product learned of it.'),
    uncertaintySeconds: seconds(
      'The moment lies at most this many seconds before the time that is given; 0 when the time is exact. A time that ' +
        'the media cluster reports in whole seconds has 1, because it may also be up to a second later.',
    ),
  })
  .openapi('Known', { description: 'How a moment is known, and how exactly.' });
const knownOrNull = (description: string) => z.union([known, z.null()]).openapi({ description });

export const callSchema = z
  .object({
    id: callIdSchema,
    roomId,
    status: z.enum(CALL_STATUSES).openapi({
      description:
        '`waiting`: nobody has connected yet. `active`: in progress. `ended`: over. `failed`: over, and nobody ever ' +
        'connected.',
    }),
    region: z.string().nullable().openapi({
      description:
        'Continent of the first participant as two letters (`EU`), which decides the media cluster; null when unknown.',
    }),
    startedAt: moment('When the call started; null until the first participant connects.').nullable(),
    started: knownOrNull('How `startedAt` is known; null until the first participant connects.'),
    endedAt: moment('When the call ended; null while it is open.').nullable(),
    ended: knownOrNull('How `endedAt` is known; null while the call is open.'),
    endReason: z
      .enum(END_REASONS)
      .nullable()
      .openapi({
        description:
          '`closed`: a host ended it, or the media cluster closed it. `empty`: everybody had left. `out_of_time`: it ' +
          'reached the maximum duration of the room. `lost`: the media cluster no longer has it. `nobody_came`: no ' +
          'participant connected in time. `alone`: one person was alone in it for longer than the room allows. ' +
          '`out_of_minutes`: the plan of the organization had no participant minutes left for an hour. `out_of_budget`: the ' +
          'spending limit of the organization was reached. Null while the call is open.',
      }),
    durationSeconds: seconds('From start to end, or until now while the call is active; 0 before the start.'),
    peakParticipants: z.number().int().min(0).openapi({
      description: 'Most participants connected at the same time so far, without agents and observers.',
    }),
    participantSeconds: seconds('Sum of all connections’ durations; open connections count until now.'),
    sentBytes: z.number().int().min(0).nullable().openapi({
      description:
        'Bytes sent by all participants, as their clients report; null when no client has reported.',
    }),
    receivedBytes: z.number().int().min(0).nullable().openapi({
      description:
        'Bytes received by all participants, as their clients report; null when no client has reported.',
    }),
    createdAt: moment('When the call was created: the first participant got a token.'),
  })
  .openapi('Call', { description: 'A call in a room, from its first token until its end.' });
export type CallView = z.output<typeof callSchema>;
export const callPageSchema = pageSchema(callSchema).openapi('CallPage');

const connection = z
  .object({
    sid: z.string().openapi({ description: 'Id that LiveKit gave the connection.' }),
    name: z.string().openapi({ description: 'Display name on this connection.' }),
    connected: z.boolean().openapi({
      description:
        'False for an attempt that failed before media was connected; such an attempt counts in no duration.',
    }),
    joinedAt: moment('When the participant joined on this connection.'),
    joined: known,
    leftAt: moment('When the connection ended; null while it is open.').nullable(),
    left: knownOrNull('How `leftAt` is known; null while the connection is open.'),
    leaveReason: z
      .enum(LEAVE_REASONS)
      .nullable()
      .openapi({
        description:
          'Why the connection ended. `replaced`: the same identity connected again, here or on another device. ' +
          '`moved`: to another node of the media cluster. Null while it is open, or when the reason is not known.',
      }),
  })
  .openapi('CallConnection', { description: 'One connection of a participant to the media cluster.' });

export const participantSchema = z
  .object({
    id: participantId,
    identity: z.string().openapi({ description: identityText }),
    kind: z.enum(PARTICIPANT_KINDS).openapi({
      description:
        '`user`: a member of the organization. `guest`: joined through a link. `service`: represented by an API key, or ' +
        'added by the media cluster. `agent`: an AI agent. `phone`: on the telephone.',
    }),
    userId: idSchema('user').nullable().openapi({
      description: 'Id of the user; null for anybody without an account, and when the account was deleted.',
    }),
    name: z.string().openapi({ description: 'Latest display name in this call.' }),
    role: roomRoleSchema.openapi({ description: 'Latest role in this call.' }),
    status: z.enum(PARTICIPANT_STATUSES).openapi({
      description:
        '`waiting`: has a token and has not connected. `connected`: in the call. `disconnected`: the connection broke ' +
        'and may come back. `left`: gone, until they join again.',
    }),
    region: z.string().nullable().openapi({
      description: 'Continent at the latest join as two letters (`EU`); null when unknown.',
    }),
    joinedAt: moment('Start of the first connection; null until the participant connects.').nullable(),
    leftAt: moment(
      'End of the last connection; null while connected, and for a participant who never was.',
    ).nullable(),
    connectedSeconds: seconds('Sum of the durations of the connections; open ones count until now.'),
    connections: z.array(connection).openapi({ description: 'All connections, the earliest first.' }),
  })
  .openapi('CallParticipant', { description: 'One identity in one call.' });
export type CallParticipantView = z.output<typeof participantSchema>;
export const participantPageSchema = pageSchema(participantSchema).openapi('CallParticipantPage');

/** Entries of the same moment are listed in this order. */
export const TIMELINE_ENTRY_TYPES = [
  'call.started',
  'participant.joined',
  'track.published',
  'track.unpublished',
  'participant.failed',
  'participant.left',
  'call.ended',
] as const;

const ofConnection = 'null for the start and the end of the call';
const ofTrack = 'null for all but the entries of tracks';

export const timelineEntrySchema = z
  .object({
    occurredAt: moment('When it happened.'),
    type: z.enum(TIMELINE_ENTRY_TYPES).openapi({
      description: 'What happened. `participant.failed`: an attempt to connect failed.',
    }),
    known,
    participantId: participantId
      .nullable()
      .openapi({ description: `Id of the participant; ${ofConnection}.` }),
    identity: z
      .string()
      .nullable()
      .openapi({ description: `Identity of the participant; ${ofConnection}.` }),
    name: z
      .string()
      .nullable()
      .openapi({ description: `Display name of the participant; ${ofConnection}.` }),
    connectionSid: z
      .string()
      .nullable()
      .openapi({ description: `LiveKit’s id of the connection; ${ofConnection}.` }),
    trackSid: z
      .string()
      .nullable()
      .openapi({ description: `LiveKit’s id of the track; ${ofTrack}.` }),
    kind: z
      .enum(TRACK_KINDS)
      .nullable()
      .openapi({ description: `Kind of the track; ${ofTrack}.` }),
    source: z
      .enum(TRACK_SOURCES)
      .nullable()
      .openapi({ description: `Source of the track; ${ofTrack}.` }),
    reason: z
      .enum([...new Set([...END_REASONS, ...LEAVE_REASONS])])
      .nullable()
      .openapi({
        description:
          'Why the call or the connection ended, as in `endReason` of the call and `leaveReason` of the connection; ' +
          'null for other entries, and when the reason is not known.',
      }),
  })
  .openapi('TimelineEntry', { description: 'One thing that happened in a call.' });
export type TimelineEntryView = z.output<typeof timelineEntrySchema>;
export const timelinePageSchema = pageSchema(timelineEntrySchema).openapi('TimelinePage');
