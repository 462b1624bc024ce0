import { z } from '@hono/zod-openapi';
import { idSchema, pageSchema } from '../../kernel/core/index.ts';
import { batchedRequestSchema, partSchema } from '../generation-requests/index.ts';
import { GENERATION_FAILURES, usageSchema } from '../generations/index.ts';
import { STOP_REASONS } from '../providers/index.ts';
import {
  BATCH_CANCEL_REASONS,
  BATCH_REQUEST_STATUSES,
  type BATCH_RESULTS,
  BATCH_STATUSES,
} from './generation-batches.enums.ts';

const MAX_REQUESTS = 100;
/** The answers of a batch are read, and stored, together. */
const MAX_OUTPUT_TOKENS = 1_000_000;

const batchId = idSchema('aiBatch').describe('Id of the batch.');
export const batchParamsSchema = z.strictObject({ batchId });
const customId = z
  .string()
  .regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, _ or -')
  .describe('Id by which the caller knows the request, 1 to 64 letters, digits, `_` or `-`.');

const newRequestSchema = z
  .strictObject({ customId, request: batchedRequestSchema.describe('The request to the model.') })
  .openapi('NewBatchRequest');

export const createBatchSchema = z
  .strictObject({
    requests: z
      .array(newRequestSchema)
      .min(1)
      .max(MAX_REQUESTS)
      .describe(`The requests, 1 to ${MAX_REQUESTS}, whose models have the same provider.`),
  })
  .refine(({ requests }) => new Set(requests.map((each) => each.customId)).size === requests.length, {
    path: ['requests'],
    message: 'must not contain the same customId twice',
  })
  .refine(
    ({ requests }) =>
      requests.reduce((sum, { request }) => sum + request.maxOutputTokens, 0) <= MAX_OUTPUT_TOKENS,
    { path: ['requests'], message: `must have at most ${MAX_OUTPUT_TOKENS} output tokens together` },
  );
export type CreateBatch = z.output<typeof createBatchSchema>;

const countOf = (result: (typeof BATCH_RESULTS)[number]) =>
  z.int().describe(`Number of requests that are \`${result}\`.`);
const countsSchema = z
  .object({
    succeeded: countOf('succeeded'),
    errored: countOf('errored'),
    canceled: countOf('canceled'),
    expired: countOf('expired'),
    unreadable: countOf('unreadable'),
  })
  .openapi('BatchResultCounts');

export const batchSchema = z
  .object({
    id: batchId,
    status: z
      .enum(BATCH_STATUSES)
      .describe(
        '`submitting`: its provider has not taken it yet; `canceling`: it is being cancelled, and some ' +
          'requests may still be answered; `ended`: there are results; `failed`: there are none.',
      ),
    cancelReason: z
      .enum(BATCH_CANCEL_REASONS)
      .nullable()
      .describe(
        'Why it was cancelled. `access_ended`: the user or API key may no longer ask, or the plan no ' +
          'longer includes the key of the platform; `out_of_budget`: the budget was lowered. Else null.',
      ),
    failure: z
      .enum(GENERATION_FAILURES)
      .nullable()
      .describe(
        'Why it failed; while it runs, why the provider could not be asked the last time; else null.',
      ),
    provider: z.string().describe('Its provider.'),
    ownKey: z.boolean().describe('Whether the provider is asked with a key of the organization.'),
    requestCount: z.int().describe('Number of requests.'),
    results: z
      .union([countsSchema, z.null()])
      .openapi({ description: 'How many requests ended in each way; null until there are results.' }),
    createdAt: z.iso.datetime().describe('When it was created.'),
    endedAt: z.iso.datetime().nullable().describe('When it ended; null while it runs.'),
    deletedAt: z.iso
      .datetime()
      .nullable()
      .describe('When it is deleted with its results; null while it runs.'),
  })
  .openapi('Batch');
export type BatchView = z.output<typeof batchSchema>;
export const batchPageSchema = pageSchema(batchSchema).openapi('BatchPage');

const errorSchema = z
  .object({
    type: z.string().describe('Its type.'),
    message: z.string().describe('Its message, at most 500 characters.'),
  })
  .openapi('BatchResultError');

export const batchResultSchema = z
  .object({
    customId,
    model: z.string().describe('The model.'),
    status: z
      .enum(BATCH_REQUEST_STATUSES)
      .describe(
        'How the request ended, as its provider says. `unreadable`: the provider gave no readable result, ' +
          'and may have charged for it; `waiting`: there is no result yet.',
      ),
    stopReason: z.enum(STOP_REASONS).nullable().describe('Why the model stopped; null without an answer.'),
    error: z
      .union([errorSchema, z.null()])
      .openapi({ description: 'The error of the provider, as it is; null without one.' }),
    generationId: idSchema('generation')
      .nullable()
      .describe('The generation that records it; null while it is waiting.'),
    usage: z
      .union([usageSchema, z.null()])
      .openapi({ description: 'The figures of the provider; null while it is waiting.' }),
    output: z.array(partSchema).nullable().describe('The answer; null without one.'),
  })
  .openapi('BatchResult');
export type BatchResultView = z.output<typeof batchResultSchema>;
export const batchResultPageSchema = pageSchema(batchResultSchema).openapi('BatchResultPage');
