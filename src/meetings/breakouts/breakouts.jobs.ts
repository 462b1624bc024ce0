import { z } from '@hono/zod-openapi';
import { idSchema } from '../../platform/core/index.ts';
import { defineJob, type Job } from '../../platform/outbox/index.ts';
import { followRoomDeletion, followRoomEnd } from '../closing/index.ts';
import { roomIdSchema, roomPayload } from '../rooms/index.ts';
import { closeGroupsOf, followDivision } from './follow-breakouts.ts';

export const breakoutJobs: readonly Job[] = [
  defineJob({
    type: 'breakouts.changed',
    payload: z.strictObject({ roomId: roomIdSchema, breakoutId: idSchema('breakout') }),
    handle: followDivision,
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
