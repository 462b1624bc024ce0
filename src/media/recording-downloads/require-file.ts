import type { Ctx } from '../../kernel/context/index.ts';
import type { RoomAccessRequest } from '../../rooms/access/index.ts';
import { openStore, type RecordingStore } from '../recording-objects/index.ts';
import { findRecording, type FoundRecording, recordingErrors } from '../recordings/index.ts';
import { isDownloadable, isVerified } from './recording-content.rules.ts';

export interface FoundDownload extends FoundRecording {
  store: RecordingStore;
}

/**
 * A recording that can be downloaded, and where it is stored.
 * @throws AppError as `getRecording`, or `recordings.not_ready` also when its bucket was removed
 */
export async function findDownload(
  ctx: Ctx,
  request: RoomAccessRequest,
  recordingId: string,
): Promise<FoundDownload> {
  const { recording, bucket } = await findRecording(ctx, request, recordingId);
  const { storage } = recording;
  const store = isDownloadable(recording) ? await openStore(ctx, { storage, bucket }) : null;
  if (!store) throw recordingErrors.notReady();
  return { recording, bucket, store };
}

/**
 * Looks that the storage of a recording still has the file that was verified.
 * @throws AppError `recordings.not_stored`, `server.unavailable` or `outgoing.*`
 */
export async function requireFile({ recording, store }: FoundDownload): Promise<void> {
  const answer = await store.find(recording.objectKey);
  if (answer === 'refused' || !isVerified(recording, answer.object)) throw recordingErrors.notStored();
}
