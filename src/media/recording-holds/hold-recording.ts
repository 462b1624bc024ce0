import type { Ctx } from '../../kernel/context/index.ts';
import { actorId, requirePermission } from '../../kernel/core/index.ts';
import type { RoomAccessRequest } from '../../rooms/access/index.ts';
import {
  changeEventOf,
  changeRecording,
  getRecording,
  isStored,
  moveTo,
  type Recording,
  recordingErrors,
} from '../recordings/index.ts';

/** Moves a recording between `ready` and `held`, in a commit that a deletion at the same moment makes fail. */
async function moveHold(
  ctx: Ctx,
  recording: Recording,
  state: 'held' | 'ready',
  set: Pick<Recording, 'heldBy' | 'heldFor'>,
): Promise<Recording> {
  const now = new Date(ctx.clock.now());
  const change = { ...moveTo(recording, state, recording.reason, now.getTime()), ...set, updatedAt: now };
  const changed = { ...recording, ...change, version: recording.version + 1 };
  return ctx.commit({
    write: (q) => [changeRecording(q, recording, change)],
    audit: {
      action: state === 'held' ? 'recording.held' : 'recording.released',
      severity: 'warning',
      target: { type: 'room', id: recording.roomId },
      before: { recordingId: recording.id, heldFor: recording.heldFor },
      after: { recordingId: recording.id, heldFor: set.heldFor },
    },
    events: [changeEventOf(changed)],
    result: changed,
  });
}

/**
 * Keeps a recording whatever else would delete it, until it is released; holding it again changes the reason.
 * @throws AppError `auth.forbidden`, `rooms.not_found`, `moderation.not_moderator`, `recordings.not_found`, `recordings.not_ready`
 * or `request.stale`
 */
export async function holdRecording(
  ctx: Ctx,
  request: RoomAccessRequest,
  recordingId: string,
  reason: string,
): Promise<Recording> {
  requirePermission(ctx.actor, 'organizations:write');
  const recording = await getRecording(ctx, request, recordingId);
  const canBeHeld = isStored(recording.state) && !recording.deleteRequestedAt;
  if (!canBeHeld) throw recordingErrors.notReady();
  return moveHold(ctx, recording, 'held', { heldBy: actorId(ctx.actor), heldFor: reason });
}

/**
 * Releases a held recording; another one does not change.
 * @throws AppError `auth.forbidden`, `rooms.not_found`, `moderation.not_moderator`, `recordings.not_found` or
 * `request.stale`
 */
export async function releaseRecording(
  ctx: Ctx,
  request: RoomAccessRequest,
  recordingId: string,
): Promise<Recording> {
  requirePermission(ctx.actor, 'organizations:write');
  const recording = await getRecording(ctx, request, recordingId);
  if (recording.state !== 'held') return recording;
  return moveHold(ctx, recording, 'ready', { heldBy: null, heldFor: null });
}
