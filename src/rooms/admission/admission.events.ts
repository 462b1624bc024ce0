import { z } from '@hono/zod-openapi';
import { idSchema } from '../../kernel/core/index.ts';
import { defineSubscription, type Subscription } from '../../kernel/events/index.ts';
import { enforceAdmission } from './enforce-admission.ts';

export const admissionSubscriptions: readonly Subscription[] = [
  defineSubscription({
    type: 'participant.joined',
    payload: z.object({ callId: idSchema('call'), participantId: idSchema('participant') }),
    handle: enforceAdmission,
  }),
];
