import type { CommitRequest, Ctx } from '../../kernel/context/index.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import type { DbScope, Queries, Statement } from '../../kernel/db/index.ts';
import { holdMinutes } from '../../calls/minutes/index.ts';
import { LOBBY_WAIT_SECONDS, lobbyWaiting, upsertWaitingEntry } from '../lobby/index.ts';
import { upsertRoomPerson, type RoomRole } from '../rooms/index.ts';
import { isAdministrator, outranks } from '../access/index.ts';
import {
  type AdmissionDecision,
  type AdmissionState,
  type Applicant,
  decideAdmission,
  type WaitReason,
} from './admission.rules.ts';
import type { AdmissionView, WaitingView } from './admission.schemas.ts';
import { presentAdmitted, presentWaiting } from './admission.present.ts';
import { openCallOf, prepareSeat } from './prepare-seat.ts';
import { networkCondition } from './network-condition.ts';
import { agreeToRecording } from './agree-to-recording.ts';
import { claimIdentity } from './service-identities.queries.ts';
import { useLobbyEntry } from './use-lobby-entry.ts';

/** What is committed together with an admission, such as the use of a link. */
export type AdditionalCommit = Pick<CommitRequest<unknown>, 'write' | 'audit' | 'events'>;

export interface AdmissionRequest {
  state: AdmissionState;
  applicant: Applicant;
  /** The scope of the commit, for an applicant who has no credential of the organization yet. */
  scope?: DbScope | undefined;
  additional?: AdditionalCommit | undefined;
}

const toArray = <T>(one: T | T[] | undefined): T[] =>
  one === undefined ? [] : Array.isArray(one) ? one : [one];

/** An identity that an API key names has to be its own. A moved service comes with its ticket, and keeps its identity. */
function identityStatements(ctx: Ctx, q: Queries, { identity }: Applicant, now: Date): Statement[] {
  const { actor } = ctx;
  if (actor.kind !== 'apiKey') return [];
  const { apiKeyId, organizationId } = actor;
  return [claimIdentity(q, { organizationId, identity, apiKeyId, now, mayContinue: isAdministrator(actor) })];
}

/** Stores the link through which the applicant comes and, once they are admitted to a call, the role that it gives them. */
function linkAttributionStatements(
  q: Queries,
  { state: { room }, applicant }: AdmissionRequest,
  { now, callId }: { now: Date; callId: string | null },
): Statement[] {
  const { identity, userId, role, linkAttribution } = applicant;
  const grantsRole = callId !== null && linkAttribution?.givesRole === true;
  if (!linkAttribution || (!grantsRole && linkAttribution.linkId === undefined)) return [];
  const { linkId, changedBy, isForOneCall } = linkAttribution;
  const { organizationId, id: roomId } = room;
  const link = linkId === undefined ? {} : { linkId };
  const row = { organizationId, roomId, identity, userId, changedBy, updatedAt: now, ...link };
  return [upsertRoomPerson(q, grantsRole ? { ...row, role, roleCallId: isForOneCall ? callId : null } : row)];
}

/**
 * Admission ends with the minutes that the plan includes. People who were moved are in a call of the organization, and continue in
 * another one that runs; they begin none.
 */
function minuteStatements(
  ctx: Ctx,
  q: Queries,
  { state, applicant }: AdmissionRequest,
  now: Date,
): Statement[] {
  const { organizationId } = state.room;
  const callId = openCallOf(ctx.ports, state)?.id ?? null;
  if (applicant.passesLobby && callId !== null) return [];
  return [holdMinutes(q, { organizationId, callId, identity: applicant.identity, now })];
}

const REPEAT_COMMAND_MS = 10 * 60_000;

