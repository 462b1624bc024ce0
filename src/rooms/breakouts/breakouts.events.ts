import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { defineSubscription, type Subscription } from '../../kernel/events/index.ts';
import { endCallOfDeletedRoom } from '../lifecycle/index.ts';
import { scheduleForget, syncRoomEnd } from '../live-sync/index.ts';
import { enforceRemoval } from '../moderation/index.ts';
import { identitySchema } from '../../realtime/protocol/index.ts';
import { roomIdSchema, roomEventSchema } from '../rooms/index.ts';
import { closeGroupsOfRoom, syncBreakouts, syncRemoval } from './sync-breakouts.ts';

export const breakoutSubscriptions: readonly Subscription[] = [
  defineSubscription({
    type: 'breakouts.changed',
    payload: z.strictObject({ roomId: roomIdSchema, breakoutId: idSchema('breakout') }),
    handle: syncBreakouts,
  }),
  // Also when they were let in again. Who is kept out of a room is kept out of its groups: that begins here.
  defineSubscription({
    type: 'participant.removed',
    payload: z.strictObject({ roomId: roomIdSchema, identity: identitySchema }),
    async handle(ctx, payload) {
      await enforceRemoval(ctx, payload);
      await syncRemoval(ctx, payload);
    },
  }),
  // A room's groups end with it: what follows from its end begins here.
  defineSubscription({
    type: 'room.ended',
    payload: roomEventSchema,
    async handle(ctx, payload) {
      await syncRoomEnd(ctx, payload);
      await closeGroupsOfRoom(ctx, payload.roomId);
    },
  }),
  defineSubscription({
    type: 'room.deleted',
    payload: roomEventSchema,
    async handle(ctx, payload) {
      await endCallOfDeletedRoom(ctx, payload);
      await scheduleForget(ctx, payload);
      await syncRoomEnd(ctx, payload);
      await closeGroupsOfRoom(ctx, payload.roomId);
    },
  }),
];
