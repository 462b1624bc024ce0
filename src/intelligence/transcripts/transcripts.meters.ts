import { defineMeter } from '../../kernel/modules/index.ts';
import { transcriptionCounted } from './transcripts.events.ts';

/** Sound that was written down, also of a transcription that failed or was deleted after some of it: the event is the fact. */
export const transcriptionMinutes = defineMeter({
  name: 'transcription_minutes',
  feature: 'speech',
  unit: 'milliseconds',
  unitQuantity: 60_000,
  description:
    'Duration of files and recordings that were written down, without silent minutes, each once it has ended or was deleted.',
  dimensions: ['file', 'recording', 'model'],
  event: transcriptionCounted,
  read: async (
    _ctx,
    { transcriptionId, fileId, recordingId, model, requestedBy, transcribedMs, version, createdAt },
  ) => [
    {
      key: transcriptionId,
      occurredAtMs: Date.parse(createdAt),
      quantity: transcribedMs,
      version,
      dimensions: { ...(recordingId === null ? { file: fileId! } : { recording: recordingId }), model },
      userId: requestedBy?.startsWith('usr_') ? requestedBy : null,
    },
  ],
});
