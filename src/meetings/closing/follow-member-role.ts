import type { Ctx } from '../../platform/context/index.ts';
import { changeSeatRole } from '../calls/index.ts';
import { forEach } from '../moderation/index.ts';
import type { LiveCommand } from '../realtime/index.ts';
import type { RoomRole } from '../rooms/index.ts';
import { findPlaces, mustHaveNoRole } from './closing.queries.ts';
import { roleByMembership } from './closing.rules.ts';
import { againAtMs, SOCKET_DAY_MS } from './send-away.ts';

type PlaceRow = Awaited<ReturnType<typeof findPlaces>>[number];
interface Changed extends PlaceRow {
  role: RoomRole;
}

/** Of each room the newest place alone counts: that of the open call, if there is one. */
function rolesNow(places: readonly PlaceRow[]): Changed[] {
  const seen = new Set<string>();
  return places.flatMap((place) => {
    if (seen.has(place.room.id)) return [];
    seen.add(place.room.id);
    const role = roleByMembership(place.participant, place.room, place);
    return role === null ? [] : [{ ...place, role }];
  });
}

/** Stores the new roles of places in open calls; the cluster follows by the effect. */
async function changeSeats(ctx: Ctx, places: readonly Changed[], now: Date): Promise<void> {
  const changed = places.filter(({ isOpen, participant, role }) => isOpen && participant.role !== role);
  if (changed.length === 0) return;
  await ctx.commit({
    write: (q) =>
      changed.flatMap(({ participant, room, role }) => [
        changeSeatRole(q, participant, role, now),
        mustHaveNoRole(q, room.id, participant.identity),
      ]),
    audit: changed.map(({ participant: { id, identity, name, role: before }, room, role }) => ({
      action: 'participant.role_changed',
      target: { type: 'room', id: room.id },
      before: { role: before },
      after: { role, participantId: id, identity, name },
    })),
    effects: changed.map(({ participant: { identity }, room: { id: roomId } }) => ({
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
export async function applyMemberRole(ctx: Ctx, { userId }: { userId: string }): Promise<void> {
  const atMs = ctx.clock.now();
  const since = new Date(atMs - SOCKET_DAY_MS);
  const [rows] = await ctx.read((q) => [findPlaces(q, ctx.organizationId, userId, since)]);
  const places = rolesNow(rows);
  await changeSeats(ctx, places, new Date(atMs));
  const outcomes = await forEach(places, ({ room, role }) => {
    const told: LiveCommand = {
      type: 'participant.role',
      key: `${userId}:${role}:member:${atMs}`,
      atMs,
      by: null,
      identity: userId,
      role,
    };
    return ctx.ports.liveRooms.apply(room.id, [told]);
  });
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}

/** The same, and once more when the last access token that names the old role has expired. */
export async function followMemberRole(ctx: Ctx, { userId }: { userId: string }): Promise<void> {
  const availableAtMs = againAtMs(ctx);
  await ctx.commit({
    write: () => [],
    // A key of its own: what waits holds up whatever comes after it with the same one.
    effects: [{ type: 'member.role_settled', key: `${userId}:role`, payload: { userId }, availableAtMs }],
    result: undefined,
  });
  await applyMemberRole(ctx, { userId });
}
