import { selectOpenCall } from '../../calls/calls/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import {
  requesterIdentity,
  requireModerator,
  requireRoomAccess,
  type RoomAccessRequest,
} from '../../rooms/access/index.ts';
import { choosePlace } from './choose-place.ts';
import { createRecording, recordingRequest } from './create-recording.ts';
import { type Recording, recordingErrors } from '../recordings/index.ts';
import { selectLinkOf, selectStorage, selectSubject } from './recording-requests.queries.ts';
import type { StartRecording } from './recording-requests.schemas.ts';

/**
 * Asks for a recording of the room's open call. It begins within seconds, by a subscriber of the event.
 * @throws AppError `rooms.not_found`, `moderation.not_moderator`, `recordings.no_call`, `recordings.already_recording`,
 * `recordings.not_connected`, `recordings.not_published`, `recordings.switched_off`, `recordings.bucket_failing`, `recordings.no_storage`,
 * `buckets.not_found`, `billing.feature_not_included` or `billing.limit_reached`
 */
export async function startRecording(
  ctx: Ctx,
  request: RoomAccessRequest,
  { kind, bucketId, ...input }: StartRecording,
): Promise<Recording> {
  const { organizationId } = ctx;
  const { roomId } = request;
  const identity = requesterIdentity(ctx.actor, request);
  const subject = kind === 'participant' ? input.identity! : kind === 'track' ? input.trackSid! : '';
  const [access, [call], storage, [link], [isThere]] = await requireRoomAccess(ctx, request, (q) => [
    selectOpenCall(q, organizationId, roomId),
    selectStorage(q, organizationId),
    selectLinkOf(q, organizationId, roomId, identity),
    selectSubject(q, organizationId, roomId, { kind, subject }),
  ]);
  requireModerator(access);
  if (!access.room.features.recording || link?.enableRecording === false) throw recordingErrors.switchedOff();
  if (call?.status !== 'active') throw recordingErrors.noCall();
  if (kind === 'participant' && !isThere) throw recordingErrors.notConnected();
  if (kind === 'track' && !isThere) throw recordingErrors.notPublished();
  const place = await choosePlace(ctx, storage, bucketId);
  const row = createRecording(ctx, {
    call,
    place,
    kind,
    subject,
    retentionSeconds: input.retentionSeconds,
    requestedBy: access.identity,
    isConsentRequired: access.room.recordingConsent === 'required',
  });
  const asked = recordingRequest(row);
  return ctx.commit({ ...asked, audit: asked.audit });
}
