import { idSchema } from '../../kernel/core/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { defineSubscription, type Subscription } from '../../kernel/events/index.ts';
import { selectUserOfParticipant } from './presence.queries.ts';
import { presenceEventSchema } from './presence.schemas.ts';

/** Those who follow a person are told again, should telling them at once have failed. */
export const presenceSubscriptions: readonly Subscription[] = [
  defineSubscription({
    type: 'presence.changed',
    payload: presenceEventSchema,
    handle: (ctx, { organizationId, userId }) => ctx.ports.inboxes.publishPresence(organizationId, userId),
  }),
];

/** What happens to somebody in a call, by which they become busy or free. */
const CALL_ATTENDANCE_EVENTS = new Set(['participant.joined', 'participant.left']);
const participantIdSchema = idSchema('participant');

async function notifyWatchersOfParticipant(ctx: Ctx, participantId: string): Promise<void> {
  const { organizationId } = ctx;
  const [[participant]] = await ctx.read((q) => [selectUserOfParticipant(q, organizationId, participantId)]);
  if (participant?.userId) await ctx.ports.inboxes.publishPresence(organizationId, participant.userId);
}

/**
 * The jobs, with one thing more that follows from joining and leaving a call: who follows the person learns that they
 * are busy, or no longer. The ledger and the door come before presence in the order of rooms and know nothing of it.
 */
export function withPresenceNotifications(jobs: readonly Subscription[]): Subscription[] {
  return jobs.map((job) => {
    if (!CALL_ATTENDANCE_EVENTS.has(job.type)) return job;
    return {
      ...job,
      async handle(ctx: Ctx, payload: { participantId?: unknown }, delivery) {
        await job.handle?.(ctx, payload as never, delivery);
        await notifyWatchersOfParticipant(ctx, participantIdSchema.parse(payload.participantId));
      },
    };
  });
}
