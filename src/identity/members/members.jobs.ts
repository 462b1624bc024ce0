import { defineJob, type Job } from '../../platform/outbox/index.ts';
import { memberEffectSchema } from './members.schemas.ts';

const MEMBER_EVENTS = ['member.added', 'member.reactivated'] as const;

/** Events that nobody acts on. On a change of role, a suspension and a removal the meetings do: `closing`. */
export const memberJobs: readonly Job[] = MEMBER_EVENTS.map((type) =>
  defineJob({ type, payload: memberEffectSchema }),
);
