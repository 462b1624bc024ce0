import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { PARTICIPANT_KINDS } from '../../calls/calls/index.ts';
import { TRACK_SOURCES } from '../../calls/clusters/index.ts';
import { roomRoleSchema } from '../rooms/index.ts';

const timestamp = z.iso.datetime();

const trackSchema = z.object({
  trackSid: z.string().describe('LiveKit sid of the track.'),
  kind: z.enum(['audio', 'video', 'data']).describe('Kind of the track.'),
  source: z.enum(TRACK_SOURCES).describe('What the track comes from.'),
  muted: z.boolean().describe('Whether the track is muted.'),
});

const mediaSchema = z.object({
  joinedAt: timestamp.describe('When the media connection was established.'),
  tracks: z.array(trackSchema).describe('The published tracks.'),
});

const socketSchema = z.object({
  joinedAt: timestamp.describe('When the first of their sockets was opened.'),
  connections: z.number().int().describe('Number of open sockets.'),
  handRaisedAt: timestamp.nullable().describe('When they raised their hand; null while it is down.'),
});

const rosterPersonSchema = z.object({
  participantId: idSchema('participant')
    .nullable()
    .describe('The participant; null without a seat in the call.'),
  identity: z.string().describe('Identity of the person.'),
  name: z.string().describe('Name as the others see it.'),
  role: roomRoleSchema.describe('Role in the room.'),
  kind: z
    .enum(PARTICIPANT_KINDS)
    .describe('`user`, `guest`, `service` for somebody represented by an API key, `agent`, or `phone`.'),
  media: mediaSchema
    .nullable()
    .describe('Their media connection; null without one, and while the cluster does not answer.'),
  socket: socketSchema
    .nullable()
    .describe('Their sockets; null without one, and while the live room does not answer.'),
});
export type RosterPersonView = z.output<typeof rosterPersonSchema>;

export const ROSTER_SOURCES = ['media', 'live'] as const;

export const rosterSchema = z
  .object({
    callId: idSchema('call').nullable().describe('The open call; null when there is none.'),
    data: z.array(rosterPersonSchema).describe('The people in the room, in the order they arrived.'),
    locked: z.boolean().describe('Whether the room is locked.'),
    spotlight: z
      .string()
      .nullable()
      .describe(
        'Identity of the spotlighted person; null without one, and while the live room does not answer.',
      ),
    missing: z
      .array(z.enum(ROSTER_SOURCES))
      .describe('Sources that did not answer, whose part is missing; empty when the list is complete.'),
  })
  .openapi('Roster');
export type RosterView = z.output<typeof rosterSchema>;

export const rosterExample: RosterView = {
  callId: 'call_01jd3v7q8gf4kr2x6a0w9mznpe',
  data: [
    {
      participantId: 'prt_01jd3v7q8gf4kr2x6a0w9mznpe',
      identity: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe',
      name: 'Ada',
      role: 'host',
      kind: 'user',
      media: {
        joinedAt: '2026-01-05T09:30:00.000Z',
        tracks: [{ trackSid: 'TR_AMq7ZpLw3nVx8K', kind: 'audio', source: 'microphone', muted: false }],
      },
      socket: { joinedAt: '2026-01-05T09:29:58.000Z', connections: 1, handRaisedAt: null },
    },
  ],
  locked: false,
  spotlight: null,
  missing: [],
};
