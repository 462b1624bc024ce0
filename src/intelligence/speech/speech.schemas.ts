import { z } from '@hono/zod-openapi';
import { linesSchema } from '../../kernel/core/index.ts';
import { SOUND_FORMATS } from './speech.enums.ts';

export const voiceIdSchema = z
  .string()
  .regex(/^[\w.-]{1,100}$/, 'must be the id of a voice')
  .openapi({ example: 'joe' })
  .describe('The voice, by its id in the list of voices.');
export const previewVoiceSchema = z.strictObject({ voice: voiceIdSchema });

export const createSpeechSchema = z.strictObject({
  text: linesSchema(4_096).describe('The text to speak, 1 to 4,096 characters.'),
  voice: voiceIdSchema,
  format: z
    .enum(SOUND_FORMATS)
    .default('mp3')
    .describe('The format of the sound. `pcm` is 16-bit, mono, little-endian, at the rate of the voice.'),
  speed: z
    .number()
    .min(0.5)
    .max(2)
    .default(1)
    .describe('Speed of the speech, 0.5 to 2; 1 is the normal speed of the voice.'),
});
export type CreateSpeech = z.output<typeof createSpeechSchema>;
export const createSpeechExample = { text: 'The review is on Thursday at ten.', voice: 'joe', speed: 1.1 };

export const voiceSchema = z
  .object({
    id: z.string().describe('Names the voice in requests.'),
    name: z.string().describe('Its name.'),
    language: z
      .string()
      .describe(
        'The language that it speaks, as a BCP 47 tag; `mul` for one that speaks the language of the ' +
          'text.',
      ),
    provider: z.string().describe('The provider of the voice.'),
  })
  .openapi('Voice');
export const voiceListSchema = z
  .object({ data: z.array(voiceSchema).describe('The voices.') })
  .openapi('VoiceList');
export const voiceExample = { id: 'joe', name: 'Joe', language: 'en-US', provider: 'speech' };
