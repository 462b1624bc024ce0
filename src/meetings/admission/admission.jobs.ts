import { z } from '@hono/zod-openapi';
import { idSchema } from '../../platform/core/index.ts';
import { defineJob, type Job } from '../../platform/outbox/index.ts';
import { enforceAdmission } from './enforce-admission.ts';

export const admissionJobs: readonly Job[] = [
  defineJob({
    type: 'participant.joined',
    payload: z.object({ callId: idSchema('call'), participantId: idSchema('participant') }),
    handle: enforceAdmission,
  }),
];
