import { defineJob, type Job } from '../../platform/outbox/index.ts';
import { memberEffectSchema } from './members.schemas.ts';

const MEMBER_EVENTS = ['member.added', 'member.role_changed', 'member.reactivated'] as const;

/** Events that nobody acts on. On `member.suspended` and `member.removed` the meetings do: `closing`. */
export const memberJobs: readonly Job[] = MEMBER_EVENTS.map((type) =>
  defineJob({ type, payload: memberEffectSchema }),
);
