import { defineJob, type Job } from '../../platform/outbox/index.ts';
import { presenceEffectSchema } from './presence.schemas.ts';

/** Those who follow a person are told again, should telling them at once have failed. */
export const presenceJobs: readonly Job[] = [
  defineJob({
    type: 'presence.changed',
    payload: presenceEffectSchema,
    handle: (ctx, { organizationId, userId }) => ctx.ports.inboxes.announce(organizationId, userId),
  }),
];
