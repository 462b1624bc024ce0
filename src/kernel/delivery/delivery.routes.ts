import { redact, requestErrors } from '../core/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';

import {
  getDeadLetter,
  listDeadLetters,
  readOutboxStats,
  replayDeadLetter,
  replayDeadLetters,
} from './dead-letters.ts';
import { deadLetterErrors } from './delivery.errors.ts';
import type { DeliveryRow } from './delivery.queries.ts';
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
} from './delivery.schemas.ts';

const tag = 'Operator';
const path = '/api/v1/operator/dead-letters';
const access = { kind: 'operator' } as const;
const PUBLISH_ROUND_TRIPS = {
  max: 3,
  reason: 'the third publishes what waits again; the answer does not wait for it',
};
const limit = 'api';

function presentDeadLetter(deadLetter: DeliveryRow): DeadLetterView {
  const { id, organizationId, type, key, attempts, lastError, createdAt, finishedAt } = deadLetter;
  return {
    id,
    organizationId,
    type,
    key,
    attempts,
    reason: lastError ?? '',
    createdAt: createdAt.toISOString(),
    diedAt: (finishedAt ?? createdAt).toISOString(),
  };
}

/** The payload goes out as a log would show it: it may hold an address or a ticket. */
function presentDeadLetterDetail(deadLetter: DeliveryRow): DeadLetterDetailView {
  const payload = redact(deadLetter.payload) as Record<string, unknown>;
  return { ...presentDeadLetter(deadLetter), payload, traceparent: deadLetter.traceparent };
}

export const deliveryRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path,
    operationId: 'listDeadLetters',
    tag,
    summary: 'List the effects that gave up, the newest first',
    access,
    limit,
    query: deadLetterQuerySchema,
    success: {
      200: {
        description: 'A page',
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
    summary: 'Read a dead letter with its payload',
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
    summary: 'Let a dead letter begin again',
    access,
    limit,
    params: deadLetterParamsSchema,
    roundTrips: PUBLISH_ROUND_TRIPS,
    success: {
      200: {
        description: 'It waits again, with all its attempts',
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
    summary: 'Let the dead letters that meet a filter begin again',
    description: 'The oldest first, at most 200 in one call. With `dryRun` it only counts.',
    access,
    limit,
    body: { schema: replayRequestSchema, example: { type: 'organization.created', dryRun: true } },
    roundTrips: PUBLISH_ROUND_TRIPS,
    success: {
      200: {
        description: 'How many met the filter, and how many of them wait again',
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
    summary: 'How much waits, is under way and gave up',
    access,
    limit,
    success: { 200: { description: 'Now', schema: outboxStatsSchema, example: outboxStatsExample } },
    handle: (ctx) => readOutboxStats(ctx),
    respond: (stats) => ok(stats),
  }),
];
