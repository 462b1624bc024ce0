import { clusterErrors, type ClusterParticipant, type TrackSource } from '../../calls/clusters/index.ts';
import { isError, serverErrors } from '../../kernel/core/index.ts';
import { type LiveCommand, publicIdentity } from '../../realtime/protocol/index.ts';
import type { ModerationTarget } from '../moderation/index.ts';

/** How long a mute that the cluster did not answer is still applied. */
export const MUTE_VALID_MS = 600_000;

/** Which tracks are muted: those named, and those of the sources; null for all. */
export interface MutedTracks {
  trackSids: string[] | null;
  sources: TrackSource[] | null;
}

export interface UnmutedTrack {
  participantId: string;
  identity: string;
  trackSid: string;
}

/** The tracks of the targets that are to be muted and are not. */
export function unmutedTracksOf(
  present: readonly ClusterParticipant[],
  targets: readonly ModerationTarget[],
  { trackSids, sources }: MutedTracks,
): UnmutedTrack[] {
  const ids = new Map(targets.map(({ participant }) => [participant.identity, participant.id]));
  return present.flatMap(({ identity, tracks }) => {
    const participantId = ids.get(identity);
    if (participantId === undefined) return [];
    return tracks
      .filter(({ muted }) => !muted)
      .filter(({ sid, source }) => (trackSids?.includes(sid) ?? true) && (sources?.includes(source) ?? true))
      .map(({ sid: trackSid }) => ({ participantId, identity, trackSid }));
  });
}

/** Shows in the live room which tracks were muted. @param by identity of the moderator */
export const mutedCommands = (muted: readonly UnmutedTrack[], by: string, atMs: number): LiveCommand[] =>
  muted.map(({ identity, trackSid }) => ({
    type: 'media.muted',
    key: `${trackSid}:muted:${atMs}`,
    atMs,
    by: publicIdentity(by),
    identity,
    trackSid,
  }));

/** Tracks as the API and the audit log name them. */
export const trackViews = (tracks: readonly UnmutedTrack[]) =>
  tracks.map(({ participantId, trackSid }) => ({ participantId, trackSid }));

/** Whether the cluster did not answer, or only for now refuses to: trying later helps. */
export const isTemporaryFailure = (error: unknown): boolean =>
  isError(error, clusterErrors.unavailable, serverErrors.unavailable);
