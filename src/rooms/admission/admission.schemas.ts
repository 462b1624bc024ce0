import { z } from '@hono/zod-openapi';
import { idSchema, lineSchema } from '../../kernel/core/index.ts';
import { roomRoleSchema } from '../rooms/index.ts';
import { WAIT_REASONS } from './admission.rules.ts';

const name = lineSchema(100);

/** For everybody who asks for a media token. */
export const recordingConsentField = z
  .boolean()
  .default(false)
  .describe(
    'True to agree to be recorded in this call. It is needed, and stored, while a recording that needs consent ' +
      '(`recordingConsent` of the room) runs or waits; otherwise it is ignored.',
  );

export const joinRoomSchema = z.strictObject({
  name: name
    .optional()
    .describe(
      'The name that others see, 1 to 100 characters; by default the name of the account, guest or identity.',
    ),
  role: roomRoleSchema
    .optional()
    .describe(
      "The role to join in: the caller's own in the room or a lower one; by default their own. API keys can also ask " +
        'for `agent` and `observer`',
    ),
  identity: z
    .string()
    .regex(/^[A-Za-z0-9._@:+-]{1,100}$/, 'must be 1 to 100 letters, digits and ._@:+-')
    .optional()
    .describe(
      'Required for API keys, and only allowed for them: their own name for the person or agent that joins, 1 to ' +
        '100 letters, digits and ._@:+-',
    ),
  recordingConsent: recordingConsentField,
});
export type JoinRoom = z.output<typeof joinRoomSchema>;

const realtime = z
  .object({
    url: z
      .url()
      .describe('Address of the socket; it opens with the ticket in the subprotocol or in the query.'),
    ticket: z.string().describe('Credential for the socket, for this identity in this room.'),
  })
  .describe('Access to the socket of the room.');
const identity = z.string().describe('Identity of the caller in the room.');

export const admissionSchema = z
  .object({
    status: z.literal('admitted').describe('The caller is admitted.'),
    token: z.string().describe('Media token for the cluster, to connect with until `expiresAt`.'),
    url: z.string().describe('Address of the cluster.'),
    callId: idSchema('call').describe('The call.'),
    participantId: idSchema('participant').describe("Id of the caller's participant."),
    identity,
    role: roomRoleSchema.describe('Role of the caller in the room.'),
    expiresAt: z.iso
      .datetime()
      .describe('When the token expires: after one minute. The seat is reserved for somewhat longer.'),
    realtime,
  })
  .openapi('Admission');

export const waitingSchema = z
  .object({
    status: z.literal('waiting').describe('The caller waits in the lobby.'),
    waitsFor: z
      .enum(WAIT_REASONS)
      .describe(
        '`approval`: a host or moderator has to admit them. `host`: they are admitted as soon as a host is in the call ' +
          '(`waitForHost` of the room), or by a moderator before.',
      ),
    lobbyEntryId: idSchema('lobbyEntry').describe('Their lobby entry.'),
    identity,
    expiresAt: z.iso
      .datetime()
      .describe('Until when the entry waits for a decision: 30 minutes; repeating the request renews it.'),
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
  expiresAt: '2026-01-05T09:31:00.000Z',
  realtime: realtimeExample,
};

export const waitingExample: WaitingView = {
  status: 'waiting',
  waitsFor: 'approval',
  lobbyEntryId: 'lob_01jd3v7q8gf4kr2x6a0w9mznpe',
  identity: 'usr_01jd3v7q8gf4kr2x6a0w9mznpe',
  expiresAt: '2026-01-05T10:00:00.000Z',
  realtime: realtimeExample,
};
