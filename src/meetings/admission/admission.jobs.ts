import { z } from '@hono/zod-openapi';
import { idSchema } from '../../platform/core/index.ts';
import { defineSubscription, type Subscription } from '../../platform/outbox/index.ts';
import { enforceAdmission } from './enforce-admission.ts';

export const admissionSubscribers: readonly Subscription[] = [
  defineSubscription({
    type: 'participant.joined',
    payload: z.object({ callId: idSchema('call'), participantId: idSchema('participant') }),
    handle: enforceAdmission,
  }),
];
