import type { Ctx } from '../../platform/context/index.ts';
import { findStanding } from '../lobby/index.ts';
import { type Call } from '../calls/index.ts';
import { clusterErrors, type LiveParticipant } from '../clusters/index.ts';
import { type LiveCommand, tellLiveRoom } from '../realtime/index.ts';
import { requireReach } from '../rooms/index.ts';
import { forEach } from './act.ts';
import { moderationErrors } from './moderation.errors.ts';
import { findTarget, listTargets } from './moderation.queries.ts';
import {
  identityAt,
  mayActOn,
  type Place,
  requireCall,
  requireCallOf,
  requireModerator,
  requireTarget,
  shownBy,
  type Standing,
  standingOf,
  type Target,
} from './moderation.rules.ts';
import type { Mute, MuteAll, MutedView } from './moderation.schemas.ts';

interface Audible {
  participantId: string;
  identity: string;
  trackSid: string;
}

/** The tracks that sound or show, of those whom `targets` names. */
function audibleOf(
  present: readonly LiveParticipant[],
  targets: readonly Target[],
  isMeant: (track: LiveParticipant['tracks'][number]) => boolean,
): Audible[] {
  const ids = new Map(targets.map(({ participant }) => [participant.identity, participant.id]));
  return present.flatMap(({ identity, tracks }) => {
    const participantId = ids.get(identity);
    if (participantId === undefined) return [];
    return tracks
      .filter((track) => !track.muted && isMeant(track))
      .map(({ sid: trackSid }) => ({ participantId, identity, trackSid }));
  });
}

const toldOf = (ctx: Ctx, by: string, muted: readonly Audible[]): LiveCommand[] => {
  const atMs = ctx.clock.now();
  return muted.map(({ identity, trackSid }) => ({
    type: 'media.muted',
    key: `${trackSid}:muted:${atMs}`,
    atMs,
    by: shownBy(by),
    identity,
    trackSid,
  }));
};

/** Mutes at the cluster, notes down what it did, and tells those who were muted. */
async function muteTracks(
  ctx: Ctx,
  { room, identity: by }: Standing,
  call: Call,
  tracks: readonly Audible[],
): Promise<MutedView> {
  const api = ctx.ports.clusters.api(call.cluster, ctx.trace);
  const outcomes = await forEach(tracks, ({ identity, trackSid }) =>
    api.muteTrack(call.id, identity, trackSid, true),
  );
  // A track that was gone by then is neither.
  const muted = tracks.filter((_, at) => (outcomes[at] as { value?: unknown }).value === true);
  const failed = tracks.filter((_, at) => outcomes[at]!.status === 'rejected');
  if (failed.length > 0 && muted.length === 0)
    throw clusterErrors.unavailable({ detail: 'nobody was muted' });
  const shown = (list: readonly Audible[]) =>
    list.map(({ participantId, trackSid }) => ({ participantId, trackSid }));
  const view = { muted: shown(muted), failed: shown(failed) };
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
  await tellLiveRoom(ctx, room.id, toldOf(ctx, by, muted));
  return view;
}

/**
 * Mutes a participant's track, or all of them. They may unmute themselves. What the cluster did is the answer, so it is
 * asked before anything is noted down; a track that is muted already stays so.
 * @throws AppError `rooms.not_found`, `moderation.*`, `clusters.*` or `server.unavailable`
 */
export async function muteParticipant(
  ctx: Ctx,
  place: Place,
  participantId: string,
  { trackSid }: Mute,
): Promise<MutedView> {
  requireReach(ctx.actor, place.roomId);
  const [[row], [found]] = await ctx.read((q) => [
    findStanding(q, ctx.organizationId, place.roomId, identityAt(ctx.actor, place)),
    findTarget(q, ctx.organizationId, place.roomId, participantId),
  ]);
  const standing = standingOf(ctx.actor, place, row);
  const target = requireTarget(standing, found);
  const call = requireCallOf(standing, target);
  const present = await ctx.ports.clusters.api(call.cluster, ctx.trace).listParticipants(call.id);
  // A track that is muted already is as it should be; one that they do not have is not there.
  const theirs = present.filter(({ identity }) => identity === target.participant.identity);
  const isThere = theirs.some(({ tracks }) => tracks.some(({ sid }) => sid === trackSid));
  if (trackSid !== undefined && !isThere) throw moderationErrors.trackNotFound();
  const tracks = audibleOf(theirs, [target], ({ sid }) => trackSid === undefined || sid === trackSid);
  return muteTracks(ctx, standing, call, tracks);
}

/**
 * Mutes everybody else, but for those whom the caller may not act on and those who are excepted.
 * @throws AppError as `muteParticipant`
 */
export async function muteAll(ctx: Ctx, place: Place, { sources, except }: MuteAll): Promise<MutedView> {
  requireReach(ctx.actor, place.roomId);
  const [[row], targets] = await ctx.read((q) => [
    findStanding(q, ctx.organizationId, place.roomId, identityAt(ctx.actor, place)),
    listTargets(q, ctx.organizationId, place.roomId),
  ]);
  const standing = standingOf(ctx.actor, place, row);
  requireModerator(standing);
  const call = requireCall(standing);
  const spared = new Set(except);
  const meant = targets.filter(
    (target) =>
      target.participant.identity !== standing.identity &&
      !spared.has(target.participant.id) &&
      mayActOn(standing, target),
  );
  const present = await ctx.ports.clusters.api(call.cluster, ctx.trace).listParticipants(call.id);
  const tracks = audibleOf(present, meant, ({ source }) => (sources as readonly string[]).includes(source));
  return muteTracks(ctx, standing, call, tracks);
}
