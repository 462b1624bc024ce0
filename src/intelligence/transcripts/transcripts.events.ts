import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { TRANSCRIPTION_REASONS, TRANSCRIPTION_STATES } from './transcripts.enums.ts';

const transcriptionId = idSchema('transcription').describe('Id of the transcription.');
const example = { transcriptionId: exampleId('transcription') };
const key = (payload: { transcriptionId: string }) => payload.transcriptionId;

const defineTranscriptionEvent = (type: string, description: string) =>
  defineEvent({ type, description, payload: z.object({ transcriptionId }), example, key });

export const transcriptionRequested = defineTranscriptionEvent(
  'transcription.requested',
  'A transcription of a file or a recording was asked for.',
);
export const transcriptCorrected = defineTranscriptionEvent(
  'transcription.corrected',
  'Somebody corrected what a segment of a transcript says.',
);

/** More of it is to be done. */
export const transcriptionAdvanced = defineEvent({
  type: 'transcription.advanced',
  description: 'A part of a transcription was done.',
  payload: z.object({ transcriptionId }),
  example,
  key,
  internal: true,
});

export const transcriptionFinished = defineEvent({
  type: 'transcription.finished',
  description: 'A transcription came to its end: its transcript is there, or it failed.',
  payload: z.object({
    transcriptionId,
    state: z.enum(TRANSCRIPTION_STATES).describe('How it ended: `ready` or `failed`.'),
    reason: z.enum(TRANSCRIPTION_REASONS).nullable().describe('Why it failed; null when it did not.'),
  }),
  example: { ...example, state: 'ready', reason: null },
  key,
});

/** For the meter alone: the row may be deleted before it is read. */
export const transcriptionCounted = defineEvent({
  type: 'transcription.counted',
  description: 'A transcription came to its end, or was deleted before: what was written down of it counts.',
  payload: z.object({
    transcriptionId,
    fileId: idSchema('file').nullable().describe('The file; null for a recording.'),
    recordingId: idSchema('recording').nullable().describe('The recording; null for a file.'),
    model: z.string().describe('The model that wrote it down.'),
    requestedBy: z.string().nullable().describe('The user or API key that asked for it.'),
    transcribedMs: z.int().min(0).describe('Milliseconds of sound that were written down.'),
    version: z.int().describe('Grows with each change of it.'),
    createdAt: z.iso.datetime().describe('When it was asked for.'),
  }),
  example: {
    ...example,
    fileId: exampleId('file'),
    recordingId: null,
    model: 'whisper-base',
    requestedBy: exampleId('user'),
    transcribedMs: 70_000,
    version: 5,
    createdAt: '2026-01-05T10:30:00.000Z',
  },
  key,
  internal: true,
});

export const transcriptEvents = [
  transcriptionRequested,
  transcriptionAdvanced,
  transcriptionFinished,
  transcriptCorrected,
  transcriptionCounted,
];
