import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { TRACK_SOURCES } from '../../calls/clusters/index.ts';
import { roomRoleSchema } from '../rooms/index.ts';

const timestamp = z.iso.datetime();

const mediaSchema = z.object({
  joinedAt: timestamp,
  tracks: z.array(
    z.object({
      trackSid: z.string(),
      kind: z.enum(['audio', 'video', 'data']),
      source: z.enum(TRACK_SOURCES),
      muted: z.boolean(),
    }),
  ),
});

const socketSchema = z.object({
  joinedAt: timestamp,
  /** Open sockets. */
  connections: z.number().int(),
  /** Null while the hand is down. */
  handRaisedAt: timestamp.nullable(),
});

const rosterPersonSchema = z.object({
  /** Null for somebody who has no place in the call. */
  participantId: idSchema('participant').nullable(),
  identity: z.string(),
  name: z.string(),
  role: roomRoleSchema,
  kind: z.enum(['user', 'guest', 'service', 'agent']),
  /** Null while they are not connected to media, and while the cluster does not answer. */
  media: mediaSchema.nullable(),
  /** Null while they have no socket, and while the live room does not answer. */
  socket: socketSchema.nullable(),
});
export type RosterPersonView = z.output<typeof rosterPersonSchema>;

export const ROSTER_SOURCES = ['media', 'live'] as const;

export const rosterSchema = z
  .object({
    callId: idSchema('call').nullable(),
    /** In the order they came. */
    data: z.array(rosterPersonSchema),
    locked: z.boolean(),
    /** The identity in the middle of everybody's screen; null for nobody, and while the live room does not answer. */
    spotlight: z.string().nullable(),
    /** Which source did not answer: what it knows is missing. Empty when the roster is whole. */
    missing: z.array(z.enum(ROSTER_SOURCES)),
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
