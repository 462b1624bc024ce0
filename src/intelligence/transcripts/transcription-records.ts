import { transcriptionCounted } from './transcripts.events.ts';
import type { Transcription } from './transcripts.tables.ts';

/** The event that counts transcribed sound, in the commit that ends or deletes the transcription: none is missed. */
export const countedEventOf = ({ id, createdAt, ...row }: Transcription) =>
  transcriptionCounted.of({
    transcriptionId: id,
    fileId: row.fileId,
    recordingId: row.recordingId,
    model: row.model,
    requestedBy: row.requestedBy,
    transcribedMs: row.transcribedMs,
    version: row.version,
    createdAt: createdAt.toISOString(),
  });
