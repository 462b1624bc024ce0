import { created, defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { giveFeedback } from './give-feedback.ts';
import { storeSamples } from './store-samples.ts';
import {
  presentBatch,
  presentFeedback,
  presentStoredBatch,
  presentQuality,
  presentPreCallResult,
} from './quality.present.ts';
import { qualityErrors } from './quality.errors.ts';
import {
  callQualityExample,
  feedbackExample,
  storeSamplesExample,
  storedBatchExample,
  preCallExample,
  preCallResultExample,
  sampleBatchExample,
} from './quality.examples.ts';
import {
  callParamsSchema,
  callQualityQuerySchema,
  callQualitySchema,
  feedbackSchema,
  giveFeedbackSchema,
  storeSamplesSchema,
  storedBatchSchema,
  listSamplesSchema,
  preCallResultSchema,
  preCallTestSchema,
  sampleBatchPageSchema,
} from './quality.schemas.ts';
import { getCallQuality, listSamples, assessPreCallTest } from './read-quality.ts';

const tag = 'Quality';

export const qualityRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/quality/samples',
    operationId: 'keepQualitySamples',
    tag,
    summary: 'Give what a connection measured in a call',
    description:
      'A batch of windows, every 10 to 20 seconds. Times are by the client’s clock, which may be off. Counters of bytes ' +
      'run since the connection began. The same batch again is answered alike.',
    access: { kind: 'permission', permission: 'calls:write', guests: true },
    limit: 'api',
    body: { schema: storeSamplesSchema, example: storeSamplesExample },
    idempotent: true,
    success: {
      201: { description: 'What was kept of it', schema: storedBatchSchema, example: storedBatchExample },
    },
    errors: [qualityErrors.callNotFound, qualityErrors.samplesOutdated, qualityErrors.samplesExhausted],
    handle: (ctx, { body }) => storeSamples(ctx, body),
    respond: (batch) =>
      created(
        presentStoredBatch(batch),
        `/api/v1/quality/samples?callId=${batch.callId}&participantId=${batch.participantId}`,
      ),
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/quality/samples',
    operationId: 'listQualitySamples',
    tag,
    summary: 'List samples as they were kept, for the caller’s own participants',
    description: 'Services and who administers the organization’s rooms see everybody’s.',
    access: { kind: 'permission', permission: 'calls:read' },
    limit: 'api',
    query: listSamplesSchema,
    success: {
      200: {
        description: 'A page of batches',
        schema: sampleBatchPageSchema,
        example: { data: [sampleBatchExample], nextCursor: null },
      },
    },
    errors: [qualityErrors.callNotFound],
    handle: (ctx, { query }) => listSamples(ctx, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentBatch), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/calls/{callId}/quality',
    operationId: 'getCallQuality',
    tag,
    summary: 'Read how a call was for each participant, and why',
    description: 'For who was in the call, services, and who administers the organization’s rooms.',
    access: { kind: 'permission', permission: 'calls:read' },
    limit: 'api',
    params: callParamsSchema,
    query: callQualityQuerySchema,
    success: {
      200: { description: 'Figures and verdicts', schema: callQualitySchema, example: callQualityExample },
    },
    errors: [qualityErrors.callNotFound],
    handle: (ctx, { params, query }) => getCallQuality(ctx, params.callId, query),
    respond: (quality) => ok(presentQuality(quality)),
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/calls/{callId}/feedback',
    operationId: 'giveCallFeedback',
    tag,
    summary: 'Say how a call was; said again, it replaces what was said before',
    access: { kind: 'permission', permission: 'calls:write', guests: true },
    limit: 'api',
    params: callParamsSchema,
    body: {
      schema: giveFeedbackSchema,
      example: { rating: 3, reasons: ['audio_dropouts'], comment: 'Nobody understood me at the beginning' },
    },
    idempotent: true,
    success: { 200: { description: 'As it is kept', schema: feedbackSchema, example: feedbackExample } },
    errors: [qualityErrors.callNotFound],
    handle: (ctx, { params, body }) => giveFeedback(ctx, params.callId, body),
    respond: (feedback) => ok(presentFeedback(feedback)),
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/quality/pre-call-tests',
    operationId: 'testBeforeCall',
    tag,
    summary: 'Have a test before a call judged; nothing of it is kept',
    description:
      'Windows of half a minute or more of sending to a server and receiving it back; `self` is the publisher of what ' +
      'comes back.',
    access: { kind: 'permission', permission: 'calls:write', guests: true },
    limit: 'api',
    body: { schema: preCallTestSchema, example: preCallExample },
    success: {
      200: { description: 'Figures and verdict', schema: preCallResultSchema, example: preCallResultExample },
    },
    handle: (ctx, { body }) => assessPreCallTest(ctx, body),
    respond: (result) => ok(presentPreCallResult(result)),
  }),
];
