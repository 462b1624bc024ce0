import { updateSeatRole } from '../../calls/calls/index.ts';
import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { runSweep } from '../../kernel/delivery/index.ts';
import { sendLiveCommands } from '../../realtime/protocol/index.ts';
import { participantRoleChanged } from '../moderation/index.ts';
import { upsertRoomPerson } from '../rooms/index.ts';
import { mustBeSuccessor, selectSuccessors, type Successor } from './succession.queries.ts';

/** A call beyond it follows a minute later. */
const MAX_CALLS_PER_RUN = 2_000;

/** Makes somebody a moderator for the rest of their call; media, socket and API follow by the event. */
async function appointSuccessor(ctx: Ctx, successor: Successor): Promise<void> {
  const { id: participantId, organizationId, callId, roomId, identity, userId, name, role } = successor;
  const atMs = ctx.clock.now();
  const now = new Date(atMs);
  const person = { organizationId, roomId, identity, userId, changedBy: 'system', updatedAt: now };
  await ctx.commit({
    write: (q) => [
      mustBeSuccessor(q, successor, now),
      upsertRoomPerson(q, { ...person, role: 'moderator', roleCallId: callId }),
      updateSeatRole(q, { id: participantId, organizationId }, 'moderator', now),
    ],
    audit: {
      action: 'participant.role_changed',
      target: { type: 'room', id: roomId },
      before: { role },
      after: { role: 'moderator', participantId, identity, name, callId, reason: 'moderators_left' },
    },
    events: [participantRoleChanged.of({ roomId, identities: [identity] })],
    result: undefined,
  });
  await sendLiveCommands(ctx, roomId, [
    {
      type: 'notice',
      key: `${callId}:successor:${participantId}`,
      atMs,
      by: null,
      level: 'info',
      code: 'call.moderator_appointed',
      text: 'The moderators have left. You are a moderator for the rest of this call',
      to: [identity],
    },
  ]);
}

/**
 * Scheduled each minute: in a call whose hosts and moderators have left, the member of the organization who has been in the
 * call for longest becomes a moderator for the rest of the call. Guests, services and viewers never do.
 * @returns how many successors were appointed, and how many calls failed and are left to the next run
 */
export async function appointSuccessors(services: Services): Promise<{ appointed: number; failed: number }> {
  const { database, clock } = services;
  const now = new Date(clock.now());
  const [due] = await database.read(systemScope, (q) => [selectSuccessors(q, now, MAX_CALLS_PER_RUN)]);
  const { done, failed } = await runSweep(services, 'succession.appoint', due, appointSuccessor);
  return { appointed: done, failed };
}
