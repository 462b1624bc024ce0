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
  'A transcription of a file or a recording was requested.',
);
export const transcriptCorrected = defineTranscriptionEvent(
  'transcription.corrected',
  'A segment of a transcript was corrected.',
);

/** A transcription has further steps to do. */
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
  description: 'A transcription has ended: its transcript is ready, or it failed.',
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
  description: 'A transcription has ended, or was deleted before: what was transcribed of it counts.',
  payload: z.object({
    transcriptionId,
    fileId: idSchema('file').nullable().describe('The file; null for a recording.'),
    recordingId: idSchema('recording').nullable().describe('The recording; null for a file.'),
    model: z.string().describe('The model that transcribed it.'),
    requestedBy: z.string().nullable().describe('The user or API key that asked for it.'),
    transcribedMs: z.int().min(0).describe('Milliseconds of sound that were transcribed.'),
    version: z.int().describe('A number that grows with each change.'),
    createdAt: z.iso.datetime().describe('When it was requested.'),
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
