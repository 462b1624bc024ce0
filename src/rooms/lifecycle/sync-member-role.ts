import type { Ctx } from '../../kernel/context/index.ts';
import { updateSeatRole } from '../../calls/calls/index.ts';
import { applyToAll } from '../../kernel/core/index.ts';
import type { LiveCommand } from '../../realtime/protocol/index.ts';
import type { RoomRole } from '../rooms/index.ts';
import { selectMemberSeats, mustHaveNoRole } from './lifecycle.queries.ts';
import { seatRoleByMembership } from './lifecycle.rules.ts';
import { accessTokensExpiredAtMs, MAX_SOCKET_SESSION_MS } from './offboard-member.ts';

type MemberSeatRow = Awaited<ReturnType<typeof selectMemberSeats>>[number];
interface ChangedSeat extends MemberSeatRow {
  role: RoomRole;
}

/** Of each room the newest place alone counts: that of the open call, if there is one. */
function seatsWithCurrentRole(seats: readonly MemberSeatRow[]): ChangedSeat[] {
  const seen = new Set<string>();
  return seats.flatMap((seat) => {
    if (seen.has(seat.room.id)) return [];
    seen.add(seat.room.id);
    const role = seatRoleByMembership(seat.participant, seat.room, seat);
    return role === null ? [] : [{ ...seat, role }];
  });
}

/** Stores the new roles of places in open calls; the cluster follows by the effect. */
async function updateSeatRoles(ctx: Ctx, seats: readonly ChangedSeat[], now: Date): Promise<void> {
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
    events: changed.map(({ participant: { identity }, room: { id: roomId } }) => ({
      type: 'participant.role_changed',
      key: roomId,
      payload: { roomId, identities: [identity] },
    })),
    result: undefined,
  });
}

/**
 * Brings somebody, in every room they may be in, to the role that their place in the organization gives them by now.
 * Sockets first: what they do through them counts at once.
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

/** The same, and once more when the last access token that names the old role has expired. */
export async function startMemberRoleSync(ctx: Ctx, { userId }: { userId: string }): Promise<void> {
  const availableAtMs = accessTokensExpiredAtMs(ctx);
  await ctx.commit({
    write: () => [],
    // A key of its own: what waits holds up whatever comes after it with the same one.
    events: [{ type: 'member.role_settled', key: `${userId}:role`, payload: { userId }, availableAtMs }],
    result: undefined,
  });
  await syncMemberRole(ctx, { userId });
}