/** Commits a lobby entry, and shows it in the live room. */
async function enterLobby(
  ctx: Ctx,
  request: AdmissionRequest,
  { requestedRole, waitsFor }: { requestedRole: RoomRole; waitsFor: WaitReason },
): Promise<WaitingView> {
  const { state, applicant, scope, additional } = request;
  const { room, entry } = state;
  const { identity, kind, userId, name } = applicant;
  const now = ctx.clock.now();
  const waiting = entry?.status === 'waiting' ? entry : undefined;
  // A person who asks again in another way keeps the higher of the roles they wait for.
  const role = waiting && outranks(waiting.role, requestedRole) ? waiting.role : requestedRole;
  const lobbyEntryId = waiting?.id ?? ctx.ids.create('lobbyEntry');
  const createdAt = waiting?.createdAt ?? new Date(now);
  const expiresAt = new Date(now + LOBBY_WAIT_SECONDS * 1000);
  const { organizationId, id: roomId } = room;
  const person = { identity, kind, userId, name, role };
  const requireNetwork = await networkCondition(ctx, state, applicant, false);
  await ctx.commit({
    ...(scope ? { scope } : {}),
    write: (q) => [
      ...minuteStatements(ctx, q, request, new Date(now)),
      ...requireNetwork(q),
      ...(additional?.write(q) ?? []),
      ...identityStatements(ctx, q, applicant, new Date(now)),
      ...linkAttributionStatements(q, request, { now: new Date(now), callId: null }),
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
  ctx.after('lobby.apply', () =>
    ctx.ports.liveRooms.apply(roomId, [
      {
        type: 'lobby.waiting',
        // The live room drops an entry whose person does not ask again, so it is shown again at intervals.
        key: `${lobbyEntryId}:waiting:${Math.floor(now / REPEAT_COMMAND_MS)}`,
        atMs: now,
        by: null,
        entry: entryView,
      },
    ]),
  );
  return presentWaiting(ctx, { applicant, room, role }, { lobbyEntryId, expiresAt, waitsFor });
}

/** Commits a seat in the call. */
async function grantSeat(
  ctx: Ctx,
  request: AdmissionRequest,
  decision: AdmissionDecision,
): Promise<AdmissionView> {
  const { state, applicant, scope, additional } = request;
  const { role, isApproved } = decision;
  const requireNetwork = await networkCondition(ctx, state, applicant, isApproved);
  const consent = agreeToRecording(ctx, state, applicant, role);
  const { seat, cluster, write, events } = await prepareSeat(ctx, state, applicant, decision);
  const { callId, id: participantId } = seat;
  const { identity, name } = applicant;
  const isNewCall = openCallOf(ctx.ports, state) === undefined;
  const lobbyUse = useLobbyEntry(ctx, state, { identity, role, callId, isNewCall });
  const committed = ctx.commit({
    ...(scope ? { scope } : {}),
    write: (q) => [
      ...minuteStatements(ctx, q, request, seat.seatSince),
      ...(additional?.write(q) ?? []),
      ...identityStatements(ctx, q, applicant, seat.seatSince),
      ...linkAttributionStatements(q, request, { now: seat.seatSince, callId }),
      ...write(q),
      ...requireNetwork(q),
      ...lobbyUse.write(q),
      ...consent.write(q),
    ],
    audit: [
      ...toArray(additional?.audit),
      {
        action: 'room.admitted',
        target: { type: 'room', id: state.room.id },
        after: { callId, participantId, identity, name, role },
      },
      ...consent.audit,
    ],
    events: [...(additional?.events ?? []), ...events, ...lobbyUse.events, ...consent.events],
    // Two first participants at once: the second finds the first one's call.
    conflicts: {
      calls_open_room_key: requestErrors.stale,
      call_participants_identity_key: requestErrors.stale,
      recording_consents_held_key: requestErrors.stale,
    },
    result: undefined,
  });
  // Signing needs no answer of the database; the token is shown only after the commit.
  const subject = { applicant, room: state.room, role };
  const [view] = await Promise.all([
    presentAdmitted(ctx, subject, { callId, cluster, participantId }),
    committed,
  ]);
  lobbyUse.afterCommit();
  return view;
}

/**
 * Admits an applicant to a room, or to its lobby. Joining again gives the same seat.
 * @throws AppError `rooms.*`, `clusters.not_configured`, or `request.stale` when the state changed since it was read
 */
export async function admitApplicant(
  ctx: Ctx,
  request: AdmissionRequest,
): Promise<AdmissionView | WaitingView> {
  const { state, applicant } = request;
  const currentState = openCallOf(ctx.ports, state)
    ? state
    : { ...state, seat: undefined, hostCame: false, lacksRecordingConsent: false };
  const decision = decideAdmission(currentState, applicant, ctx.clock.now());
  const { role, waitsFor } = decision;
  return waitsFor
    ? enterLobby(ctx, request, { requestedRole: role, waitsFor })
    : grantSeat(ctx, { ...request, state: currentState }, decision);
}
