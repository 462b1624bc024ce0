import { transcriptionCounted } from './transcripts.events.ts';
import type { Transcription } from './transcripts.tables.ts';

/** Has what was written down counted; with the commit that ends or deletes the transcription, so that nothing of it is missed. */
export const countedEventOf = ({
  id: transcriptionId,
  fileId,
  recordingId,
  model,
  requestedBy,
  transcribedMs,
  version,
  createdAt,
}: Transcription) =>
  transcriptionCounted.of({
    transcriptionId,
    fileId,
    recordingId,
    model,
    requestedBy,
    transcribedMs,
    version,
    createdAt: createdAt.toISOString(),
  });
