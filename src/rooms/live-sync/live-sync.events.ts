import { z } from '@hono/zod-openapi';
import { deleteClusterRoom } from '../../calls/sync/index.ts';
import { idSchema } from '../../kernel/core/index.ts';
import { defineSubscription, type Subscription } from '../../kernel/events/index.ts';
import { enforceGrants } from '../moderation/index.ts';
import { roomEventSchema, roomIdSchema } from '../rooms/index.ts';
import { syncCall } from './sync-call.ts';
import { scheduleMemberRoleSync, syncMemberRole } from './sync-member-role.ts';
import { forgetLiveRoom, syncRoom } from './sync-room.ts';

const callEventSchema = z.strictObject({ callId: idSchema('call'), roomId: roomIdSchema });
const userId = idSchema('user');

export const liveSyncSubscriptions: readonly Subscription[] = [
  defineSubscription({ type: 'room.created', payload: roomEventSchema, handle: syncRoom }),
  defineSubscription({
    type: 'room.updated',
    payload: roomEventSchema,
    async handle(ctx, payload) {
      await syncRoom(ctx, payload);
      await enforceGrants(ctx, payload.roomId);
    },
  }),
  defineSubscription({ type: 'room.forgotten', payload: roomEventSchema, handle: forgetLiveRoom }),
  defineSubscription({ type: 'call.started', payload: callEventSchema, handle: syncCall }),
  defineSubscription({
    type: 'call.ended',
    payload: callEventSchema,
    async handle(ctx, payload) {
      await syncCall(ctx, payload);
      await deleteClusterRoom(ctx, payload);
    },
  }),
  defineSubscription({
    type: 'member.role_changed',
    payload: z.object({ userId }),
    async handle(ctx, payload) {
      await scheduleMemberRoleSync(ctx, payload);
      await syncMemberRole(ctx, payload);
    },
  }),
  defineSubscription({
    type: 'member.role_settled',
    payload: z.strictObject({ userId }),
    handle: syncMemberRole,
  }),
];
