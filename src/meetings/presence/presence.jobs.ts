import { idSchema } from '../../platform/core/index.ts';
import type { Ctx } from '../../platform/context/index.ts';
import { defineJob, type Job } from '../../platform/outbox/index.ts';
import { findUserOf } from './presence.queries.ts';
import { presenceEffectSchema } from './presence.schemas.ts';

/** Those who follow a person are told again, should telling them at once have failed. */
export const presenceJobs: readonly Job[] = [
  defineJob({
    type: 'presence.changed',
    payload: presenceEffectSchema,
    handle: (ctx, { organizationId, userId }) => ctx.ports.inboxes.announce(organizationId, userId),
  }),
];

/** What happens to somebody in a call, by which they become busy or free. */
const IN_AND_OUT = new Set(['participant.joined', 'participant.left']);
const participantIdSchema = idSchema('participant');

async function announceParticipant(ctx: Ctx, participantId: string): Promise<void> {
  const { organizationId } = ctx;
  const [[participant]] = await ctx.read((q) => [findUserOf(q, organizationId, participantId)]);
  if (participant?.userId) await ctx.ports.inboxes.announce(organizationId, participant.userId);
}

/**
 * The jobs, with one thing more that follows from joining and leaving a call: who follows the person learns that they
 * are busy, or no longer. The ledger and the door come before presence in the order of rooms and know nothing of it.
 */
export function announcingCalls(jobs: readonly Job[]): Job[] {
  return jobs.map((job) => {
    if (!IN_AND_OUT.has(job.type)) return job;
    return {
      ...job,
      async handle(ctx: Ctx, payload: { participantId?: unknown }, delivery) {
        await job.handle?.(ctx, payload as never, delivery);
        await announceParticipant(ctx, participantIdSchema.parse(payload.participantId));
      },
    };
  });
}
