import type { Ctx } from '../../kernel/context/index.ts';
import { mapSettled, withTimeout } from '../../kernel/core/index.ts';
import type { Call } from '../../calls/calls/index.ts';
import { clusterErrors, type ClusterParticipant } from '../../calls/clusters/index.ts';
import { type LiveCommand, publicIdentity, sendLiveCommands } from '../../realtime/protocol/index.ts';
import {
  requireModerator,
  requireRoomAccess,
  type RoomAccess,
  type RoomAccessRequest,
} from '../access/index.ts';
import { moderationErrors } from './moderation.errors.ts';
import { selectTarget, selectTargets } from './moderation.queries.ts';
import {
  mayModerate,
  type ModerationTarget,
  requireCallOfTarget,
  requireOpenCall,
  requireTarget,
} from './moderation.rules.ts';
import type { Mute, MuteAll, MutedView } from './moderation.schemas.ts';

/** A request waits for the cluster no longer than this, whether it lists or mutes. */
const CLUSTER_TIMEOUT_MS = 3_000;

/** @throws AppError `clusters.unavailable` when the cluster does not answer by the deadline */
const answerBy = <T>({ clock }: Ctx, deadlineMs: number, work: Promise<T>): Promise<T> =>
  withTimeout(work, Math.max(0, deadlineMs - clock.now()), () =>
    clusterErrors.unavailable({ detail: 'the media server did not answer in time' }),
  );

interface UnmutedTrack {
  participantId: string;
  identity: string;
  trackSid: string;
}

/** The matching tracks of the targets that are not muted. */
function unmutedTracksOf(
  present: readonly ClusterParticipant[],
  targets: readonly ModerationTarget[],
  matches: (track: ClusterParticipant['tracks'][number]) => boolean,
): UnmutedTrack[] {
  const ids = new Map(targets.map(({ participant }) => [participant.identity, participant.id]));
  return present.flatMap(({ identity, tracks }) => {
    const participantId = ids.get(identity);
    if (participantId === undefined) return [];
    return tracks
      .filter((track) => !track.muted && matches(track))
      .map(({ sid: trackSid }) => ({ participantId, identity, trackSid }));
  });
}

const mutedCommands = (ctx: Ctx, by: string, muted: readonly UnmutedTrack[]): LiveCommand[] => {
  const atMs = ctx.clock.now();
  return muted.map(({ identity, trackSid }) => ({
    type: 'media.muted',
    key: `${trackSid}:muted:${atMs}`,
    atMs,
    by: publicIdentity(by),
    identity,
    trackSid,
  }));
};

/** Mutes tracks at the cluster, then records what it did and shows it in the live room. */
async function muteTracks(
  ctx: Ctx,
  { room, identity: by }: RoomAccess,
  call: Call,
  tracks: readonly UnmutedTrack[],
  deadlineMs: number,
): Promise<MutedView> {
  const api = ctx.ports.clusters.api(call.cluster, ctx.trace);
  const outcomes = await mapSettled(tracks, ({ identity, trackSid }) =>
    answerBy(ctx, deadlineMs, api.muteTrack(call.id, identity, trackSid, true)),
  );
  // A track that had ended before is in neither list.
  const muted = tracks.filter((_, at) => (outcomes[at] as { value?: unknown }).value === true);
  const failed = tracks.filter((_, at) => outcomes[at]!.status === 'rejected');
  if (failed.length > 0 && muted.length === 0)
    throw clusterErrors.unavailable({ detail: 'no track was muted' });
  const trackViews = (list: readonly UnmutedTrack[]) =>
    list.map(({ participantId, trackSid }) => ({ participantId, trackSid }));
  const view = { muted: trackViews(muted), failed: trackViews(failed) };
  if (muted.length === 0) return view;
  await ctx.commit({
    write: () => [],
    audit: {
      action: 'participant.muted',
      target: { type: 'room', id: room.id },
      after: { tracks: view.muted },
    },
    result: view,
  });
  await sendLiveCommands(ctx, room.id, mutedCommands(ctx, by, muted));
  return view;
}

/**
 * Mutes one track of a participant, or all of them. The participant can unmute themselves. What the cluster did is the
 * answer, so it acts before anything is stored. A track that is already muted stays muted.
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
  const api = ctx.ports.clusters.api(call.cluster, ctx.trace);
  const present = await answerBy(ctx, deadlineMs, api.listParticipants(call.id));
  const targetParticipants = present.filter(({ identity }) => identity === target.participant.identity);
  const hasTrack = targetParticipants.some(({ tracks }) => tracks.some(({ sid }) => sid === trackSid));
  if (trackSid !== undefined && !hasTrack) throw moderationErrors.trackNotFound();
  const tracks = unmutedTracksOf(
    targetParticipants,
    [target],
    ({ sid }) => trackSid === undefined || sid === trackSid,
  );
  return muteTracks(ctx, roomAccess, call, tracks, deadlineMs);
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
  const [roomAccess, targets] = await requireRoomAccess(ctx, request, (q) => [
    selectTargets(q, ctx.organizationId, request.roomId),
  ]);
  requireModerator(roomAccess);
  const call = requireOpenCall(roomAccess);
  const exceptIds = new Set(except);
  const selectedTargets = targets.filter(
    (target) =>
      target.participant.identity !== roomAccess.identity &&
      !exceptIds.has(target.participant.id) &&
      mayModerate(roomAccess, target),
  );
  const deadlineMs = ctx.clock.now() + CLUSTER_TIMEOUT_MS;
  const api = ctx.ports.clusters.api(call.cluster, ctx.trace);
  const present = await answerBy(ctx, deadlineMs, api.listParticipants(call.id));
  const tracks = unmutedTracksOf(present, selectedTargets, ({ source }) =>
    (sources as readonly string[]).includes(source),
  );
  return muteTracks(ctx, roomAccess, call, tracks, deadlineMs);
}
