import type { Ctx } from '../../kernel/context/index.ts';
import { mapSettled } from '../../kernel/core/index.ts';
import type { Delivery } from '../../kernel/delivery/index.ts';
import { sendLiveCommands } from '../../realtime/protocol/index.ts';
import { selectTargets } from '../moderation/index.ts';
import { selectRoomAndOpenCall } from '../rooms/index.ts';
import {
  MUTE_VALID_MS,
  mutedCommands,
  type MutedTracks,
  trackViews,
  unmutedTracksOf,
} from './muting.rules.ts';

interface RequestedMute extends MutedTracks {
  roomId: string;
  callId: string;
  participantIds: string[];
  /** Identity of the moderator. */
  by: string;
}

/**
 * Repeats a moderator's mute that the cluster did not answer, unless the call is over or ten minutes have passed:
 * people would be muted in the middle of something else.
 * @throws AppError `clusters.*` or `server.unavailable` while the cluster does not answer; then it is tried again
 */
export async function applyMute(
  ctx: Ctx,
  { roomId, callId, participantIds, by, ...mutedTracks }: RequestedMute,
  { occurredAtMs }: Pick<Delivery, 'occurredAtMs'>,
): Promise<void> {
  const [[found], targets] = await ctx.read((q) => [
    selectRoomAndOpenCall(q, ctx.organizationId, roomId),
    selectTargets(q, ctx.organizationId, roomId, { participantIds }),
  ]);
  const { call } = found ?? {};
  if (call?.id !== callId) return;
  if (ctx.clock.now() - occurredAtMs > MUTE_VALID_MS) {
    ctx.log.warn('muting.expired', { callId, participants: participantIds.length });
    return;
  }
  const api = ctx.ports.clusters.api(call.cluster, ctx.trace);
  const tracks = unmutedTracksOf(await api.listParticipants(callId), targets, mutedTracks);
  const outcomes = await mapSettled(tracks, ({ identity, trackSid }) =>
    api.muteTrack(callId, identity, trackSid, true),
  );
  const muted = tracks.filter((_, at) => (outcomes[at] as { value?: unknown }).value === true);
  if (muted.length > 0) {
    await ctx.commit({
      write: () => [],
      audit: {
        action: 'participant.muted',
        target: { type: 'room', id: roomId },
        after: { tracks: trackViews(muted), by },
      },
      result: undefined,
    });
    await sendLiveCommands(ctx, roomId, mutedCommands(muted, by, ctx.clock.now()));
  }
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}
