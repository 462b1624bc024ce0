import { z } from '@hono/zod-openapi';
import { idSchema } from '../../platform/core/index.ts';
import { defineJob, type Job } from '../../platform/outbox/index.ts';
import { closingStepSchema } from './closing.schemas.ts';
import { roomIdSchema, roomPayload } from '../rooms/index.ts';
import { followCall, followNewRoom, followRoom, forgetRoom } from './follow-room.ts';
import { applyMemberRole, followMemberRole } from './follow-member-role.ts';
import { closeOrganization, followOrganizationEnd } from './follow-organization.ts';
import { followDeparture, sendAway } from './send-away.ts';

const callPayload = z.strictObject({ callId: idSchema('call'), roomId: roomIdSchema });

const userId = idSchema('user');
const memberPayload = z.object({ userId });

/** What follows from a room's end or deletion is for the room `breakouts`, because its groups end with it. */
export const closingJobs: readonly Job[] = [
  defineJob({ type: 'room.created', payload: roomPayload, handle: followNewRoom }),
  defineJob({ type: 'room.updated', payload: roomPayload, handle: followRoom }),
  defineJob({ type: 'room.forgotten', payload: roomPayload, handle: forgetRoom }),
  defineJob({ type: 'call.started', payload: callPayload, handle: followCall }),
  defineJob({ type: 'call.ended', payload: callPayload, handle: followCall }),
  defineJob({ type: 'member.removed', payload: memberPayload, handle: followDeparture }),
  defineJob({ type: 'member.suspended', payload: memberPayload, handle: followDeparture }),
  defineJob({ type: 'member.gone', payload: z.strictObject({ userId }), handle: sendAway }),
  defineJob({ type: 'member.role_changed', payload: memberPayload, handle: followMemberRole }),
  defineJob({
    type: 'member.role_settled',
    payload: z.strictObject({ userId }),
    handle: applyMemberRole,
  }),
  defineJob({
    type: 'organization.deleted',
    payload: z.strictObject({ organizationId: idSchema('organization') }),
    handle: followOrganizationEnd,
  }),
  defineJob({ type: 'organization.closing', payload: closingStepSchema, handle: closeOrganization }),
];
