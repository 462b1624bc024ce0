import { z } from '@hono/zod-openapi';
import { idSchema } from '../../platform/core/index.ts';
import { defineJob, type Job } from '../../platform/outbox/index.ts';
import { roomIdSchema } from '../rooms/index.ts';
import { retellDecisions } from './decide-lobby.ts';
import { tellHosts } from './tell-hosts.ts';

const lobbyEntryId = idSchema('lobbyEntry');

export const lobbyJobs: readonly Job[] = [
  defineJob({
    type: 'lobby.waiting',
    payload: z.strictObject({ roomId: roomIdSchema, lobbyEntryId }),
    handle: tellHosts,
  }),
  defineJob({
    type: 'lobby.decided',
    payload: z.strictObject({ roomId: roomIdSchema, lobbyEntryIds: z.array(lobbyEntryId) }),
    handle: (ctx, { roomId, lobbyEntryIds }) => retellDecisions(ctx, roomId, lobbyEntryIds),
  }),
];
