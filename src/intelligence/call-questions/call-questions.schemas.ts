import { z } from '@hono/zod-openapi';
import { exampleId, idSchema, lineSchema, linesSchema, pageSchema } from '../../kernel/core/index.ts';
import { MOMENT_KINDS, QUESTION_REASONS, QUESTION_STATES } from './call-questions.enums.ts';

const callId = idSchema('call').describe('The call.');
const questionId = idSchema('callQuestion').describe('Id of the question.');
export const callParamsSchema = z.strictObject({ callId });
export const questionParamsSchema = z.strictObject({ callId, questionId });

const question = linesSchema(2_000).describe('The question, 1 to 2,000 characters.');
const model = lineSchema(200);

export const askQuestionSchema = z.strictObject({
  question,
  model: model
    .optional()
    .describe(
      'The model that answers, one of the catalogue with `output_schema`. Default: the preferred one ' +
        'of the caller or the organization.',
    ),
  fallbackModels: z
    .array(model)
    .max(5)
    .optional()
    .describe(
      'Models that are asked in this order, at most 5, when the one before fails. With `model` only.',
    ),
  post: z
    .boolean()
    .default(false)
    .describe(
      'Whether question and answer are posted into the chat of the room, for everybody there. Nothing ' +
        'is posted when no answer was found.',
    ),
});
export type AskQuestion = z.output<typeof askQuestionSchema>;

const momentSchema = z
  .object({
    kind: z.enum(MOMENT_KINDS).describe('`speech`: a segment of the transcript; `chat`: a message.'),
    id: z.string().describe('Position of the segment, or id of the message.'),
    atSeconds: z.number().describe('The moment, in seconds from the beginning of the call.'),
    quote: z.string().describe('The words that are quoted. Case and punctuation may differ.'),
  })
  .openapi('CallMoment');

const statementSchema = z
  .object({
    text: z.string().describe('The statement, as the model words it.'),
    citations: z.array(momentSchema).describe('Where it was said or written; at least one.'),
  })
  .openapi('CallStatement');

export const questionSchema = z
  .object({
    id: questionId,
    callId,
    question,
    post: z.boolean().describe('Whether the answer was to be posted into the chat.'),
    state: z
      .enum(QUESTION_STATES)
      .describe('`running`; `answered`; `not_found`: the call has no answer to it; or `failed`.'),
    reason: z.enum(QUESTION_REASONS).nullable().describe('Why it failed; null when it did not.'),
    transcriptionId: idSchema('transcription')
      .nullable()
      .describe('The transcript that is cited; null when only the chat was used.'),
    generationId: idSchema('generation')
      .nullable()
      .describe(
        'The generation of the model, with its usage and events. Its events show the text before it ' +
          'is checked against the call.',
      ),
    statements: z.array(statementSchema).describe('The statements of the answer; empty until there is one.'),
    createdAt: z.iso.datetime().describe('When it was asked.'),
    endedAt: z.iso.datetime().nullable().describe('When it ended; null while it runs.'),
  })
  .openapi('CallQuestion');
export type QuestionView = z.output<typeof questionSchema>;
export const questionPageSchema = pageSchema(questionSchema).openapi('CallQuestionPage');

export const questionExample: QuestionView = {
  id: exampleId('callQuestion'),
  callId: exampleId('call'),
  question: 'When are the release notes due?',
  post: false,
  state: 'answered',
  reason: null,
  transcriptionId: exampleId('transcription'),
  generationId: exampleId('generation'),
  statements: [
    {
      text: 'Mara writes them by Wednesday.',
      citations: [
        { kind: 'speech', id: '50', atSeconds: 20, quote: 'I will write the release notes by Wednesday' },
      ],
    },
  ],
  createdAt: '2026-01-05T09:40:00.000Z',
  endedAt: '2026-01-05T09:40:03.000Z',
};
