import { defineJob, type Job } from '../../platform/outbox/index.ts';
import { memberEffectSchema } from './members.schemas.ts';

const MEMBER_EVENTS = [
  'member.added',
  'member.role_changed',
  'member.suspended',
  'member.reactivated',
  'member.removed',
] as const;

/** Events that rooms further on may act on; here nothing more follows from them. */
export const memberJobs: readonly Job[] = MEMBER_EVENTS.map((type) =>
  defineJob({ type, payload: memberEffectSchema }),
);
