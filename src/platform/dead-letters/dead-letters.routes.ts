import { redact, requestErrors } from '../../kernel/core/index.ts';
import { defineRoute, ok, type Route } from '../http/index.ts';

import {
  getDeadLetter,
  listDeadLetters,
  readOutboxStats,
  replayDeadLetter,
  replayDeadLetters,
} from './replay-dead-letters.ts';
import { deadLetterErrors } from './dead-letters.errors.ts';
import type { DeadLetter } from './dead-letters.queries.ts';
import {
  deadLetterDetailSchema,
  type DeadLetterDetailView,
  deadLetterExample,
  deadLetterPageSchema,
  deadLetterParamsSchema,
  deadLetterQuerySchema,
  type DeadLetterView,
  outboxStatsExample,
  outboxStatsSchema,
  replayResultSchema,
  replayRequestSchema,
} from './dead-letters.schemas.ts';

const tag = 'Operator';
const path = '/api/v1/operator/dead-letters';
const access = { kind: 'operator' } as const;
const PUBLISH_ROUND_TRIPS = {
  max: 3,
  reason: 'the third publishes the replayed deliveries; the answer does not wait for it',
};
const limit = 'api';

function presentDeadLetter({ delivery }: DeadLetter): DeadLetterView {
  const { id, organizationId, type, subscriber, key, attempts, lastError, createdAt, finishedAt } = delivery;
  return {
    id,
    organizationId,
    type,
    subscriber,
    key,
    attempts,
    reason: lastError ?? '',
    createdAt: createdAt.toISOString(),
    diedAt: (finishedAt ?? createdAt).toISOString(),
  };
}

/** The payload is redacted as in a log: it may hold an address or a ticket. */
function presentDeadLetterDetail(deadLetter: DeadLetter): DeadLetterDetailView {
  const payload = redact(deadLetter.payload) as Record<string, unknown>;
  return { ...presentDeadLetter(deadLetter), payload, traceparent: deadLetter.traceparent };
}

export const deadLetterRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path,
    operationId: 'listDeadLetters',
    tag,
    summary: 'List dead letters',
    description:
      'Returns deliveries that failed for good, newest first, with the reason. Each is one event for one subscriber; ' +
      'replaying it runs that subscriber again. For the platform operator.',
    access,
    limit,
    query: deadLetterQuerySchema,
    success: {
      200: {
        description: 'A page of dead letters',
        schema: deadLetterPageSchema,
        example: { data: [deadLetterExample], nextCursor: null },
      },
    },
    handle: (ctx, { query }) => listDeadLetters(ctx, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentDeadLetter), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path: `${path}/{deadLetterId}`,
    operationId: 'getDeadLetter',
    tag,
    summary: 'Get a dead letter',
    description:
      'Returns a failed delivery with the redacted payload of its event. For the platform operator.',
    access,
    limit,
    params: deadLetterParamsSchema,
    success: {
      200: {
        description: 'The dead letter',
        schema: deadLetterDetailSchema,
        example: {
          ...deadLetterExample,
          payload: { organizationId: deadLetterExample.organizationId },
          traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
        },
      },
    },
    errors: [deadLetterErrors.notFound],
    handle: (ctx, { params }) => getDeadLetter(ctx, params.deadLetterId),
    respond: (deadLetter) => ok(presentDeadLetterDetail(deadLetter)),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/{deadLetterId}/replay`,
    operationId: 'replayDeadLetter',
    tag,
    summary: 'Replay a dead letter',
    description:
      'Delivers the event to this subscriber again, with all attempts. For the platform operator; the audit log of the ' +
      'organization shows it.',
    access,
    limit,
    params: deadLetterParamsSchema,
    roundTrips: PUBLISH_ROUND_TRIPS,
    success: {
      200: {
        description: 'The event is delivered again',
        schema: replayResultSchema,
        example: { matched: 1, replayed: 1 },
      },
    },
    errors: [deadLetterErrors.notFound, requestErrors.stale],
    handle: (ctx, { params }) => replayDeadLetter(ctx, params.deadLetterId),
    respond: (replayed) => ok(replayed),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/replay`,
    operationId: 'replayDeadLetters',
    tag,
    summary: 'Replay dead letters',
    description:
      'Replays the dead letters that match the filter, the oldest first, at most 200 in one request. With `dryRun` it ' +
      'only counts them. For the platform operator.',
    access,
    limit,
    body: { schema: replayRequestSchema, example: { type: 'organization.created', dryRun: true } },
    roundTrips: PUBLISH_ROUND_TRIPS,
    success: {
      200: {
        description: 'How many matched, and how many of them are delivered again',
        schema: replayResultSchema,
        example: { matched: 12, replayed: 0 },
      },
    },
    errors: [requestErrors.stale],
    handle: (ctx, { body }) => replayDeadLetters(ctx, body),
    respond: (replayed) => ok(replayed),
  }),
  defineRoute({
    method: 'get',
    path: '/api/v1/operator/outbox/stats',
    operationId: 'getOutboxStats',
    tag,
    summary: 'Get outbox statistics',
    description: 'Counts the deliveries that wait, are in flight and have failed. For the platform operator.',
    access,
    limit,
    success: {
      200: { description: 'The statistics', schema: outboxStatsSchema, example: outboxStatsExample },
    },
    handle: (ctx) => readOutboxStats(ctx),
    respond: (stats) => ok(stats),
  }),
];
