import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { pageQuerySchema } from '../../kernel/core/index.ts';
import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { generationErrors } from '../generations/index.ts';
import { cancelBatch, deleteBatch } from './change-batch.ts';
import { createBatch } from './create-batch.ts';
import { batchErrors } from './generation-batches.errors.ts';
import { batchExample, batchResultExample, createBatchExample } from './generation-batches.examples.ts';
import { presentBatch, presentResult } from './generation-batches.present.ts';
import {
  batchPageSchema,
  batchParamsSchema,
  batchResultPageSchema,
  batchSchema,
  createBatchSchema,
} from './generation-batches.schemas.ts';
import { getBatch, listBatches, listBatchResults } from './read-batches.ts';

const tag = 'AI';
const listPath = '/api/v1/ai/batches';
const path = `${listPath}/{batchId}`;
const readAccess = { kind: 'permission', permission: 'ai:read' } as const;
const writeAccess = { kind: 'permission', permission: 'ai:write' } as const;
const { noBatches, tooManyRunning, mixed, notFound, notRunning, notEnded } = batchErrors;
const { generationNotFound: _missing, eventsGone: _gone, notRunning: _ended, ...failures } = generationErrors;
const shown = { description: 'The batch', schema: batchSchema, example: batchExample };

export const batchRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: listPath,
    operationId: 'createBatch',
    tag,
    summary: 'Create a batch',
    description:
      'Sends up to 100 requests to a provider, which answers them within 24 hours for less than single ' +
      'requests. All models must be of one provider that has batches, which is Anthropic. At most 20 ' +
      'batches of an organization run at once. With a key of the platform and a budget, the most that all ' +
      'requests can cost in a batch is reserved. The results can be read when the event `ai_batch.ended` ' +
      'has come, for seven days; the answers are stored encrypted. Each result is also a generation.',
    access: writeAccess,
    limit: 'ai',
    body: { schema: createBatchSchema, example: createBatchExample },
    bodyLimitBytes: 4 * 1024 * 1024,
    idempotent: true,
    timeLimitSeconds: 60,
    roundTrips: { max: 4, reason: 'the answer of the provider is stored, too' },
    success: { 201: { ...shown, description: 'The batch; its provider is working on it' } },
    errors: [
      entitlementErrors.featureNotIncluded,
      entitlementErrors.limitReached,
      noBatches,
      tooManyRunning,
      mixed,
      ...Object.values(failures),
    ],
    handle: (ctx, { body }) => createBatch(ctx, body),
    respond: (row) => ({
      status: 201,
      body: presentBatch(row),
      headers: { Location: `${listPath}/${row.id}` },
    }),
  }),
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listBatches',
    tag,
    summary: 'List batches',
    description: 'Returns the batches of the caller, the newest first.',
    access: readAccess,
    limit: 'api',
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of batches',
        schema: batchPageSchema,
        example: { data: [batchExample], nextCursor: null },
      },
    },
    handle: (ctx, { query }) => listBatches(ctx, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentBatch), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getBatch',
    tag,
    summary: 'Get a batch',
    description: 'Returns a batch of the caller; no other user or key may read it.',
    access: readAccess,
    limit: 'api',
    params: batchParamsSchema,
    success: { 200: shown },
    errors: [notFound],
    handle: (ctx, { params }) => getBatch(ctx, params.batchId),
    respond: (row) => ok(presentBatch(row)),
  }),
  defineRoute({
    method: 'get',
    path: `${path}/results`,
    operationId: 'listBatchResults',
    tag,
    summary: 'List batch results',
    description:
      'Returns the requests of a batch of the caller with their results, in the order of the requests. ' +
      'Errors of the provider are passed on as they are.',
    access: readAccess,
    limit: 'api',
    params: batchParamsSchema,
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of results',
        schema: batchResultPageSchema,
        example: { data: [batchResultExample], nextCursor: null },
      },
    },
    errors: [notFound],
    handle: (ctx, { params, query }) => listBatchResults(ctx, params.batchId, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentResult), nextCursor }),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/cancel`,
    operationId: 'cancelBatch',
    tag,
    summary: 'Cancel a batch',
    description:
      'Asks the provider, within a minute, to end a running batch of the caller. Requests that are ' +
      'answered by then have results, and are charged; the others are `canceled`.',
    access: writeAccess,
    limit: 'api',
    params: batchParamsSchema,
    success: { 200: { ...shown, description: 'The batch, which is being cancelled' } },
    errors: [notFound, notRunning],
    handle: (ctx, { params }) => cancelBatch(ctx, params.batchId),
    respond: (row) => ok(presentBatch(row)),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'deleteBatch',
    tag,
    summary: 'Delete a batch',
    description:
      'Deletes a batch of the caller that has ended, with its results, also at its provider if that can be ' +
      'reached. The generations that record its results stay.',
    access: writeAccess,
    limit: 'api',
    params: batchParamsSchema,
    success: { 204: { description: 'It is deleted' } },
    errors: [notFound, notEnded],
    handle: (ctx, { params }) => deleteBatch(ctx, params.batchId),
    respond: noContent,
  }),
];
