import { defineMeter } from '../../kernel/modules/index.ts';
import { transcriptionFinished } from './transcripts.events.ts';
import { selectTranscriptionById } from './transcripts.queries.ts';

/** Sound that was written down, also of a transcription that failed after some of it. */
export const transcriptionMinutes = defineMeter({
  name: 'transcription_minutes',
  feature: 'speech',
  unit: 'milliseconds',
  unitQuantity: 60_000,
  description:
    'Duration of files and recordings that were written down, without silent minutes, each once it has ended.',
  dimensions: ['file', 'recording', 'model'],
  event: transcriptionFinished,
  read: async (ctx, { transcriptionId }) => {
    const [rows] = await ctx.read((q) => [selectTranscriptionById(q, ctx.organizationId, transcriptionId)]);
    return rows.map(({ id, createdAt, transcribedMs, version, fileId, recordingId, model, requestedBy }) => ({
      key: id,
      occurredAtMs: createdAt.getTime(),
      quantity: transcribedMs,
      version,
      dimensions: { ...(recordingId === null ? { file: fileId! } : { recording: recordingId }), model },
      userId: requestedBy.startsWith('usr_') ? requestedBy : null,
    }));
  },
});
