import type { Ctx } from '../../kernel/context/index.ts';
import { applyToAll } from '../../kernel/core/index.ts';
import { updateSeatRole } from '../../calls/calls/index.ts';
import { accessTokensExpiredAtMs } from '../../identity/access/index.ts';
import { type LiveCommand, MAX_SOCKET_SESSION_MS } from '../../realtime/protocol/index.ts';
import type { RoomRole } from '../rooms/index.ts';
import { mustHaveNoRole, selectMemberSeats } from './live-sync.queries.ts';
import { seatRoleByMembership } from './sync-member-role.rules.ts';
import { memberRoleSettled } from './live-sync.events.ts';
import { participantRoleChanged } from '../moderation/index.ts';

type MemberSeatRow = Awaited<ReturnType<typeof selectMemberSeats>>[number];
interface SeatWithRole extends MemberSeatRow {
  /** The role that the seat has to have. */
  role: RoomRole;
}

/** The newest seat in each room, with the role it has to have: that of the open call, if there is one. */
function seatsWithCurrentRole(seats: readonly MemberSeatRow[]): SeatWithRole[] {
  const roomIds = new Set<string>();
  return seats.flatMap((seat) => {
    if (roomIds.has(seat.room.id)) return [];
    roomIds.add(seat.room.id);
    const role = seatRoleByMembership(seat.participant, seat.room, seat);
    return role === null ? [] : [{ ...seat, role }];
  });
}

/** Stores changed roles of seats in open calls; a subscriber of the event changes them at the cluster. */
async function updateSeatRoles(ctx: Ctx, seats: readonly SeatWithRole[], now: Date): Promise<void> {
  const changed = seats.filter(({ isOpen, participant, role }) => isOpen && participant.role !== role);
  if (changed.length === 0) return;
  await ctx.commit({
    write: (q) =>
      changed.flatMap(({ participant, room, role }) => [
        updateSeatRole(q, participant, role, now),
        mustHaveNoRole(q, room.id, participant.identity),
      ]),
    audit: changed.map(({ participant: { id, identity, name, role: before }, room, role }) => ({
      action: 'participant.role_changed',
      target: { type: 'room', id: room.id },
      before: { role: before },
      after: { role, participantId: id, identity, name },
    })),
    events: changed.map(({ participant: { identity }, room: { id: roomId } }) =>
      participantRoleChanged.of({ roomId, identities: [identity] }),
    ),
    result: undefined,
  });
}

/**
 * Gives a member, in every room they may be in, the role that follows from their role in the organization. Seats are
 * stored first, then their sockets learn of it.
 */
export async function syncMemberRole(ctx: Ctx, { userId }: { userId: string }): Promise<void> {
  const atMs = ctx.clock.now();
  const since = new Date(atMs - MAX_SOCKET_SESSION_MS);
  const [rows] = await ctx.read((q) => [selectMemberSeats(q, ctx.organizationId, userId, since)]);
  const seats = seatsWithCurrentRole(rows);
  await updateSeatRoles(ctx, seats, new Date(atMs));
  await applyToAll(seats, ({ room, role }) => {
    const command: LiveCommand = {
      type: 'participant.role',
      key: `${userId}:${role}:member:${atMs}`,
      atMs,
      by: null,
      identity: userId,
      role,
    };
    return ctx.ports.liveRooms.apply(room.id, [command]);
  });
}

/** Schedules `syncMemberRole` for when the last access token with the old role has expired. */
export async function scheduleMemberRoleSync(ctx: Ctx, { userId }: { userId: string }): Promise<void> {
  const availableAtMs = accessTokensExpiredAtMs(ctx);
  await ctx.commit({
    write: () => [],
    // A key of its own: a delayed event holds back later ones of its key.
    events: [memberRoleSettled.of({ userId }, { availableAtMs })],
    result: undefined,
  });
}
