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
    summary: 'Report quality samples',
    description:
      'Stores what a connection measured: a batch of samples, best sent every 10 to 20 seconds. Members and guests ' +
      'report for themselves, API keys for any participant of the organization. Times are by the client’s clock and ' +
      'are corrected by `sentAt`; byte counters are totals since the connection began. Samples are kept for 90 days. A ' +
      'batch with the same connection and sequence is stored once and gets the first answer.',
    access: { kind: 'permission', permission: 'calls:write', guests: true },
    limit: 'api',
    body: { schema: storeSamplesSchema, example: storeSamplesExample },
    idempotent: true,
    success: {
      201: { description: 'What was stored', schema: storedBatchSchema, example: storedBatchExample },
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
    summary: 'List quality samples',
    description:
      'Returns stored samples in the order in which they were received. API keys and members with the permission ' +
      '`rooms:manage` see everybody’s, other members their own.',
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
    summary: 'Get call quality',
    description:
      'Returns for each participant how good the call was in either direction, and why. Figures and verdicts are computed ' +
      'from the stored samples with each request: they become more precise during the call, and are available for 90 ' +
      'days. Participants of the call, API keys, and members with the permission `rooms:manage` can do this.',
    access: { kind: 'permission', permission: 'calls:read' },
    limit: 'api',
    params: callParamsSchema,
    query: callQualityQuerySchema,
    success: {
      200: {
        description: 'Figures and verdict for each participant',
        schema: callQualitySchema,
        example: callQualityExample,
      },
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
    summary: 'Give call feedback',
    description:
      'Stores a participant’s rating of a call; giving it again replaces the earlier one. Members and guests give their ' +
      'own, API keys that of any participant of the organization. It can be given during and after the call.',
    access: { kind: 'permission', permission: 'calls:write', guests: true },
    limit: 'api',
    params: callParamsSchema,
    body: {
      schema: giveFeedbackSchema,
      example: {
        rating: 3,
        reasons: ['audio_dropouts'],
        comment: 'I could not be understood at the beginning',
      },
    },
    idempotent: true,
    success: {
      200: { description: 'The stored feedback', schema: feedbackSchema, example: feedbackExample },
    },
    errors: [qualityErrors.callNotFound],
    handle: (ctx, { params, body }) => giveFeedback(ctx, params.callId, body),
    respond: (feedback) => ok(presentFeedback(feedback)),
  }),
  defineRoute({
    method: 'post',
    path: '/api/v1/quality/pre-call-tests',
    operationId: 'testBeforeCall',
    tag,
    summary: 'Assess a connection test',
    description:
      'Judges a test before a call, in which the client sends media to a server for half a minute or more and receives ' +
      'it back. Returns figures and a verdict as for a call. Nothing is stored.',
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
