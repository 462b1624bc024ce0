import type { CommitRequest, Ctx } from '../../kernel/context/index.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import type { DbScope, Queries, Statement } from '../../kernel/db/index.ts';
import { LOBBY_WAIT_SECONDS, upsertWaitingEntry } from '../lobby/index.ts';
import { upsertRoomPerson, type RoomRole } from '../rooms/index.ts';
import { outranks } from '../access/index.ts';
import { type AdmissionState, type Applicant, decideAdmission } from './admission.rules.ts';
import type { AdmissionView, WaitingView } from './admission.schemas.ts';
import { presentAdmitted, presentWaiting } from './admission.present.ts';
import { openCallOf, prepareSeat } from './prepare-seat.ts';
import { lobbyWaiting } from '../lobby/index.ts';

/** What commits together with an admission: the use of a link, a new guest. */
export type AdditionalCommit = Pick<CommitRequest<unknown>, 'write' | 'audit' | 'events'>;

export interface AdmissionRequest {
  state: AdmissionState;
  applicant: Applicant;
  /** The scope of who has no credential of the organization yet. */
  scope?: DbScope | undefined;
  additional?: AdditionalCommit | undefined;
}

const toArray = <T>(one: T | T[] | undefined): T[] =>
  one === undefined ? [] : Array.isArray(one) ? one : [one];

/** Notes the link by which somebody comes and, once they are let in, the role that it gives them. */
function linkAttributionStatements(
  q: Queries,
  { state: { room }, applicant }: AdmissionRequest,
  { now, isIn: isAdmitted }: { now: Date; isIn: boolean },
): Statement[] {
  const { identity, userId, role, linkAttribution } = applicant;
  const grantsRole = isAdmitted && linkAttribution?.givesRole === true;
  if (!linkAttribution || (!grantsRole && linkAttribution.linkId === undefined)) return [];
  const { linkId, changedBy } = linkAttribution;
  const { organizationId, id: roomId } = room;
  const link = linkId === undefined ? {} : { linkId };
  const row = { organizationId, roomId, identity, userId, changedBy, updatedAt: now, ...link };
  return [upsertRoomPerson(q, grantsRole ? { ...row, role } : row)];
}

const REPEAT_COMMAND_MS = 10 * 60_000;

async function enterLobby(
  ctx: Ctx,
  request: AdmissionRequest,
  requestedRole: RoomRole,
): Promise<WaitingView> {
  const { state, applicant, scope, additional } = request;
  const { room, entry } = state;
  const { identity, kind, userId, name } = applicant;
  const now = ctx.clock.now();
  const waiting = entry?.status === 'waiting' ? entry : undefined;
  // Who asks by another way meanwhile goes on waiting for the most that they were promised.
  const role = waiting && outranks(waiting.role, requestedRole) ? waiting.role : requestedRole;
  const lobbyEntryId = waiting?.id ?? ctx.ids.create('lobbyEntry');
  const createdAt = waiting?.createdAt ?? new Date(now);
  const expiresAt = new Date(now + LOBBY_WAIT_SECONDS * 1000);
  const { organizationId, id: roomId } = room;
  const person = { identity, kind, userId, name, role };
  await ctx.commit({
    ...(scope ? { scope } : {}),
    write: (q) => [
      ...(additional?.write(q) ?? []),
      ...linkAttributionStatements(q, request, { now: new Date(now), isIn: false }),
      upsertWaitingEntry(q, { ...person, id: lobbyEntryId, organizationId, roomId, expiresAt, createdAt }),
    ],
    audit: [
      ...toArray(additional?.audit),
      { action: 'lobby.entered', target: { type: 'room', id: roomId }, after: { identity, name, role } },
    ],
    events: [...(additional?.events ?? []), lobbyWaiting.of({ roomId, lobbyEntryId })],
    // Two requests of one person at once: the second finds the first one's entry.
    conflicts: { lobby_entries_waiting_key: requestErrors.stale },
    result: undefined,
  });
  const entryView = { lobbyEntryId, identity, name, requestedAt: createdAt.toISOString() };
  ctx.after('lobby.tell', () =>
    ctx.ports.liveRooms.apply(roomId, [
      {
        type: 'lobby.waiting',
        // Told once in a while to who asks again and again: the live room forgets who does not.
        key: `${lobbyEntryId}:waiting:${Math.floor(now / REPEAT_COMMAND_MS)}`,
        atMs: now,
        by: null,
        entry: entryView,
      },
    ]),
  );
  return presentWaiting(ctx, { applicant, room, role }, { lobbyEntryId, expiresAt });
}

async function grantSeat(ctx: Ctx, request: AdmissionRequest, role: RoomRole): Promise<AdmissionView> {
  const { state, applicant, scope, additional } = request;
  const { seat, cluster, write, events } = prepareSeat(ctx, state, applicant, role);
  const { callId, id: participantId } = seat;
  const { identity, name } = applicant;
  const committed = ctx.commit({
    ...(scope ? { scope } : {}),
    write: (q) => [
      ...(additional?.write(q) ?? []),
      ...linkAttributionStatements(q, request, { now: seat.seatSince, isIn: true }),
      ...write(q),
    ],
    audit: [
      ...toArray(additional?.audit),
      {
        action: 'room.admitted',
        target: { type: 'room', id: state.room.id },
        after: { callId, participantId, identity, name, role },
      },
    ],
    events: [...(additional?.events ?? []), ...events],
    // Two who are first at once: the second finds the first one's call.
    conflicts: {
      calls_open_room_key: requestErrors.stale,
      call_participants_identity_key: requestErrors.stale,
    },
    result: undefined,
  });
  // Signing needs no answer of the database; a token that was signed in vain is never shown.
  const subject = { applicant, room: state.room, role };
  const [view] = await Promise.all([
    presentAdmitted(ctx, subject, { callId, cluster, participantId }),
    committed,
  ]);
  return view;
}

/**
 * Lets somebody into a room, or has them wait in its lobby. Coming again gives the same place.
 * @throws AppError `rooms.*`, `clusters.not_configured`, or `request.stale` when another was faster: decide again
 */
export async function admitApplicant(
  ctx: Ctx,
  request: AdmissionRequest,
): Promise<AdmissionView | WaitingView> {
  const { state, applicant } = request;
  const currentState = openCallOf(ctx.ports, state) ? state : { ...state, seat: undefined };
  const { kind, role } = decideAdmission(currentState, applicant, ctx.clock.now());
  return kind === 'wait' ? enterLobby(ctx, request, role) : grantSeat(ctx, request, role);
}
