import { participantJoined, participantLeft } from '../../calls/calls/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { presenceChanged } from './presence.events.ts';
import { selectUserOfParticipant } from './presence.queries.ts';

/** A user turns busy by joining a call, and free again by leaving it. */
async function publishPresenceOfParticipant(
  ctx: Ctx,
  { participantId }: { participantId: string },
): Promise<void> {
  const { organizationId } = ctx;
  const [[participant]] = await ctx.read((q) => [selectUserOfParticipant(q, organizationId, participantId)]);
  if (participant?.userId) await ctx.ports.inboxes.publishPresence(organizationId, participant.userId);
}

/** `setPresence` publishes at once; the subscription publishes again in case that failed. */
export const presenceSubscriptions: readonly Subscription[] = [
  subscribe(presenceChanged, 'presence.publish', ({ ports }, { organizationId, userId }) =>
    ports.inboxes.publishPresence(organizationId, userId),
  ),
  subscribe(
    [participantJoined, participantLeft],
    'presence.call-participation',
    publishPresenceOfParticipant,
  ),
];
