import { participantJoined, participantLeft } from '../../calls/calls/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { subscribe, type Subscription } from '../../kernel/delivery/index.ts';
import { presenceChanged } from './presence.events.ts';
import { selectUserOfParticipant } from './presence.queries.ts';

/** Joining and leaving a call make a person busy, or free again. */
async function publishPresenceOfParticipant(
  ctx: Ctx,
  { participantId }: { participantId: string },
): Promise<void> {
  const { organizationId } = ctx;
  const [[participant]] = await ctx.read((q) => [selectUserOfParticipant(q, organizationId, participantId)]);
  if (participant?.userId) await ctx.ports.inboxes.publishPresence(organizationId, participant.userId);
}

/** Publishing at once may have failed: it is done again. */
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
