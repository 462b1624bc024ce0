import type { Ctx } from '../../kernel/context/index.ts';
import { isError } from '../../kernel/core/index.ts';
import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { type Recording, recordingErrors } from '../recordings/index.ts';
import type { RecordingLocation } from '../recording-objects/index.ts';
import { choosePlace } from './choose-place.ts';
import { createRecording, recordingRequest } from './create-recording.ts';
import { selectAutomaticGround, selectStorage } from './recording-requests.queries.ts';
import { automaticKindOf, type FoundStorage } from './recording-requests.rules.ts';

type AutomaticGround = Awaited<ReturnType<typeof selectAutomaticGround>>[number];

/** Why no recording begins although a setting asks for one; null when it may. */
function obstacleOf({ call, room }: AutomaticGround): string | null {
  if (call.status !== 'active') return 'call_over';
  return room.features.recording ? null : 'switched_off';
}

/** It is recorded already, too many run, or the plan has no recordings or storage left: nothing that a repetition changes. */
const isFinal = (error: unknown) =>
  isError(
    error,
    recordingErrors.alreadyRecording,
    entitlementErrors.featureNotIncluded,
    entitlementErrors.limitReached,
  );

/** Where it is stored, or why nowhere. */
async function findPlace(ctx: Ctx, storage: readonly FoundStorage[]): Promise<RecordingLocation | string> {
  try {
    return await choosePlace(ctx, storage, undefined);
  } catch (error) {
    if (!isError(error, recordingErrors.bucketFailing, recordingErrors.noStorage)) throw error;
    return error.code;
  }
}

async function requestRecording(ctx: Ctx, row: Recording): Promise<void> {
  const asked = recordingRequest(row);
  try {
    await ctx.commit({ ...asked, audit: asked.audit, result: undefined });
  } catch (error) {
    if (!isFinal(error)) throw error;
    ctx.log.info('recordings.automatic_refused', { callId: row.callId, error });
  }
}

/** Asks for the recording that the setting of the room, or of its organization, wants of each call, once in a call. */
export async function startAutomaticRecording(ctx: Ctx, { callId }: { callId: string }): Promise<void> {
  const [[found], storage] = await ctx.read((q) => [
    selectAutomaticGround(q, ctx.organizationId, callId),
    selectStorage(q, ctx.organizationId),
  ]);
  const kind = found ? automaticKindOf(found.room, found.settings) : 'off';
  if (!found || kind === 'off' || found.wasAsked) return;
  const { room, call } = found;
  const place = obstacleOf(found) ?? (await findPlace(ctx, storage));
  if (typeof place === 'string')
    return ctx.log.warn('recordings.automatic_not_started', { callId, roomId: room.id, obstacle: place });
  const row = createRecording(ctx, {
    call,
    place,
    kind,
    subject: '',
    retentionSeconds: undefined,
    // A setting asks for it, and no person.
    requestedBy: room.id,
    isConsentRequired: room.recordingConsent === 'required',
  });
  await requestRecording(ctx, row);
}
