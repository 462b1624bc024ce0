import { z } from '@hono/zod-openapi';
import { defineSubscription, type Subscription } from '../../kernel/events/index.ts';
import { identitySchema } from '../../realtime/protocol/index.ts';
import { roomIdSchema } from '../rooms/index.ts';
import { enforceRoles } from './change-role.ts';

/** What follows from a removal is for the room `breakouts`, because it holds for the groups as well. */
export const moderationSubscriptions: readonly Subscription[] = [
  defineSubscription({
    type: 'participant.role_changed',
    payload: z.strictObject({ roomId: roomIdSchema, identities: z.array(identitySchema) }),
    handle: enforceRoles,
  }),
];
