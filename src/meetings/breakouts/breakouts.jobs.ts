import { z } from '@hono/zod-openapi';
import { idSchema } from '../../platform/core/index.ts';
import { defineJob, type Job } from '../../platform/outbox/index.ts';
import { followRoomDeletion, followRoomEnd } from '../closing/index.ts';
import { enforceRemoval } from '../moderation/index.ts';
import { identitySchema } from '../realtime/index.ts';
import { roomIdSchema, roomPayload } from '../rooms/index.ts';
import { closeGroupsOf, followDivision, followRemoval } from './follow-breakouts.ts';

export const breakoutJobs: readonly Job[] = [
  defineJob({
    type: 'breakouts.changed',
    payload: z.strictObject({ roomId: roomIdSchema, breakoutId: idSchema('breakout') }),
    handle: followDivision,
  }),
  // Also when they were let in again. Who is kept out of a room is kept out of its groups: that begins here.
  defineJob({
    type: 'participant.removed',
    payload: z.strictObject({ roomId: roomIdSchema, identity: identitySchema }),
    async handle(ctx, payload) {
      await enforceRemoval(ctx, payload);
      await followRemoval(ctx, payload);
    },
  }),
  // A room's groups end with it: what follows from its end begins here.
  defineJob({
    type: 'room.ended',
    payload: roomPayload,
    async handle(ctx, payload) {
      await followRoomEnd(ctx, payload);
      await closeGroupsOf(ctx, payload.roomId);
    },
  }),
  defineJob({
    type: 'room.deleted',
    payload: roomPayload,
    async handle(ctx, payload) {
      await followRoomDeletion(ctx, payload);
      await closeGroupsOf(ctx, payload.roomId);
    },
  }),
];
