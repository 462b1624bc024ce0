import { z } from '@hono/zod-openapi';
import { defineJob, type Job } from '../../platform/outbox/index.ts';
import { identitySchema } from '../realtime/index.ts';
import { roomIdSchema } from '../rooms/index.ts';
import { enforceRoles } from './change-role.ts';
import { enforceRemoval } from './remove-participant.ts';

export const moderationJobs: readonly Job[] = [
  /** Also when they were let in again. */
  defineJob({
    type: 'participant.removed',
    payload: z.strictObject({ roomId: roomIdSchema, identity: identitySchema }),
    handle: enforceRemoval,
  }),
  defineJob({
    type: 'participant.role_changed',
    payload: z.strictObject({ roomId: roomIdSchema, identities: z.array(identitySchema) }),
    handle: enforceRoles,
  }),
];
