import { type Ctx, type Services, systemScope } from '../../kernel/context/index.ts';
import { runSweep } from '../../kernel/delivery/index.ts';
import { updateSeatRole } from '../../calls/calls/index.ts';
import {
  selectRoomAndOpenCall,
  selectRoomsWithOtherRemoval,
  selectRoomsWithOtherRole,
  upsertRoomPerson,
} from '../rooms/index.ts';
import { buildBreakoutsCommand } from './breakouts.present.ts';
import {
  selectDueBreakouts,
  selectGroupParticipants,
  selectOpenGroupIds,
  selectSession,
  selectOpenSession,
} from './breakouts.queries.ts';
import { assembleSessions } from './breakouts.rules.ts';
import { closeSession } from './recall-people.ts';
import { participantRemoved, participantRoleChanged } from '../moderation/index.ts';

const BATCH_SIZE = 100;

/** Shows a session in the live room of the room that is divided. */
export async function syncBreakouts(
  ctx: Ctx,
  { roomId, breakoutId }: { roomId: string; breakoutId: string },
): Promise<void> {
  const sessionRows = await ctx.read((q) => selectSession(q, ctx.organizationId, roomId, breakoutId));
  const [session] = assembleSessions(sessionRows);
  if (session) await ctx.ports.liveRooms.apply(roomId, [buildBreakoutsCommand(session)]);
}

/** Copies a person's removal from a room, or their readmission, to its groups. */
export async function syncRemoval(
  ctx: Ctx,
  { roomId, identity }: { roomId: string; identity: string },
): Promise<void> {
  const [outdatedGroups] = await ctx.read((q) => [
    selectRoomsWithOtherRemoval(
      q,
      ctx.organizationId,
      { source: roomId, targets: selectOpenGroupIds(q, ctx.organizationId, roomId) },
      identity,
    ),
  ]);
  if (outdatedGroups.length === 0) return;
  const updatedAt = new Date(ctx.clock.now());
  await ctx.commit({
    // The role is kept: it applies again once they are readmitted.
    write: (q) =>
      outdatedGroups.map(({ roomId: groupId, person: { role: _role, ...person } }) =>
        upsertRoomPerson(q, { ...person, roomId: groupId, updatedAt }),
      ),
    events: outdatedGroups.map(({ roomId: groupId }) => participantRemoved.of({ roomId: groupId, identity })),
    result: undefined,
  });
}

/** Copies the roles that people were given in a room to its groups, and to their seats there. */
export async function syncRoles(
  ctx: Ctx,
  { roomId, identities }: { roomId: string; identities: readonly string[] },
): Promise<void> {
  const { organizationId } = ctx;
  const [outdated] = await ctx.read((q) => [
    selectRoomsWithOtherRole(
      q,
      organizationId,
      { source: roomId, targets: selectOpenGroupIds(q, organizationId, roomId) },
      identities,
    ),
  ]);
  if (outdated.length === 0) return;
  const updatedAt = new Date(ctx.clock.now());
  await ctx.commit({
    write: (q) =>
      outdated.flatMap(({ roomId: groupId, person, seat }) => {
        const { linkId: _link, removedAt: _removal, ...roleOfPerson } = person;
        const { role } = person;
        const seatId = seat?.id;
        return [
          upsertRoomPerson(q, { ...roleOfPerson, roomId: groupId, updatedAt }),
          ...(seatId && role ? [updateSeatRole(q, { id: seatId, organizationId }, role, updatedAt)] : []),
        ];
      }),
    events: outdated.map(({ roomId: groupId, person }) =>
      participantRoleChanged.of({ roomId: groupId, identities: [person.identity] }),
    ),
    result: undefined,
  });
}

/** Closes the groups of a room that has ended or was deleted. */
export async function closeGroupsOfRoom(ctx: Ctx, roomId: string): Promise<void> {
  const sessionRows = await ctx.read((q) => selectOpenSession(q, ctx.organizationId, roomId));
  const [session] = assembleSessions(sessionRows);
  if (session) await closeSessionById(ctx, { roomId, id: session.breakout.id });
}

/** Closes a session that is still open. */
async function closeSessionById(ctx: Ctx, { roomId, id }: { roomId: string; id: string }): Promise<void> {
  const [[row], participants, rooms, ...sessionRows] = await ctx.read((q) => [
    selectRoomAndOpenCall(q, ctx.organizationId, roomId),
    selectGroupParticipants(q, ctx.organizationId, id),
    ...selectSession(q, ctx.organizationId, roomId, id),
  ]);
  const [session] = assembleSessions([rooms, ...sessionRows]);
  if (!session || session.breakout.status === 'closed') return;
  await closeSession(ctx, {}, { parent: row?.room, session, participants });
}

/**
 * Closes sessions whose duration is over or whose room has ended, at most 100; one that fails is left to the next run.
 * @returns how many sessions were closed
 */
export async function recallDueBreakouts(services: Services): Promise<{ recalled: number }> {
  const [due] = await services.database.read(systemScope, (q) => [
    selectDueBreakouts(q, new Date(services.clock.now()), BATCH_SIZE),
  ]);
  const { done } = await runSweep(services, 'breakouts.recall', due, closeSessionById);
  return { recalled: done };
}
