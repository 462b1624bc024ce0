import { z } from '@hono/zod-openapi';
import { exampleId, idSchema } from '../../kernel/core/index.ts';
import { defineEvent } from '../../kernel/events/index.ts';
import { TRANSCRIPTION_REASONS, TRANSCRIPTION_STATES } from './transcripts.enums.ts';

const transcriptionId = idSchema('transcription').describe('Id of the transcription.');
const example = { transcriptionId: exampleId('transcription') };
const key = (payload: { transcriptionId: string }) => payload.transcriptionId;

export const transcriptionRequested = defineEvent({
  type: 'transcription.requested',
  description: 'A transcription of a file or a recording was asked for.',
  payload: z.object({ transcriptionId }),
  example,
  key,
});

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

export const transcriptEvents = [transcriptionRequested, transcriptionAdvanced, transcriptionFinished];
