import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, lineSchema } from '../../kernel/core/index.ts';
import { identitySchema } from '../../realtime/protocol/index.ts';
import { LANGUAGES } from '../translations/index.ts';

const language = z.enum(LANGUAGES);
const MOST_LANGUAGES = 5;

export const setCaptionsSchema = z.strictObject({
  language: language
    .nullable()
    .default(null)
    .describe(
      'The language that is spoken; null: it is found out for each sentence. It counts for speakers who come later.',
    ),
  translateTo: z
    .array(language)
    .max(MOST_LANGUAGES)
    .refine((list) => new Set(list).size === list.length, 'must name each language once')
    .default([])
    .describe('Languages that finished captions are translated to, once for everybody: at most 5.'),
  transcript: z
    .boolean()
    .optional()
    .describe(
      'Whether what is said is kept as a transcript of the call. Default: yes, except in rooms whose recordings need consent, ' +
        'where it cannot be kept. It is decided when captions are switched on.',
    ),
});
export type SetCaptions = z.output<typeof setCaptionsSchema>;

export const captionsSchema = z
  .object({
    id: idSchema('caption').describe('Id of the captions.'),
    roomId: idSchema('room').describe('The room.'),
    callId: idSchema('call').describe('The call.'),
    language: language.nullable().describe('The language that is spoken; null: it is found out.'),
    translateTo: z.array(language).describe('Languages that finished captions are translated to.'),
    transcriptionId: idSchema('transcription')
      .nullable()
      .describe('The transcript of the call; null where captions are not kept.'),
    requestedBy: z
      .string()
      .nullable()
      .describe('The identity or API key that switched them on; null once that user was erased.'),
    startedAt: z.iso.datetime().describe('When they were switched on.'),
    reportedAt: z.iso
      .datetime()
      .nullable()
      .describe('When the process that writes them last reported; null before it did.'),
  })
  .openapi('CallCaptions');
export const captionsExample = {
  id: exampleId('caption'),
  roomId: exampleId('room'),
  callId: exampleId('call'),
  language: null,
  translateTo: ['es' as const],
  transcriptionId: exampleId('transcription'),
  requestedBy: exampleId('user'),
  startedAt: '2026-01-05T09:30:00.000Z',
  reportedAt: null,
};

const time = z.number().min(0).max(700_000);
const word = z.object({
  text: lineSchema(500).describe('The word.'),
  startSeconds: time.describe('Where it begins, in seconds of the call.'),
  endSeconds: time.describe('Where it ends.'),
  confidence: z.number().min(0).max(1).nullable().describe('How sure the model is.'),
});
export const reportSchema = z.strictObject({
  report: z
    .string()
    .regex(/^[\w.]{1,64}$/)
    .describe('Names the report: one that comes again counts once.'),
  segments: z
    .array(
      z.strictObject({
        position: z.int().min(0).max(1_000_000_000).describe('Its number in the call.'),
        speaker: identitySchema.describe('The identity that spoke.'),
        language: lineSchema(35).describe('The language.'),
        text: lineSchema(5_000).describe('What was said.'),
        startSeconds: time.describe('Where it begins, in seconds of the call.'),
        endSeconds: time.describe('Where it ends.'),
        isGap: z.boolean().describe('Whether nothing wrote down what was said.'),
        words: z.array(word).max(1_000).describe('The words with their times.'),
      }),
    )
    .max(100)
    .describe('What was said since the last report.'),
  sentSeconds: z.number().min(0).max(3_600).describe('Sound that was written down since, in seconds.'),
  translatedCharacters: z.int().min(0).max(1_000_000).describe('Characters that were translated since.'),
});
export type CaptionReport = z.output<typeof reportSchema>;
export const reportExample: CaptionReport = {
  report: '0a1b2c3d.1',
  segments: [
    {
      position: 0,
      speaker: exampleId('user'),
      language: 'en',
      text: 'Good morning.',
      startSeconds: 1.2,
      endSeconds: 2.1,
      isGap: false,
      words: [{ text: 'Good', startSeconds: 1.2, endSeconds: 1.5, confidence: 0.98 }],
    },
  ],
  sentSeconds: 2,
  translatedCharacters: 0,
};
