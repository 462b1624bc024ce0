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
  from: language.optional().describe('The language of the texts. Default: it is detected.'),
  to: language.describe('The language into which they are translated.'),
  context: linesSchema(1_000)
    .optional()
    .describe(
      'The text around the texts, 1 to 1,000 characters. It is not translated. When `from` is ' +
        'missing, it helps to detect their language. A model understands the texts with its help; the ' +
        'engine of rules does not use it, as it translates each sentence by itself.',
    ),
  engine: z
    .enum(ENGINES)
    .default('auto')
    .describe(
      '`rules`: the engine of rules, which supports few pairs of languages. `model`: a language ' +
        'model, which costs its tokens. `auto`: rules, or a model for what they cannot do: other pairs, ' +
        'a language that they do not detect, formality. It also uses a model while the service of rules ' +
        'is not available or not allowed.',
    ),
  model: lineSchema(200)
    .optional()
    .openapi({
      example: 'claude-haiku-4-5',
      description:
        'The language model, if one translates; it must support a JSON schema. Default: as the `policy` ' +
        'says.',
    }),
  policy: z
    .enum(ROUTE_POLICIES)
    .optional()
    .describe(
      'How the model is chosen when none is named. Default: the preferred one, or else the cheapest.',
    ),
  glossary: z
    .boolean()
    .default(true)
    .describe('Whether the glossary of the organization for these languages is used.'),
  formality: z
    .enum(FORMALITIES)
    .default('default')
    .describe(
      'How people are addressed. `formal` and `informal` are only for models, and for languages that ' +
        'distinguish them; otherwise the request is refused.',
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
              'Number of glossary terms in it; 0 also when the engine lost one of them, because then ' +
                'the engine translates the whole text without terms.',
            ),
        }),
      )
      .describe('The translations, in the order of the texts.'),
    from: z.string().describe('The language of the texts, as named or detected.'),
    isDetected: z.boolean().describe('Whether the language was detected.'),
    to: language.describe('The language of the translations.'),
    engine: z
      .enum(['rules', 'model'])
      .describe('The engine that translated: the engine of rules, or a language model.'),
    provider: z.string().describe('The provider of the engine.'),
    model: z
      .string()
      .describe('The engine or model. `apertium` translates by rules, and gives the gist of a text.'),
    generationId: idSchema('generation')
      .nullable()
      .describe('The generation of the model, whose tokens usage counts; null when rules translated.'),
    characters: z
      .int()
      .describe('The characters that were translated; usage counts them when rules translated.'),
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
          nativeName: z.string().describe('Its name in the language itself.'),
          speechToText: z.boolean().describe('Whether speech in it can be transcribed.'),
          voices: z
            .array(z.string())
            .describe('The voices that speak it, by id; empty when texts cannot be read aloud.'),
          translatesTo: z
            .array(language)
            .describe('The languages into which the engine of rules can translate it.'),
          modelTranslatesTo: z
            .array(language)
            .describe('The languages into which a language model can translate it.'),
          formality: z
            .boolean()
            .describe('Whether a model can make translations into it formal or informal.'),
        }),
      )
      .describe('The languages of the product.'),
    engines: z
      .object({
        speech: z
          .boolean()
          .describe('Whether the speech service, which has the voices and the rules, is available.'),
        model: z.boolean().describe('Whether a language model may be asked.'),
      })
      .openapi('LanguageEngines')
      .describe('The engines that are available now.'),
  })
  .openapi('LanguageList');

const glossaryTerm = z.strictObject({
  term: lineSchema(100).describe('A word or phrase, 1 to 100 characters. Case does not matter.'),
  translation: lineSchema(100).describe('Its translation, 1 to 100 characters.'),
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
