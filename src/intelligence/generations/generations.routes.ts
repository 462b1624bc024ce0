import { pageQuerySchema } from '../../kernel/core/index.ts';
import { entitlementErrors } from '../../identity/entitlements/index.ts';
import { defineRoute, noContent, ok, type Reply, type Route } from '../../platform/http/index.ts';
import { createGenerationExample, createGenerationSchema } from '../generation-requests/index.ts';
import { cancelGeneration } from './cancel-generations.ts';
import { generationErrors } from './generations.errors.ts';
import { presentAnswer, presentGeneration } from './generations.present.ts';
import { answeredGenerationExample, generationExample } from './generations.examples.ts';
import {
  answeredGenerationSchema,
  eventsHeadersSchema,
  eventsQuerySchema,
  generationPageSchema,
  generationParamsSchema,
  generationSchema,
} from './generations.schemas.ts';
import { followGeneration, getGeneration, listGenerations } from './read-generations.ts';
import { startGeneration } from './start-generation.ts';

const tag = 'AI';
const listPath = '/api/v1/ai/generations';
const path = `${listPath}/{generationId}`;
const readAccess = { kind: 'permission', permission: 'ai:read' } as const;
const writeAccess = { kind: 'permission', permission: 'ai:write' } as const;
const EVENTS = 'text/event-stream';
/** A little more than the time that a caller waits for an answer. */
const timeLimitSeconds = 60;
const KEPT =
  'Question and answer are not stored in a database; the answer is kept for 15 minutes after its end.';

const streamOf = (content: ReadableStream<Uint8Array>, status: number, location: string): Reply => ({
  status,
  raw: { content, type: EVENTS },
  headers: { Location: location, 'Cache-Control': 'no-store' },
});

const { cancelled, eventsGone, generationNotFound, notRunning, ...failures } = generationErrors;

export const generationRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: listPath,
    operationId: 'createGeneration',
    tag,
    summary: 'Create a generation',
    description:
      'Asks a model: the one that is named, or one that is chosen by a policy. Without `stream` the ' +
      'response is the whole answer; when the model needs longer than 50 seconds, it is the running ' +
      'generation. With `stream` the answer comes as server-sent events while the model gives it: ' +
      '`started`, `text`, `thinking`, `tool_call`, `tool_input`, and at last `ended` or `failed`. ' +
      'Each event has an id. A lost connection does not end the generation: continue with the events ' +
      'after the last id. A repeated request with the same idempotency key does not ask a model ' +
      'again. Without a key of the organization for the provider, the plan must include the feature ' +
      '`platform_models`, and its limit `running_generations` says how many run at once. Five times ' +
      `as many may run with keys of the organization. ${KEPT}`,
    access: writeAccess,
    limit: 'ai',
    body: { schema: createGenerationSchema, example: createGenerationExample },
    bodyLimitBytes: 4 * 1024 * 1024,
    idempotent: true,
    timeLimitSeconds,
    success: {
      200: {
        description: 'The answer',
        schema: answeredGenerationSchema,
        example: answeredGenerationExample,
      },
      201: { description: 'The events of the answer', mediaTypes: [EVENTS] },
      202: {
        description:
          'It is still running; or an earlier request with the same idempotency key has started it',
        schema: generationSchema,
        example: generationExample,
      },
    },
    errors: [
      entitlementErrors.featureNotIncluded,
      entitlementErrors.limitReached,
      cancelled,
      ...Object.values(failures),
    ],
    handle: (ctx, { body }) => startGeneration(ctx, body),
    respond({ row, answer, events }) {
      const location = `${listPath}/${row.id}`;
      if (events) return streamOf(events, 201, location);
      if (answer) return ok(presentAnswer(row, answer));
      return { status: 202, body: presentGeneration(row), headers: { Location: location } };
    },
  }),
  defineRoute({
    method: 'get',
    path: listPath,
    operationId: 'listGenerations',
    tag,
    summary: 'List generations',
    description: "Lists the caller's generations, the newest first, without questions and answers.",
    access: readAccess,
    limit: 'api',
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of generations',
        schema: generationPageSchema,
        example: { data: [generationExample], nextCursor: null },
      },
    },
    handle: (ctx, { query }) => listGenerations(ctx, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentGeneration), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getGeneration',
    tag,
    summary: 'Get a generation',
    description: `Returns a generation of the caller with the answer so far. ${KEPT}`,
    access: readAccess,
    limit: 'api',
    params: generationParamsSchema,
    success: {
      200: {
        description: 'The generation',
        schema: answeredGenerationSchema,
        example: answeredGenerationExample,
      },
    },
    errors: [generationNotFound],
    handle: (ctx, { params }) => getGeneration(ctx, params.generationId),
    respond: ({ row, answer }) => ok(presentAnswer(row, answer)),
  }),
  defineRoute({
    method: 'get',
    path: `${path}/events`,
    operationId: 'streamGenerationEvents',
    tag,
    summary: 'Stream generation events',
    description:
      'Sends the events of a generation of the caller, beginning after the one that `Last-Event-ID` ' +
      'names; earlier events come first, without a delay. The stream ends with ' +
      `\`ended\` or \`failed\`. ${KEPT}`,
    access: readAccess,
    limit: 'api',
    params: generationParamsSchema,
    query: eventsQuerySchema,
    headers: eventsHeadersSchema,
    success: { 200: { description: 'The events', mediaTypes: [EVENTS] } },
    errors: [generationNotFound, eventsGone],
    handle: (ctx, { params, query, headers }) =>
      followGeneration(ctx, params.generationId, headers['last-event-id'] ?? query.after ?? 0),
    respond: (events, { params }) => streamOf(events, 200, `${listPath}/${params.generationId}`),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/cancel`,
    operationId: 'cancelGeneration',
    tag,
    summary: 'Cancel a generation',
    description: 'Ends a running generation of the caller. What the model has produced is charged.',
    access: writeAccess,
    limit: 'api',
    params: generationParamsSchema,
    success: { 204: { description: 'It is cancelled' } },
    errors: [generationNotFound, notRunning],
    handle: (ctx, { params }) => cancelGeneration(ctx, params.generationId),
    respond: noContent,
  }),
];
