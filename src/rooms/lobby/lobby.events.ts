import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { defineSubscription, type Subscription } from '../../kernel/events/index.ts';
import { roomIdSchema } from '../rooms/index.ts';
import { reapplyDecisions } from './decide-lobby.ts';
import { notifyHosts } from './notify-hosts.ts';

const lobbyEntryId = idSchema('lobbyEntry');

export const lobbySubscriptions: readonly Subscription[] = [
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
