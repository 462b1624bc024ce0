import { z } from '@hono/zod-openapi';
import { idSchema } from '../../platform/core/index.ts';
import { defineSubscription, type Subscription } from '../../platform/outbox/index.ts';
import { roomIdSchema } from '../rooms/index.ts';
import { reapplyDecisions } from './decide-lobby.ts';
import { notifyHosts } from './tell-hosts.ts';

const lobbyEntryId = idSchema('lobbyEntry');

export const lobbySubscribers: readonly Subscription[] = [
  defineSubscription({
    type: 'lobby.waiting',
    payload: z.strictObject({ roomId: roomIdSchema, lobbyEntryId }),
    handle: notifyHosts,
  }),
  defineSubscription({
    type: 'lobby.decided',
    payload: z.strictObject({ roomId: roomIdSchema, lobbyEntryIds: z.array(lobbyEntryId) }),
    handle: (ctx, { roomId, lobbyEntryIds }) => reapplyDecisions(ctx, roomId, lobbyEntryIds),
  }),
];
