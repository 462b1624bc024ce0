import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, pageQuerySchema, pageSchema } from '../../kernel/core/index.ts';
import { fileIdSchema } from '../../media/files/index.ts';
import { isKnownLanguage, MODEL, OPENAI_MODEL } from './transcripts.rules.ts';
import { TRANSCRIPTION_REASONS, TRANSCRIPTION_STATES } from './transcripts.enums.ts';

const transcriptionId = idSchema('transcription');
const roomId = idSchema('room');
const recordingId = idSchema('recording');
const language = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$/, 'must be a language tag such as en or pt-BR')
  .refine(isKnownLanguage, 'must be a language that the model knows');

export const transcriptionParamsSchema = z.strictObject({
  transcriptionId: transcriptionId.describe('The transcription.'),
});

export const createTranscriptionSchema = z
  .strictObject({
    fileId: fileIdSchema
      .optional()
      .describe('The file to transcribe. Either this, or `roomId` and `recordingId`.'),
    roomId: roomId.optional().describe('The room of the recording.'),
    recordingId: recordingId.optional().describe('The recording to transcribe.'),
    language: language
      .optional()
      .describe('The language that is spoken, one of the 99 of Whisper. Default: it is detected.'),
    model: z
      .enum([MODEL, OPENAI_MODEL])
      .default(MODEL)
      .describe(
        'With `whisper-1`, OpenAI transcribes with the key of the organization, and charges it; this ' +
          'needs the permission `ai:write`.',
      ),
  })
  .refine(
    ({ fileId, roomId: room, recordingId: recording }) =>
      fileId === undefined
        ? room !== undefined && recording !== undefined
        : room === undefined && recording === undefined,
    { message: 'must name a file, or a recording with its room', path: ['fileId'] },
  );
export type CreateTranscription = z.output<typeof createTranscriptionSchema>;

const searched = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .optional()
  .describe('Words that are said, as in a web search: `"a phrase"`, `or`, `-without`. Case does not matter.');

export const transcriptionsQuerySchema = pageQuerySchema.extend({
  fileId: fileIdSchema.optional().describe('Only transcriptions of this file.'),
  roomId: roomId
    .optional()
    .describe('Transcriptions of the recordings and calls of this room, in place of those of files.'),
  q: searched,
});
export type ListTranscriptions = z.output<typeof transcriptionsQuerySchema>;

export const segmentsQuerySchema = pageQuerySchema.extend({ q: searched });
export type ListSegments = z.output<typeof segmentsQuerySchema>;

const moment = z.iso.datetime();
const confidence = z.number().min(0).max(1).nullable();
export const transcriptionSchema = z
  .object({
    id: transcriptionId.describe('Id of the transcription.'),
    fileId: fileIdSchema.nullable().describe('The file that is transcribed; null for a recording or a call.'),
    roomId: roomId.nullable().describe('The room of the recording or call; null for a file.'),
    recordingId: recordingId
      .nullable()
      .describe('The recording that is transcribed; null for a file or a call.'),
    callId: idSchema('call')
      .nullable()
      .describe('The call whose live captions were kept; null for files and recordings.'),
    state: z
      .enum(TRANSCRIPTION_STATES)
      .describe(
        '`ready` when all of it is transcribed. The segments of a `running` transcription are ' +
          'available as it progresses.',
      ),
    reason: z
      .enum(TRANSCRIPTION_REASONS)
      .nullable()
      .describe(
        'Why it failed. `no_sound`. `not_readable`: no sound or video that can be read. `too_long`: ' +
          'more than eight hours or 2 GB. `source_gone`: deleted meanwhile. `service_unavailable`: the ' +
          'service, the provider, its key or the storage was not available for a day. Null when it did ' +
          'not fail.',
      ),
    progress: z.int().min(0).max(100).describe('Its progress, in percent.'),
    requestedLanguage: z
      .string()
      .nullable()
      .describe('The language of the request; null when it is detected.'),
    language: z.string().nullable().describe('The language that is spoken; null while nothing was said.'),
    languageConfidence: confidence.describe(
      'The confidence of the model about a language that it detected; null when it reports none.',
    ),
    model: z.string().describe('The model that transcribes.'),
    durationSeconds: z
      .number()
      .min(0)
      .nullable()
      .describe('Length of the sound, in seconds; null while it is unknown.'),
    requestedBy: z
      .string()
      .nullable()
      .describe('The user or API key that asked for it; null once that user is erased.'),
    createdAt: moment.describe('When it was requested.'),
    endedAt: moment.nullable().describe('When it ended; null before.'),
  })
  .openapi('Transcription');
export type TranscriptionView = z.output<typeof transcriptionSchema>;
export const transcriptionPageSchema = pageSchema(transcriptionSchema).openapi('TranscriptionPage');

export const transcriptionExample: TranscriptionView = {
  id: exampleId('transcription'),
  fileId: exampleId('file'),
  roomId: null,
  recordingId: null,
  callId: null,
  state: 'ready',
  reason: null,
  progress: 100,
  requestedLanguage: null,
  language: 'en',
  languageConfidence: 0.99,
  model: 'whisper-base',
  durationSeconds: 1_804.2,
  requestedBy: exampleId('user'),
  createdAt: '2026-01-05T10:30:00.000Z',
  endedAt: '2026-01-05T10:34:00.000Z',
};
