import { INCLUDED_UNITS } from '../../identity/entitlements/index.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import { defineMeter } from '../../kernel/modules/index.ts';
import { selectRecordingById } from '../../media/recordings/index.ts';
import { transcriptionCounted } from '../transcripts/index.ts';

/** The recording, with its room and call while they exist. */
async function dimensionsOf(ctx: Ctx, recording: string) {
  const [[found]] = await ctx.read((q) => [selectRecordingById(q, ctx.organizationId, recording)]);
  return { recording, ...(found ? { room: found.roomId, call: found.callId } : {}) };
}

/** Sound that was transcribed, also for a transcription that failed or was deleted later: the event is the fact. */
export const transcriptionMinutes = defineMeter({
  name: 'transcription_minutes',
  feature: 'speech',
  unit: 'milliseconds',
  unitQuantity: INCLUDED_UNITS.transcription_minutes,
  description:
    'Duration of files and recordings that were transcribed, without silent minutes, each once it has ' +
    'ended or was deleted.',
  dimensions: ['file', 'recording', 'model', 'room', 'call'],
  event: transcriptionCounted,
  read: async (
    ctx,
    { transcriptionId, fileId, recordingId, model, requestedBy, transcribedMs, version, createdAt },
  ) => [
    {
      key: transcriptionId,
      occurredAtMs: Date.parse(createdAt),
      quantity: transcribedMs,
      version,
      dimensions: {
        ...(recordingId === null ? { file: fileId! } : await dimensionsOf(ctx, recordingId)),
        model,
      },
      userId: requestedBy?.startsWith('usr_') ? requestedBy : null,
    },
  ],
});
