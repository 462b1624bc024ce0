import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { roomRoleSchema } from '../rooms/index.ts';

const name = z.string().trim().min(1).max(100);

export const joinRoomSchema = z.strictObject({
  /** As the others see them; absent for the account's name. */
  name: name.optional(),
  /** Equal to the caller's role in the room or less; services may also ask for agent and observer. */
  role: roomRoleSchema.optional(),
  /** For whom a service asks: its own name of them. Services must name it, nobody else may. */
  identity: z
    .string()
    .regex(/^[A-Za-z0-9._@:+-]{1,100}$/, 'must be 1 to 100 letters, digits and ._@:+-')
    .optional(),
});
export type JoinRoom = z.output<typeof joinRoomSchema>;

const realtime = z.object({
  /** Opens with the ticket in the subprotocol or in the query. */
  url: z.url(),
  ticket: z.string(),
});

export const admissionSchema = z
  .object({
    status: z.literal('admitted'),
    token: z.string(),
    url: z.string(),
    callId: idSchema('call'),
    participantId: idSchema('participant'),
    identity: z.string(),
    role: roomRoleSchema,
    expiresAt: z.iso.datetime(),
    realtime,
  })
  .openapi('Admission');

export const waitingSchema = z
  .object({
    status: z.literal('waiting'),
    lobbyEntryId: idSchema('lobbyEntry'),
    identity: z.string(),
    expiresAt: z.iso.datetime(),
    realtime,
  })
  .openapi('Waiting');

export type AdmissionView = z.output<typeof admissionSchema>;
export type WaitingView = z.output<typeof waitingSchema>;

const JWT = 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ1c3JfMDFqZDN2In0.c2lnbmF0dXJl';
const realtimeExample = {
  url: 'wss://api.auralink.example/api/v1/rooms/room_01jd3v7q8gf4kr2x6a0w9mznpe/socket',
  ticket: JWT,
};

export const admissionExample: AdmissionView = {
  status: 'admitted',
  token: JWT,
  url: 'wss://media.auralink.example',
  callId: 'call_01jd3v7q8gf4kr2x6a0w9mznpe',
  participantId: 'prt_01jd3v7q8gf4kr2x6a0w9mznpe',
  identity: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe',
  role: 'participant',
  expiresAt: '2026-01-05T09:32:00.000Z',
  realtime: realtimeExample,
};

export const waitingExample: WaitingView = {
  status: 'waiting',
  lobbyEntryId: 'lob_01jd3v7q8gf4kr2x6a0w9mznpe',
  identity: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe',
  expiresAt: '2026-01-05T10:00:00.000Z',
  realtime: realtimeExample,
};
