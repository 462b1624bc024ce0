import { z } from '@hono/zod-openapi';
import { lineSchema } from '../../kernel/core/index.ts';
import { PREFERENCE_POLICIES } from './ai-preferences.enums.ts';

/** A thousand USD. */
const MAX_MICROS = 1_000_000_000;
const MAX_MODELS = 200;

const model = lineSchema(200);
const models = z
  .array(model)
  .max(MAX_MODELS)
  .refine((list) => new Set(list).size === list.length, 'must not contain the same model twice');

const fields = {
  defaultModel: model
    .nullable()
    .describe('The model that is asked first by the policy `preferred`; null for none.'),
  policy: z
    .enum(PREFERENCE_POLICIES)
    .nullable()
    .describe(
      'How `preferred` chooses after the default model, or without one: `cheapest` or `fastest`; ' +
        'null: it chooses no other model.',
    ),
  allowedModels: models
    .min(1)
    .nullable()
    .describe('The only models that may be asked, 1 to 200 of the catalogue; null for all.'),
  blockedModels: models.describe('Models that are never asked, up to 200 of the catalogue.'),
  maxPriceMicros: z
    .int()
    .min(0)
    .max(MAX_MICROS)
    .nullable()
    .describe(
      'The most that an answer may cost, in millionths of a USD, up to a thousand USD; null for any ' +
        'price. A model is excluded when its highest possible price is above this or unknown.',
    ),
};

/** A week. */
const MAX_REUSE_SECONDS = 604_800;
const reuseAnswersSeconds = z
  .int()
  .min(60)
  .max(MAX_REUSE_SECONDS)
  .nullable()
  .describe(
    'How long answers are kept, encrypted, a minute to a week. They are reused for exactly the same ' +
      'request, if it has no tools and `temperature` 0. Null: only requests that ask for it reuse ' +
      'answers.',
  );

const hedgeAfterSeconds = z
  .int()
  .min(1)
  .max(30)
  .nullable()
  .describe(
    'Seconds without output, 1 to 30, after which the next model of a route is asked in addition; ' +
      'the first output counts, and both are charged. Null: only requests that ask for it do this.',
  );

export const setPersonalAiPreferencesSchema = z.strictObject(fields).openapi('SetPersonalAiPreferences');
export type SetPersonalAiPreferences = z.output<typeof setPersonalAiPreferencesSchema>;
export const setAiPreferencesSchema = z
  .strictObject({
    ...fields,
    reuseAnswersSeconds: reuseAnswersSeconds.default(null),
    hedgeAfterSeconds: hedgeAfterSeconds.default(null),
  })
  .openapi('SetAiPreferences');
export type SetAiPreferences = z.output<typeof setAiPreferencesSchema>;

const updatedAt = z.iso
  .datetime()
  .nullable()
  .describe('When they were last set; null if they were never set.');
export const personalAiPreferencesSchema = z
  .object({ ...fields, updatedAt })
  .openapi('PersonalAiPreferences');
export type PersonalAiPreferencesView = z.output<typeof personalAiPreferencesSchema>;
export const aiPreferencesSchema = z
  .object({ ...fields, reuseAnswersSeconds, hedgeAfterSeconds, updatedAt })
  .openapi('AiPreferences');
export type AiPreferencesView = z.output<typeof aiPreferencesSchema>;

export const setPersonalAiPreferencesExample: SetPersonalAiPreferences = {
  defaultModel: 'claude-sonnet-5',
  policy: 'cheapest',
  allowedModels: null,
  blockedModels: ['claude-opus-4-5'],
  maxPriceMicros: 500_000,
};
export const personalAiPreferencesExample: PersonalAiPreferencesView = {
  ...setPersonalAiPreferencesExample,
  updatedAt: '2026-01-05T09:30:00.000Z',
};
export const setAiPreferencesExample: SetAiPreferences = {
  ...setPersonalAiPreferencesExample,
  reuseAnswersSeconds: 86_400,
  hedgeAfterSeconds: null,
};
export const aiPreferencesExample: AiPreferencesView = {
  ...setAiPreferencesExample,
  updatedAt: '2026-01-05T09:30:00.000Z',
};
