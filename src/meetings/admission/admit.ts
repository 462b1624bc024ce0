import type { Change, Ctx } from '../../platform/context/index.ts';
import { requestErrors } from '../../platform/core/index.ts';
import type { DbScope, Queries, Statement } from '../../platform/db/index.ts';
import { LOBBY_SECONDS, putWaiting } from '../lobby/index.ts';
import { putRoomPerson, type RoomRole } from '../rooms/index.ts';
import { type Applicant, decideAdmission, type Door, outranks } from './admission.rules.ts';
import type { AdmissionView, WaitingView } from './admission.schemas.ts';
import { presentAdmitted, presentWaiting } from './present-admission.ts';
import { openCallOf, seatRequest } from './seat-request.ts';

/** What commits together with an admission: the use of a link, a new guest. */
export type Extra = Pick<Change<unknown>, 'write' | 'audit' | 'effects'>;

export interface AdmissionRequest {
  door: Door;
  applicant: Applicant;
  /** The scope of who has no credential of the organization yet. */
  scope?: DbScope | undefined;
  extra?: Extra | undefined;
}

const list = <T>(one: T | T[] | undefined): T[] =>
  one === undefined ? [] : Array.isArray(one) ? one : [one];

/** Notes the link by which somebody comes and, once they are let in, the role that it gives them. */
function noting(
  q: Queries,
  { door: { room }, applicant }: AdmissionRequest,
  { now, isIn }: { now: Date; isIn: boolean },
): Statement[] {
  const { identity, userId, role, noted } = applicant;
  const gives = isIn && noted?.givesRole === true;
  if (!noted || (!gives && noted.linkId === undefined)) return [];
  const { linkId, changedBy } = noted;
  const { organizationId, id: roomId } = room;
  const link = linkId === undefined ? {} : { linkId };
  const row = { organizationId, roomId, identity, userId, changedBy, updatedAt: now, ...link };
  return [putRoomPerson(q, gives ? { ...row, role } : row)];
}

const RETOLD_MS = 10 * 60_000;

async function wait(ctx: Ctx, request: AdmissionRequest, asked: RoomRole): Promise<WaitingView> {
  const { door, applicant, scope, extra } = request;
  const { room, entry } = door;
  const { identity, kind, userId, name } = applicant;
  const now = ctx.clock.now();
  const waiting = entry?.status === 'waiting' ? entry : undefined;
  // Who asks by another way meanwhile goes on waiting for the most that they were promised.
  const role = waiting && outranks(waiting.role, asked) ? waiting.role : asked;
  const lobbyEntryId = waiting?.id ?? ctx.ids.create('lobbyEntry');
  const createdAt = waiting?.createdAt ?? new Date(now);
  const expiresAt = new Date(now + LOBBY_SECONDS * 1000);
  const { organizationId, id: roomId } = room;
  const who = { identity, kind, userId, name, role };
  await ctx.commit({
    ...(scope ? { scope } : {}),
    write: (q) => [
      ...(extra?.write(q) ?? []),
      ...noting(q, request, { now: new Date(now), isIn: false }),
      putWaiting(q, { ...who, id: lobbyEntryId, organizationId, roomId, expiresAt, createdAt }),
    ],
    audit: [
      ...list(extra?.audit),
      { action: 'lobby.entered', target: { type: 'room', id: roomId }, after: { identity, name, role } },
    ],
    effects: [
      ...(extra?.effects ?? []),
      { type: 'lobby.waiting', key: roomId, payload: { roomId, lobbyEntryId } },
    ],
    // Two requests of one person at once: the second finds the first one's entry.
    conflicts: { lobby_entries_waiting_key: requestErrors.stale },
    result: undefined,
  });
  const shown = { lobbyEntryId, identity, name, requestedAt: createdAt.toISOString() };
  ctx.after('lobby.tell', () =>
    ctx.ports.liveRooms.apply(roomId, [
      {
        type: 'lobby.waiting',
        // Told once in a while to who asks again and again: the live room forgets who does not.
        key: `${lobbyEntryId}:waiting:${Math.floor(now / RETOLD_MS)}`,
        atMs: now,
        by: null,
        entry: shown,
      },
    ]),
  );
  return presentWaiting(ctx, { applicant, room, role }, { lobbyEntryId, expiresAt });
}

async function letIn(ctx: Ctx, request: AdmissionRequest, role: RoomRole): Promise<AdmissionView> {
  const { door, applicant, scope, extra } = request;
  const { seat, cluster, write, effects } = seatRequest(ctx, door, applicant, role);
  const { callId, id: participantId } = seat;
  const { identity, name } = applicant;
  const committed = ctx.commit({
    ...(scope ? { scope } : {}),
    write: (q) => [
      ...(extra?.write(q) ?? []),
      ...noting(q, request, { now: seat.seatSince, isIn: true }),
      ...write(q),
    ],
    audit: [
      ...list(extra?.audit),
      {
        action: 'room.admitted',
        target: { type: 'room', id: door.room.id },
        after: { callId, participantId, identity, name, role },
      },
    ],
    effects: [...(extra?.effects ?? []), ...effects],
    // Two who are first at once: the second finds the first one's call.
    conflicts: {
      calls_open_room_key: requestErrors.stale,
      call_participants_identity_key: requestErrors.stale,
    },
    result: undefined,
  });
  // Signing needs no answer of the database; a token that was signed in vain is never shown.
  const place = { applicant, room: door.room, role };
  const [view] = await Promise.all([
    presentAdmitted(ctx, place, { callId, cluster, participantId }),
    committed,
  ]);
  return view;
}

/**
 * Lets somebody into a room, or has them wait in its lobby. Coming again gives the same place.
 * @throws AppError `rooms.*`, `clusters.not_configured`, or `request.stale` when another was faster: decide again
 */
export async function admit(ctx: Ctx, request: AdmissionRequest): Promise<AdmissionView | WaitingView> {
  const { door, applicant } = request;
  const present = openCallOf(ctx.ports, door) ? door : { ...door, seat: undefined };
  const { kind, role } = decideAdmission(present, applicant, ctx.clock.now());
  return kind === 'wait' ? wait(ctx, request, role) : letIn(ctx, request, role);
}
