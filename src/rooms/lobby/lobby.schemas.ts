import { z } from '@hono/zod-openapi';
import { idSchema, pageSchema } from '../../kernel/core/index.ts';
import { roomIdSchema, roomRoleSchema } from '../rooms/index.ts';

export const lobbyParamsSchema = z.strictObject({
  roomId: roomIdSchema,
  lobbyEntryId: idSchema('lobbyEntry'),
});

export const lobbyEntrySchema = z
  .object({
    id: idSchema('lobbyEntry'),
    identity: z.string(),
    kind: z.enum(['user', 'guest', 'service', 'agent']),
    name: z.string(),
    role: roomRoleSchema,
    status: z.enum(['waiting', 'admitted', 'denied', 'cancelled', 'expired']),
    requestedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    decidedAt: z.iso.datetime().nullable(),
  })
  .openapi('LobbyEntry');
export type LobbyEntryView = z.output<typeof lobbyEntrySchema>;
export const lobbyPageSchema = pageSchema(lobbyEntrySchema).openapi('LobbyPage');

export const lobbyDecisionsSchema = z
  .object({ data: z.array(lobbyEntrySchema) })
  .openapi('LobbyDecisions', { description: 'The entries that were decided, in the order they came' });

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
