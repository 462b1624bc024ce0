import type { Ctx } from '../../kernel/context/index.ts';
import { actorId, mapSettled } from '../../kernel/core/index.ts';
import { prepareCallEnd } from '../../calls/calls/index.ts';
import { actAtCluster } from '../../calls/clusters/index.ts';
import { roomEndedCommand } from '../lifecycle/index.ts';
import {
  requireModerator,
  requireRoomAccess,
  roleInDestination,
  type RoomAccessRequest,
} from '../access/index.ts';
import type { ModerationTarget } from '../moderation/index.ts';
import { buildMoveChanges, type MoveBatch, buildBatchCommands, createMoveBatch } from '../moves/index.ts';
import { publicIdentity, sendLiveCommands } from '../../realtime/protocol/index.ts';
import { type Room, syncCallLimits, updateRoomRow } from '../rooms/index.ts';
import { breakoutErrors } from './breakouts.errors.ts';
import { buildBreakoutsCommand, presentBreakouts } from './breakouts.present.ts';
import { updateBreakout, selectGroupParticipants, selectSession } from './breakouts.queries.ts';
import { assembleSessions, type StoredBreakoutSession, toPersonToMove } from './breakouts.rules.ts';
import type { BreakoutsView } from './breakouts.schemas.ts';
import { roomEnded } from '../rooms/index.ts';
import { breakoutsChanged } from './breakouts.events.ts';

/** A participant of a group's call. */
export type GroupParticipant = ModerationTarget & { groupId: string };

/** Moves people back unless they were removed: from the group they are in, else from the one they were assigned to. */
function planReturn(
  ctx: Ctx,
  request: Pick<RoomAccessRequest, 'caller'>,
  parent: Room,
  { groups, people }: StoredBreakoutSession,
  participants: readonly GroupParticipant[],
): MoveBatch[] {
  const roles = new Map(people.map(({ identity, role }) => [identity, role]));
  const presentIdentities = new Set(participants.map(({ participant }) => participant.identity));
  return groups.map(({ room }) => {
    const returning = participants
      .filter(({ groupId, person }) => groupId === room.id && !person?.removedAt)
      .map((target) => {
        const role =
          roles.get(target.participant.identity) ??
          roleInDestination(target.participant, parent, target.person);
        return { ...toPersonToMove(target), role };
      });
    const absent = people.filter(
      ({ identity, roomId, isRemoved }) =>
        roomId === room.id && !isRemoved && !presentIdentities.has(identity),
    );
    return createMoveBatch(ctx, request, { from: room, to: parent, people: [...returning, ...absent] });
  });
}

/** After the commit: sends people their tickets to return, then ends the live rooms and calls of the groups. */
async function executeReturn(
  ctx: Ctx,
  session: StoredBreakoutSession,
  batches: readonly MoveBatch[],
  endedAt: Date,
): Promise<void> {
  const by = publicIdentity(actorId(ctx.actor) ?? '');
  await sendLiveCommands(ctx, session.breakout.roomId, [buildBreakoutsCommand(session, by)]);
  await mapSettled(session.groups, async ({ room, call }) => {
    const batch = batches.find(({ from }) => from.id === room.id);
    const moveCommands = batch ? await buildBatchCommands(ctx, batch) : [];
    await sendLiveCommands(ctx, room.id, [
      ...moveCommands,
      roomEndedCommand({ ...room, updatedAt: endedAt }, by),
    ]);
    if (call) await actAtCluster(ctx, call.cluster, 'end', (api) => api.deleteRoom(call.id));
  });
}

/**
 * Closes an open session and its groups. Everybody is sent back, unless the room that was divided has ended.
 * @param closing `parent` is undefined for a room that was deleted
 * @throws AppError `request.stale` when the session changed since it was read
 */
export async function closeSession(
  ctx: Ctx,
  request: Pick<RoomAccessRequest, 'caller'>,
  {
    parent,
    session,
    participants,
  }: { parent: Room | undefined; session: StoredBreakoutSession; participants: readonly GroupParticipant[] },
): Promise<BreakoutsView> {
  const now = new Date(ctx.clock.now());
  const { breakout, groups } = session;
  const { id: breakoutId, roomId, version } = breakout;
  const batches = parent?.status === 'open' ? planReturn(ctx, request, parent, session, participants) : [];
  const moveChanges = batches.map((batch) => buildMoveChanges(batch, 'leave'));
  const callClosings = groups.flatMap(({ call }) => (call ? [prepareCallEnd(call, 'closed', now)] : []));
  const open = groups.filter(({ room }) => room.status === 'open');
  const breakoutChange = { status: 'closed', closedAt: now, updatedAt: now } as const;
  const closedSession = { ...session, breakout: { ...breakout, ...breakoutChange, version: version + 1 } };
  const view = await ctx.commit({
    write: (q) => [
      updateBreakout(q, breakout, breakoutChange),
      ...open.map(({ room }) => updateRoomRow(q, room, { status: 'ended', updatedAt: now })),
      syncCallLimits(q, { organizationId: breakout.organizationId, id: roomId }, { aloneFrom: now }),
      ...callClosings.map((callClosing) => callClosing.write(q)),
      ...moveChanges.flatMap(({ write }) => write(q)),
    ],
    audit: { action: 'breakouts.closed', target: { type: 'room', id: roomId }, after: { breakoutId } },
    events: [
      ...moveChanges.flatMap(({ events }) => events),
      ...callClosings.flatMap(({ events }) => events),
      ...open.map(({ room }) => roomEnded.of({ roomId: room.id })),
      breakoutsChanged.of({ roomId, breakoutId }),
    ],
    result: presentBreakouts(closedSession),
  });
  await executeReturn(ctx, closedSession, batches, now);
  return view;
}

/**
 * Sends everybody back and closes the groups. Repeating it changes nothing.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator`, `breakouts.not_found` or `request.stale`
 */
export async function recallPeople(
  ctx: Ctx,
  request: RoomAccessRequest,
  breakoutId: string,
): Promise<BreakoutsView> {
  const { roomId } = request;
  const [roomAccess, participants, ...sessionRows] = await requireRoomAccess(ctx, request, (q) => [
    selectGroupParticipants(q, ctx.organizationId, breakoutId),
    ...selectSession(q, ctx.organizationId, roomId, breakoutId),
  ]);
  requireModerator(roomAccess);
  const [session] = assembleSessions(sessionRows);
  if (!session) throw breakoutErrors.notFound();
  if (session.breakout.status === 'closed') return presentBreakouts(session);
  return closeSession(ctx, request, { parent: roomAccess.room, session, participants });
}
