import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { pageQuerySchema } from '../../kernel/core/index.ts';
import { defineRoute, noContent, ok, type Route } from '../../platform/http/index.ts';
import { errorsOfStart } from '../generations/index.ts';
import { transcriptErrors } from '../transcripts/index.ts';
import { createSummary } from './create-summary.ts';
import { deleteSummary, getSummary, listSummaries } from './read-summaries.ts';
import { summaryErrors } from './summaries.errors.ts';
import { presentSummary } from './summaries.present.ts';
import {
  createSummarySchema,
  summaryExample,
  summaryPageSchema,
  summaryParamsSchema,
  summarySchema,
  transcriptionParamsSchema,
} from './summaries.schemas.ts';

const tag = 'Summaries';
const listPath = '/api/v1/ai/transcriptions/{transcriptionId}/summaries';
const path = `${listPath}/{summaryId}`;
const roundTrips = (max: number) => ({
  max,
  reason: 'the transcription says which file or recording must be open to the caller',
});
const readAccess = { kind: 'permission', permission: 'transcripts:read' } as const;
const writeAccess = { kind: 'permission', permission: 'transcripts:write' } as const;
const readers = 'Those who may read the transcription can read it.';
const cited =
  'Each statement has at least one quote that is in the transcript word for word; statements without ' +
  'one are left out and counted. The wording of a statement is the work of the model.';

export const summaryRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: listPath,
    operationId: 'createSummary',
    tag,
    summary: 'Create a summary',
    description:
      'Summarizes a transcript that is ready. Without `model` the summary has the sentences that say ' +
      'most; it is ready at once, and no provider is asked. With `model` it is written in the ' +
      `background, needs \`ai:write\`, and counts as a generation of the caller. ${cited} A repeated ` +
      'request with the same idempotency key does not ask a model again.',
    access: writeAccess,
    limit: 'ai',
    params: transcriptionParamsSchema,
    body: { schema: createSummarySchema, example: { model: 'claude-sonnet-5' } },
    idempotent: true,
    success: {
      202: {
        description: 'The summary; one by a model is not ready yet',
        schema: summarySchema,
        example: { ...summaryExample, state: 'running', content: null, endedAt: null },
      },
    },
    errors: [
      transcriptErrors.notFound,
      transcriptErrors.notReady,
      summaryErrors.nothingSaid,
      summaryErrors.tooLong,
      summaryErrors.tooMany,
      entitlementErrors.featureNotIncluded,
      entitlementErrors.limitReached,
      ...errorsOfStart,
    ],
    roundTrips: roundTrips(5),
    handle: (ctx, { params, body }) => createSummary(ctx, params.transcriptionId, body),
    respond: (row) => ({
      status: 202,
      body: presentSummary(row),
      headers: { Location: `/api/v1/ai/transcriptions/${row.transcriptionId}/summaries/${row.id}` },
    }),
  }),
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listSummaries',
    tag,
    summary: 'List summaries',
    description: 'Lists the summaries of a transcription that the caller may read, the newest first.',
    access: readAccess,
    limit: 'api',
    params: transcriptionParamsSchema,
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of summaries',
        schema: summaryPageSchema,
        example: { data: [summaryExample], nextCursor: null },
      },
    },
    errors: [transcriptErrors.notFound],
    roundTrips: roundTrips(3),
    handle: (ctx, { params, query }) => listSummaries(ctx, params.transcriptionId, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentSummary), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getSummary',
    tag,
    summary: 'Get a summary',
    description: `Returns a summary, with its statements once it is ready. ${readers} ${cited}`,
    access: readAccess,
    limit: 'api',
    params: summaryParamsSchema,
    success: { 200: { description: 'The summary', schema: summarySchema, example: summaryExample } },
    errors: [transcriptErrors.notFound, summaryErrors.notFound],
    roundTrips: roundTrips(3),
    handle: (ctx, { params }) => getSummary(ctx, params),
    respond: (row) => ok(presentSummary(row)),
  }),
  defineRoute({
    method: 'delete',
    path,
    operationId: 'deleteSummary',
    tag,
    summary: 'Delete a summary',
    description:
      'Deletes a summary. The user or API key that asked for it can do this, and those who may change ' +
      'the transcription.',
    access: writeAccess,
    limit: 'api',
    params: summaryParamsSchema,
    success: { 204: { description: 'It is deleted' } },
    errors: [transcriptErrors.notFound, summaryErrors.notFound],
    roundTrips: roundTrips(5),
    handle: (ctx, { params }) => deleteSummary(ctx, params),
    respond: noContent,
  }),
];
