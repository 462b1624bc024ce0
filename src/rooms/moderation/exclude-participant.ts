import type { Ctx } from '../../kernel/context/index.ts';
import type { Delivery } from '../../kernel/delivery/index.ts';
import { upsertRoomPerson } from '../rooms/index.ts';
import { participantRemoved } from './moderation.events.ts';
import { selectTarget } from './moderation.queries.ts';

interface ExceededLimit {
  callId: string;
  roomId: string;
  participantId: string;
  connections: number;
  tracks: number;
}

/**
 * Removes a participant who has added too many connections or tracks to a call from the room, until a moderator readmits
 * them. The cluster and the live room follow by `participant.removed`.
 */
export async function excludeParticipant(
  ctx: Ctx,
  { callId, roomId, participantId, connections, tracks }: ExceededLimit,
  { attempt, occurredAtMs }: Pick<Delivery, 'attempt' | 'occurredAtMs'>,
): Promise<void> {
  const { organizationId } = ctx;
  const [[target]] = await ctx.read((q) => [selectTarget(q, organizationId, roomId, participantId)]);
  if (!target || target.person?.removedAt) return;
  const { participant, person } = target;
  // An earlier attempt may have committed, and a moderator may have readmitted the participant since.
  if (attempt > 1 && person && person.updatedAt.getTime() >= occurredAtMs) return;
  const { identity, name, userId } = participant;
  const now = new Date(ctx.clock.now());
  await ctx.commit({
    write: (q) => [
      upsertRoomPerson(q, {
        organizationId,
        roomId,
        identity,
        userId,
        removedAt: now,
        excludesNetwork: true,
        changedBy: 'system',
        updatedAt: now,
      }),
    ],
    audit: {
      action: 'participant.removed',
      severity: 'warning',
      target: { type: 'room', id: roomId },
      after: { participantId, name, callId, identity, connections, tracks },
    },
    events: [participantRemoved.of({ roomId, identity })],
    result: undefined,
  });
}
