import { z } from '@hono/zod-openapi';
import { idSchema, pageSchema } from '../../kernel/core/index.ts';
import { roomIdSchema, roomRoleSchema } from '../rooms/index.ts';

export const lobbyParamsSchema = z.strictObject({
  roomId: roomIdSchema.describe('The room.'),
  lobbyEntryId: idSchema('lobbyEntry').describe('The lobby entry.'),
});

export const lobbyEntrySchema = z
  .object({
    id: idSchema('lobbyEntry').describe('Id of the lobby entry.'),
    identity: z.string().describe('Identity of the person.'),
    kind: z
      .enum(['user', 'guest', 'service', 'agent'])
      .describe('`user`, `guest`, `service` for somebody represented by an API key, or `agent`.'),
    name: z.string().describe('Name of the person.'),
    role: roomRoleSchema.describe('The role that the person gets when they are admitted.'),
    status: z
      .enum(['waiting', 'admitted', 'denied', 'cancelled', 'expired'])
      .describe('`waiting`, or what ended it; `cancelled` by the person, `expired` without a decision.'),
    requestedAt: z.iso.datetime().describe('When the person entered the lobby.'),
    expiresAt: z.iso
      .datetime()
      .describe('When the entry expires: 30 minutes after the request, or ten minutes after admission.'),
    decidedAt: z.iso.datetime().nullable().describe('When the entry ended; null while it waits.'),
  })
  .openapi('LobbyEntry');
export type LobbyEntryView = z.output<typeof lobbyEntrySchema>;
export const lobbyPageSchema = pageSchema(lobbyEntrySchema).openapi('LobbyPage');

export const lobbyDecisionsSchema = z
  .object({ data: z.array(lobbyEntrySchema).describe('The decided entries, in the order of their arrival.') })
  .openapi('LobbyDecisions', { description: 'The entries that were decided' });

export const lobbyEntryExample: LobbyEntryView = {
  id: 'lob_01jd3v7q8gf4kr2x6a0w9mznpe',
  identity: 'gst_01jd3v7q8gf4kr2x6a0w9mznpe',
  kind: 'guest',
  name: 'Ada',
  role: 'participant',
  status: 'waiting',
  requestedAt: '2026-01-05T09:30:00.000Z',
  expiresAt: '2026-01-05T10:00:00.000Z',
  decidedAt: null,
};
