import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, lineSchema } from '../../kernel/core/index.ts';
import { speakerSchema } from '../../realtime/protocol/index.ts';
import { voiceIdSchema } from '../speech/index.ts';
import { LANGUAGES } from '../translations/index.ts';
import { CAPTION_ENGINES } from './captions.enums.ts';

const language = z.enum(LANGUAGES);
const MOST_LANGUAGES = 5;
const MOST_SPOKEN = 3;

export const setCaptionsSchema = z.strictObject({
  language: language
    .nullable()
    .default(null)
    .describe(
      'The language that is spoken; null: it is detected for each sentence. A change counts only for ' +
        'speakers who come later.',
    ),
  translateTo: z
    .array(language)
    .max(MOST_LANGUAGES)
    .refine((list) => new Set(list).size === list.length, 'must name each language once')
    .default([])
    .describe('Languages into which finished captions are translated, the same for everybody: at most 5.'),
  translateBy: z
    .enum(CAPTION_ENGINES)
    .default('rules')
    .describe(
      'What translates. `rules`: the engine of rules, which supports few pairs of languages. `model`: a ' +
        'language model, or rules for what it does not translate in time. `auto`: rules, or a model for ' +
        'what they cannot do. A model is asked in the name of the caller, who must be a member with ' +
        '`ai:write`, and its tokens are counted.',
    ),
  translationModel: lineSchema(200).optional().openapi({
    example: 'claude-haiku-4-5',
    description:
      'The language model, if one translates. Default: as the preferences say, or else the cheapest.',
  }),
  speakIn: z
    .array(
      z
        .strictObject({
          language: language.describe('The language that is spoken.'),
          voice: voiceIdSchema
            .optional()
            .describe('The voice, by its id in the list of voices. Default: the first one of the language.'),
        })
        .openapi('SpokenLanguage'),
    )
    .max(MOST_SPOKEN)
    .refine(
      (list) => new Set(list.map(({ language: each }) => each)).size === list.length,
      'must name each language once',
    )
    .default([])
    .describe(
      'Languages in which a voice speaks translations, on a track of its own, while somebody listens: at ' +
        'most 3. The voice speaks in the name of the caller, who must be a member with `ai:write`, and its ' +
        'characters are counted.',
    ),
  transcript: z
    .boolean()
    .optional()
    .describe(
      'Whether the captions are kept as a transcript of the call. Default: yes. In rooms whose ' +
        'recordings need consent they cannot be kept. This is fixed when captions are switched on.',
    ),
});
export type SetCaptions = z.output<typeof setCaptionsSchema>;

export const captionsSchema = z
  .object({
    id: idSchema('caption').describe('Id of the captions.'),
    roomId: idSchema('room').describe('The room.'),
    callId: idSchema('call').describe('The call.'),
    language: language.nullable().describe('The language that is spoken; null: it is detected.'),
    translateTo: z.array(language).describe('Languages into which finished captions are translated.'),
    translateBy: z.enum(CAPTION_ENGINES).describe('What translates them.'),
    translationModel: z
      .string()
      .nullable()
      .describe('The language model that was named for translations; null: as preferences say.'),
    speakIn: z
      .array(
        z.object({ language: language.describe('The language.'), voice: z.string().describe('The voice.') }),
      )
      .describe('The languages in which translations are spoken.'),
    transcriptionId: idSchema('transcription')
      .nullable()
      .describe('The transcript of the call; null where captions are not kept.'),
    requestedBy: z
      .string()
      .nullable()
      .describe('The identity or API key that switched them on; null once that user is erased.'),
    startedAt: z.iso.datetime().describe('When they were switched on.'),
    reportedAt: z.iso
      .datetime()
      .nullable()
      .describe('When the process that writes them last reported; null before its first report.'),
  })
  .openapi('CallCaptions');
export const captionsExample = {
  id: exampleId('caption'),
  roomId: exampleId('room'),
  callId: exampleId('call'),
  language: null,
  translateTo: ['es' as const],
  translateBy: 'auto' as const,
  translationModel: null,
  speakIn: [{ language: 'es' as const, voice: 'openai.nova' }],
  transcriptionId: exampleId('transcription'),
  requestedBy: exampleId('user'),
  startedAt: '2026-01-05T09:30:00.000Z',
  reportedAt: null,
};

const time = z.number().min(0).max(700_000);
const word = z.object({
  text: lineSchema(500).describe('The word.'),
  startSeconds: time.describe('When it begins, in seconds of the call.'),
  endSeconds: time.describe('When it ends.'),
  confidence: z.number().min(0).max(1).nullable().describe('The confidence of the model.'),
});
export const reportSchema = z.strictObject({
  report: z
    .string()
    .regex(/^[\w.]{1,64}$/)
    .describe('Names the report; a report that comes twice counts once.'),
  segments: z
    .array(
      z.strictObject({
        position: z.int().min(0).max(1_000_000_000).describe('Its number in the call.'),
        speaker: speakerSchema.describe('The identity that spoke.'),
        language: lineSchema(35).describe('The language.'),
        text: lineSchema(5_000).describe('What was said.'),
        startSeconds: time.describe('When it begins, in seconds of the call.'),
        endSeconds: time.describe('When it ends.'),
        isGap: z.boolean().describe('Whether nothing was transcribed in this time.'),
        words: z.array(word).max(1_000).describe('The words with their times.'),
      }),
    )
    .max(100)
    .describe('The segments since the last report.'),
  sentSeconds: z
    .number()
    .min(0)
    .max(3_600)
    .describe('Sound that was transcribed since the last report, in seconds.'),
  translatedCharacters: z
    .int()
    .min(0)
    .max(1_000_000)
    .describe('Characters that were translated since the last report.'),
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
