import type { Call } from '../../calls/calls/index.ts';
import { clusterErrors, type ClusterParticipant } from '../../calls/clusters/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { mapSettled, withTimeout } from '../../kernel/core/index.ts';
import { sendLiveCommands } from '../../realtime/protocol/index.ts';
import {
  requireModerator,
  requireRoomAccess,
  type RoomAccess,
  type RoomAccessRequest,
} from '../access/index.ts';
import {
  mayModerate,
  moderationErrors,
  type ModerationTarget,
  requireCallOfTarget,
  requireOpenCall,
  requireTarget,
  selectTarget,
  selectTargets,
} from '../moderation/index.ts';
import { muteRequested } from './muting.events.ts';
import {
  isTemporaryFailure,
  mutedCommands,
  type MutedTracks,
  trackViews,
  type UnmutedTrack,
  unmutedTracksOf,
} from './muting.rules.ts';
import type { Mute, MuteAll, MutedView } from './muting.schemas.ts';

/** A request waits for the cluster no longer than this, whether it lists or mutes. */
const CLUSTER_TIMEOUT_MS = 3_000;

/** Whom a moderator mutes. */
interface MuteSubject extends MutedTracks {
  roomAccess: RoomAccess;
  call: Call;
  targets: readonly ModerationTarget[];
}

/** What the cluster did by the deadline. */
interface MuteOutcome {
  muted: readonly UnmutedTrack[];
  failed: readonly UnmutedTrack[];
  /** What follows as soon as the cluster answers. */
  pending: MutedView['pending'];
}

/** @throws AppError `clusters.unavailable` when the cluster does not answer by the deadline */
const answerBy = <T>({ clock }: Ctx, deadlineMs: number, work: Promise<T>): Promise<T> =>
  withTimeout(work, Math.max(0, deadlineMs - clock.now()), () =>
    clusterErrors.unavailable({ detail: 'the media server did not answer in time' }),
  );

/** The people in the call by the cluster's list; null when it does not answer by the deadline. */
async function listPresent(ctx: Ctx, call: Call, deadlineMs: number): Promise<ClusterParticipant[] | null> {
  const api = ctx.ports.clusters.api(call.cluster, ctx.trace);
  try {
    return await answerBy(ctx, deadlineMs, api.listParticipants(call.id));
  } catch (error) {
    if (isTemporaryFailure(error)) return null;
    throw error;
  }
}

/** @throws AppError `clusters.unavailable` when the cluster refused every track */
async function muteAtCluster(
  ctx: Ctx,
  { call, targets, trackSids, sources }: MuteSubject,
  present: readonly ClusterParticipant[] | null,
  deadlineMs: number,
): Promise<MuteOutcome> {
  if (!present) {
    const wantedSids = trackSids ?? [null];
    const pending = targets
      .filter(({ participant: { status } }) => status !== 'left')
      .flatMap(({ participant: { id: participantId } }) =>
        wantedSids.map((trackSid) => ({ participantId, trackSid })),
      );
    return { muted: [], failed: [], pending };
  }
  const tracks = unmutedTracksOf(present, targets, { trackSids, sources });
  const api = ctx.ports.clusters.api(call.cluster, ctx.trace);
  const outcomes = await mapSettled(tracks, ({ identity, trackSid }) =>
    answerBy(ctx, deadlineMs, api.muteTrack(call.id, identity, trackSid, true)),
  );
  const reasonAt = (at: number): unknown => (outcomes[at] as { reason?: unknown }).reason;
  // A track that had ended before is in no list.
  const muted = tracks.filter((_, at) => (outcomes[at] as { value?: unknown }).value === true);
  const failed = tracks.filter((_, at) => outcomes[at]!.status === 'rejected');
  const pending = trackViews(tracks.filter((_, at) => isTemporaryFailure(reasonAt(at))));
  if (failed.length > 0 && muted.length === 0 && pending.length === 0)
    throw clusterErrors.unavailable({ detail: 'no track was muted' });
  return { muted, failed, pending };
}

