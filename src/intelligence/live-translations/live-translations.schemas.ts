import { z } from '@hono/zod-openapi';
import { lineSchema, linesSchema } from '../../kernel/core/index.ts';
import { LANGUAGES } from '../translations/index.ts';

export const translateCaptionSchema = z.strictObject({
  text: linesSchema(2_000).describe('What was said, 1 to 2,000 characters.'),
  from: lineSchema(35).describe('The language that was spoken, as a BCP 47 tag.'),
  to: z.enum(LANGUAGES).describe('The language into which it is translated.'),
  context: linesSchema(1_000).optional().describe('What was said before, which is not translated.'),
});
export type TranslateCaption = z.output<typeof translateCaptionSchema>;
export const translateCaptionExample: TranslateCaption = {
  text: 'The review is on Thursday at ten.',
  from: 'en',
  to: 'de',
};

export const speakTranslationSchema = z.strictObject({
  text: linesSchema(2_000).describe('The translation, 1 to 2,000 characters.'),
  language: z.enum(LANGUAGES).describe('Its language.'),
});
export type SpeakTranslation = z.output<typeof speakTranslationSchema>;
export const speakTranslationExample: SpeakTranslation = { text: 'La reunión es el jueves.', language: 'es' };

export const translatedCaptionSchema = z
  .object({
    text: z.string().describe('The translation.'),
    provider: z.string().describe('The provider of the model.'),
    model: z.string().describe('The model.'),
  })
  .openapi('TranslatedCaption');
export type TranslatedCaption = z.output<typeof translatedCaptionSchema>;
export const translatedCaptionExample: TranslatedCaption = {
  text: 'Die Besprechung ist am Donnerstag um zehn.',
  provider: 'anthropic',
  model: 'claude-haiku-4-5',
};
