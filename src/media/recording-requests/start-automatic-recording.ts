import type { Ctx } from '../../kernel/context/index.ts';
import { AppError } from '../../kernel/core/index.ts';
import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { type Recording, recordingErrors } from '../recordings/index.ts';
import { createRecording, recordingRequest } from './create-recording.ts';
import { selectAutomaticGround } from './recording-requests.queries.ts';

type AutomaticGround = Awaited<ReturnType<typeof selectAutomaticGround>>[number];

/** Why no recording begins although the room's setting asks for one; null when it may. */
function obstacleOf({ call, room, bucket }: AutomaticGround): string | null {
  if (call.status !== 'active') return 'call_over';
  if (!room.features.recording) return 'switched_off';
  return bucket ? null : 'no_bucket';
}

const isRefusal = (error: unknown) =>
  error instanceof AppError &&
  [recordingErrors.alreadyRecording, recordingErrors.tooMany, entitlementErrors.featureNotIncluded].some(
    ({ definition }) => definition.code === error.code,
  );

async function requestRecording(ctx: Ctx, row: Recording): Promise<void> {
  const asked = recordingRequest(row);
  try {
    await ctx.commit({ ...asked, audit: asked.audit, result: undefined });
  } catch (error) {
    // It is recorded already, too many run, or the plan has no recordings: nothing that a repetition changes.
    if (!isRefusal(error)) throw error;
    ctx.log.info('recordings.automatic_refused', { callId: row.callId, error });
  }
}

/** Asks for the recording that the room's setting wants of each call, once in a call. */
export async function startAutomaticRecording(ctx: Ctx, { callId }: { callId: string }): Promise<void> {
  const [[found]] = await ctx.read((q) => [selectAutomaticGround(q, ctx.organizationId, callId)]);
  if (!found || found.room.automaticRecording === 'off' || found.wasAsked) return;
  const { room, call, bucket } = found;
  const obstacle = obstacleOf(found);
  if (obstacle || !bucket)
    return ctx.log.warn('recordings.automatic_not_started', { callId, roomId: room.id, obstacle });
  const row = createRecording(ctx, {
    call,
    bucket,
    kind: found.room.automaticRecording,
    subject: '',
    retentionSeconds: undefined,
    // The setting of the room asks for it, and no person.
    requestedBy: room.id,
    isConsentRequired: room.recordingConsent === 'required',
  });
  await requestRecording(ctx, row);
}
