import { z } from '@hono/zod-openapi';
import { idSchema, lineSchema, linesSchema } from '../../kernel/core/index.ts';
import { ROUTE_POLICIES } from '../generation-requests/index.ts';
import { LANGUAGES } from './languages.rules.ts';

const MAX_CHARACTERS = 10_000;
const ENGINES = ['auto', 'rules', 'model'] as const;
const FORMALITIES = ['default', 'formal', 'informal'] as const;

const language = z.enum(LANGUAGES);

const fields = {
  texts: z
    .array(linesSchema(5_000))
    .min(1)
    .max(50)
    .refine(
      (texts) => texts.reduce((sum, { length }) => sum + length, 0) <= MAX_CHARACTERS,
      'must have at most 10,000 characters in all',
    )
    .describe('1 to 50 texts of one language, each of 1 to 5,000 characters, 10,000 in all.'),
  from: language.optional().describe('The language of the texts. Default: it is found out.'),
  to: language.describe('The language that they are translated to.'),
  context: linesSchema(1_000)
    .optional()
    .describe(
      'What stands around the texts, 1 to 1,000 characters. It is not translated: it helps to find out their language, where `from` is ' +
        'missing. The engine of rules looks at one sentence at a time and at nothing around it; a model understands the texts by it.',
    ),
  engine: z
    .enum(ENGINES)
    .default('auto')
    .describe(
      '`rules`: the engine of rules, which knows few pairs of languages; `model`: a language model, which costs its tokens. `auto`: rules, and a ' +
        'model for what they cannot do: other pairs, a language that they do not find out, formality, or while their service is away or may not be used.',
    ),
  model: lineSchema(200).optional().openapi({
    example: 'claude-haiku-4-5',
    description:
      'The language model where one translates; it must be able to keep to a JSON schema. Default: as the `policy` says.',
  }),
  policy: z
    .enum(ROUTE_POLICIES)
    .optional()
    .describe(
      'How the model is chosen where none is named. Default: the preferred one, or else the cheapest.',
    ),
  glossary: z
    .boolean()
    .default(true)
    .describe('Whether the glossary of the organization for these languages is used.'),
  formality: z
    .enum(FORMALITIES)
    .default('default')
    .describe(
      'How people are addressed. `formal` and `informal` are for models and languages that know them; else they are refused.',
    ),
};
export const createTranslationsSchema = z
  .strictObject(fields)
  .refine(({ model, policy }) => model === undefined || policy === undefined, {
    path: ['policy'],
    message: 'cannot be there with `model`',
  });
export type CreateTranslations = z.output<typeof createTranslationsSchema>;
export const createTranslationsExample = {
  texts: ['The review is on Thursday at ten.'],
  from: 'en' as const,
  to: 'es' as const,
};

export const translationsSchema = z
  .object({
    data: z
      .array(
        z.object({
          text: z.string().describe('The translation.'),
          glossaryTerms: z
            .int()
            .describe(
              'How often terms of the glossary stand in it; 0 also when the engine lost one of them, which leaves all of its text to the engine.',
            ),
        }),
      )
      .describe('The translations, in the order of the texts.'),
    from: z.string().describe('The language of the texts, as it was named or found out.'),
    isDetected: z.boolean().describe('Whether the language was found out.'),
    to: language.describe('The language of the translations.'),
    engine: z.enum(['rules', 'model']).describe('What translated: the engine of rules, or a language model.'),
    provider: z.string().describe('The provider of the engine.'),
    model: z.string().describe('The engine or model. `apertium` gives the gist of a text, by rules.'),
    generationId: idSchema('generation')
      .nullable()
      .describe(
        'The generation of the model, which has the tokens that usage counts; null where rules translated.',
      ),
    characters: z
      .int()
      .describe('The characters that were translated; usage counts them where rules translated.'),
  })
  .openapi('Translations');
export type TranslatedTexts = z.output<typeof translationsSchema>;
export const translationsExample: TranslatedTexts = {
  data: [{ text: 'La reseña es en jueves en diez.', glossaryTerms: 0 }],
  from: 'en',
  isDetected: false,
  to: 'es',
  engine: 'rules',
  provider: 'speech',
  model: 'apertium',
  generationId: null,
  characters: 33,
};

export const languagesSchema = z
  .object({
    data: z
      .array(
        z.object({
          code: language.describe('The language, by ISO 639-1.'),
          name: z.string().describe('Its name in English.'),
          nativeName: z.string().describe('Its name in itself.'),
          speechToText: z.boolean().describe('Whether speech in it can be written down.'),
          voices: z
            .array(z.string())
            .describe('The voices that speak it, by id; none: texts are not read aloud.'),
          translatesTo: z
            .array(language)
            .describe('The languages that the engine of rules can translate it to.'),
          modelTranslatesTo: z
            .array(language)
            .describe('The languages that a language model can be asked to translate it to.'),
          formality: z
            .boolean()
            .describe('Whether translations to it can be made formal or informal, which a model does.'),
        }),
      )
      .describe('The languages of the product.'),
    engines: z
      .object({
        speech: z.boolean().describe('Whether the speech service answers, which has voices and rules.'),
        model: z.boolean().describe('Whether a language model may be asked.'),
      })
      .openapi('LanguageEngines')
      .describe('Which engines there are now.'),
  })
  .openapi('LanguageList');

const glossaryTerm = z.strictObject({
  term: lineSchema(100).describe('A word or phrase, 1 to 100 characters. Upper and lower case are the same.'),
  translation: lineSchema(100).describe('What stands for it in the translation, 1 to 100 characters.'),
});
export const glossaryParamsSchema = z.strictObject({
  from: language.describe('The language of the terms.'),
  to: language.describe('The language of their translations.'),
});
export type GlossaryPair = z.output<typeof glossaryParamsSchema>;
export const setGlossarySchema = z.strictObject({
  terms: z
    .array(glossaryTerm)
    .min(1)
    .max(500)
    .refine(
      (terms) => new Set(terms.map(({ term }) => term.toLowerCase())).size === terms.length,
      'must have each term once',
    )
    .describe('The terms, 1 to 500.'),
});
export type SetGlossary = z.output<typeof setGlossarySchema>;
export const glossarySchema = z
  .object({
    from: language.describe('The language of the terms.'),
    to: language.describe('The language of their translations.'),
    terms: z.array(glossaryTerm).describe('The terms.'),
    updatedAt: z.iso.datetime().describe('When it was set.'),
  })
  .openapi('Glossary');
export const setGlossaryExample = { terms: [{ term: 'review', translation: 'revisión' }] };
export const glossaryExample = {
  from: 'en' as const,
  to: 'es' as const,
  ...setGlossaryExample,
  updatedAt: '2026-01-05T09:30:00.000Z',
};
export const glossaryListSchema = z
  .object({ data: z.array(glossarySchema).describe('The glossaries, by their languages.') })
  .openapi('GlossaryList');
