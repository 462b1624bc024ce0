import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, pageSchema } from '../../kernel/core/index.ts';
import { SUMMARY_METHODS, SUMMARY_REASONS, SUMMARY_STATES } from './summaries.enums.ts';

const transcriptionId = idSchema('transcription').describe('The transcription.');
const summaryId = idSchema('summary').describe('Id of the summary.');
const day = z.iso.date();
const language = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$/, 'must be a language tag such as en or pt-BR');
const model = z.string().regex(/^[\w.:/-]{1,200}$/, 'must be the name of a model');

export const transcriptionParamsSchema = z.strictObject({ transcriptionId });
export const summaryParamsSchema = z.strictObject({ transcriptionId, summaryId });

export const createSummarySchema = z.strictObject({
  model: model
    .optional()
    .describe(
      'The model that writes it, one of the catalogue with `output_schema`. Default: none; the ' +
        'summary then has the sentences that say most.',
    ),
  fallbackModels: z
    .array(model)
    .max(5)
    .optional()
    .describe('Models that are asked in this order, at most 5, when the one before fails.'),
  language: language
    .optional()
    .describe('Language of a summary by a model. Default: that of the transcript.'),
  heldOn: day
    .optional()
    .describe(
      'Day on which it was said, on which "tomorrow" depends. Default: the day on which the ' +
        'transcription was requested, in UTC.',
    ),
});
export type CreateSummary = z.output<typeof createSummarySchema>;

export const citationSchema = z
  .object({
    position: z.int().describe('Position of the segment in the transcript.'),
    startSeconds: z.number().describe('When the segment begins, in seconds.'),
    quote: z.string().describe('The quoted words of the transcript. Case and punctuation may differ.'),
  })
  .openapi('SummaryCitation');
const claimFields = {
  text: z.string().describe('The statement, as the model words it.'),
  citations: z.array(citationSchema).describe('The passages that support it, at least one.'),
};
const claimSchema = z.object(claimFields).openapi('SummaryStatement');
const actionItemSchema = z
  .object({
    ...claimFields,
    owner: z
      .string()
      .nullable()
      .describe('The person responsible, named as in the transcript; null when it names none.'),
    due: z
      .string()
      .nullable()
      .describe('When it is due, in the words of the transcript; null when it does not say.'),
    dueOn: day.nullable().describe('The day that the model takes `due` to mean; null when there is none.'),
  })
  .openapi('SummaryActionItem');
const chapterSchema = z
  .object({
    title: z.string().describe('Its topic.'),
    position: z.int().describe('Position of its first segment.'),
    startSeconds: z.number().describe('When it begins, in seconds.'),
  })
  .openapi('SummaryChapter');
const contentSchema = z
  .object({
    overview: z.array(claimSchema).describe('The topics and results.'),
    decisions: z.array(claimSchema).describe('The decisions.'),
    actionItems: z.array(actionItemSchema).describe('The tasks.'),
    openQuestions: z.array(claimSchema).describe('Questions without an answer.'),
    chapters: z.array(chapterSchema).describe('The topics in the order of time.'),
    followUp: z
      .string()
      .describe('Draft of a mail to the people of the call, made only of the statements above.'),
  })
  .openapi('SummaryContent');

export const summarySchema = z
  .object({
    id: summaryId,
    transcriptionId,
    method: z
      .enum(SUMMARY_METHODS)
      .describe('`extractive`: it has sentences of the transcript; `model`: a model wrote it.'),
    state: z.enum(SUMMARY_STATES).describe('`running`, or how it ended.'),
    reason: z.enum(SUMMARY_REASONS).nullable().describe('Why it failed; null when it did not.'),
    generationId: idSchema('generation')
      .nullable()
      .describe('The generation of the model, with its usage; null for an extractive summary.'),
    language: z.string().nullable().describe('Language that was requested; null when it is unknown.'),
    heldOn: day.describe('Day on which relative dates depend.'),
    content: contentSchema.nullable().describe('The summary; null until it is ready.'),
    unsupportedCount: z
      .int()
      .describe(
        'Number of statements of the model that were left out, because no passage of the transcript ' +
          'supports them.',
      ),
    requestedBy: z
      .string()
      .nullable()
      .describe('The user or API key that asked for it; null once that user is erased.'),
    createdAt: z.iso.datetime().describe('When it was requested.'),
    endedAt: z.iso.datetime().nullable().describe('When it was ready or failed; null while it runs.'),
  })
  .openapi('Summary');
export type SummaryView = z.output<typeof summarySchema>;
export const summaryPageSchema = pageSchema(summarySchema).openapi('SummaryPage');

const citation = { position: 14, startSeconds: 62.5, quote: 'I will send the contract on Friday' };
export const summaryExample: SummaryView = {
  id: exampleId('summary'),
  transcriptionId: exampleId('transcription'),
  method: 'model',
  state: 'ready',
  reason: null,
  generationId: exampleId('generation'),
  language: 'en',
  heldOn: '2026-01-05',
  content: {
    overview: [{ text: 'The contract is agreed.', citations: [citation] }],
    decisions: [],
    actionItems: [
      {
        text: 'Send the contract.',
        citations: [citation],
        owner: null,
        due: 'on Friday',
        dueOn: '2026-01-09',
      },
    ],
    openQuestions: [],
    chapters: [{ title: 'Contract', position: 0, startSeconds: 0 }],
    followUp: 'The contract is agreed.\n\n- Send the contract. (2026-01-09)',
  },
  unsupportedCount: 0,
  requestedBy: exampleId('user'),
  createdAt: '2026-01-05T09:30:00.000Z',
  endedAt: '2026-01-05T09:30:20.000Z',
};