/** The event that keeps what is pending. */
function muteRequestOf(
  { roomAccess, call, trackSids, sources }: MuteSubject,
  pending: MutedView['pending'],
): ReturnType<typeof muteRequested.of> {
  const sids = pending.flatMap(({ trackSid }) => (trackSid === null ? [] : [trackSid]));
  return muteRequested.of({
    roomId: roomAccess.room.id,
    callId: call.id,
    participantIds: [...new Set(pending.map(({ participantId }) => participantId))],
    trackSids: sids.length > 0 ? sids : trackSids,
    sources,
    by: roomAccess.identity,
  });
}

/** Mutes tracks at the cluster, then records what it did, keeps what it did not answer, and shows it in the live room. */
async function muteTracks(
  ctx: Ctx,
  subject: MuteSubject,
  present: readonly ClusterParticipant[] | null,
  deadlineMs: number,
): Promise<MutedView> {
  const { room, identity: by } = subject.roomAccess;
  const { muted, failed, pending } = await muteAtCluster(ctx, subject, present, deadlineMs);
  const view = { muted: trackViews(muted), failed: trackViews(failed), pending };
  if (muted.length === 0 && pending.length === 0) return view;
  const target = { type: 'room', id: room.id };
  await ctx.commit({
    write: () => [],
    audit: [
      ...(muted.length > 0 ? [{ action: 'participant.muted', target, after: { tracks: view.muted } }] : []),
      ...(pending.length > 0
        ? [{ action: 'participant.mute_requested', target, after: { tracks: pending } }]
        : []),
    ],
    events: pending.length > 0 ? [muteRequestOf(subject, pending)] : [],
    result: view,
  });
  if (muted.length > 0) await sendLiveCommands(ctx, room.id, mutedCommands(muted, by, ctx.clock.now()));
  return view;
}

/**
 * Mutes one track of a participant, or all of them. The participant can unmute themselves. A track that is already muted
 * stays muted. What the cluster does not answer in time is kept, and muted as soon as it answers.
 * @throws AppError `rooms.not_found`, `moderation.*`, `clusters.*` or `server.unavailable`
 */
export async function muteParticipant(
  ctx: Ctx,
  request: RoomAccessRequest,
  participantId: string,
  { trackSid }: Mute,
): Promise<MutedView> {
  const [roomAccess, [found]] = await requireRoomAccess(ctx, request, (q) => [
    selectTarget(q, ctx.organizationId, request.roomId, participantId),
  ]);
  const target = requireTarget(roomAccess, found);
  const call = requireCallOfTarget(roomAccess, target);
  const deadlineMs = ctx.clock.now() + CLUSTER_TIMEOUT_MS;
  const present = await listPresent(ctx, call, deadlineMs);
  const isTargetsTrack = ({ identity, tracks }: ClusterParticipant) =>
    identity === target.participant.identity && tracks.some(({ sid }) => sid === trackSid);
  if (trackSid !== undefined && present && !present.some(isTargetsTrack))
    throw moderationErrors.trackNotFound();
  const trackSids = trackSid === undefined ? null : [trackSid];
  const subject = { roomAccess, call, targets: [target], trackSids, sources: null };
  return muteTracks(ctx, subject, present, deadlineMs);
}

/**
 * Mutes everybody but the caller, people the caller may not act on, and those who are excepted.
 * @throws AppError as `muteParticipant`
 */
export async function muteAll(
  ctx: Ctx,
  request: RoomAccessRequest,
  { sources, except }: MuteAll,
): Promise<MutedView> {
  const [roomAccess, seats] = await requireRoomAccess(ctx, request, (q) => [
    selectTargets(q, ctx.organizationId, request.roomId),
  ]);
  requireModerator(roomAccess);
  const call = requireOpenCall(roomAccess);
  const exceptIds = new Set(except);
  const targets = seats.filter(
    (target) =>
      target.participant.identity !== roomAccess.identity &&
      !exceptIds.has(target.participant.id) &&
      mayModerate(roomAccess, target),
  );
  const deadlineMs = ctx.clock.now() + CLUSTER_TIMEOUT_MS;
  const present = await listPresent(ctx, call, deadlineMs);
  return muteTracks(ctx, { roomAccess, call, targets, trackSids: null, sources }, present, deadlineMs);
}
