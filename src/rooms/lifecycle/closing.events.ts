import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { defineSubscription, type Subscription } from '../../kernel/events/index.ts';
import { organizationOffboardingStepSchema } from './lifecycle.schemas.ts';
import { roomIdSchema, roomEventSchema } from '../rooms/index.ts';
import { syncCall, syncNewRoom, syncRoom, forgetLiveRoom } from './sync-room.ts';
import { syncMemberRole, startMemberRoleSync } from './sync-member-role.ts';
import { runOffboardingStep, startOrganizationOffboarding } from './offboard-organization.ts';
import { startMemberOffboarding, disconnectFormerMember } from './offboard-member.ts';

const callEventSchema = z.strictObject({ callId: idSchema('call'), roomId: roomIdSchema });

const userId = idSchema('user');
const memberEventSchema = z.object({ userId });

/** What follows from a room's end or deletion is for the room `breakouts`, because its groups end with it. */
export const closingSubscriptions: readonly Subscription[] = [
  defineSubscription({ type: 'room.created', payload: roomEventSchema, handle: syncNewRoom }),
  defineSubscription({ type: 'room.updated', payload: roomEventSchema, handle: syncRoom }),
  defineSubscription({ type: 'room.forgotten', payload: roomEventSchema, handle: forgetLiveRoom }),
  defineSubscription({ type: 'call.started', payload: callEventSchema, handle: syncCall }),
  defineSubscription({ type: 'call.ended', payload: callEventSchema, handle: syncCall }),
  defineSubscription({ type: 'member.removed', payload: memberEventSchema, handle: startMemberOffboarding }),
  defineSubscription({
    type: 'member.suspended',
    payload: memberEventSchema,
    handle: startMemberOffboarding,
  }),
  defineSubscription({
    type: 'member.gone',
    payload: z.strictObject({ userId }),
    handle: disconnectFormerMember,
  }),
  defineSubscription({
    type: 'member.role_changed',
    payload: memberEventSchema,
    handle: startMemberRoleSync,
  }),
  defineSubscription({
    type: 'member.role_settled',
    payload: z.strictObject({ userId }),
    handle: syncMemberRole,
  }),
  defineSubscription({
    type: 'organization.deleted',
    payload: z.strictObject({ organizationId: idSchema('organization') }),
    handle: startOrganizationOffboarding,
  }),
  defineSubscription({
    type: 'organization.closing',
    payload: organizationOffboardingStepSchema,
    handle: runOffboardingStep,
  }),
];
