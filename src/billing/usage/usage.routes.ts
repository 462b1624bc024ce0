import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { meterErrors } from '../meters/index.ts';
import { getUsageBreakdown, getUsageTimeline, listUsageRecords } from './read-usage.ts';
import { receiveUsageEvents } from './receive-usage-events.ts';
import {
  MAX_EVENTS,
  receivedSchema,
  receiveEventsSchema,
  usageEventExample,
} from './usage-events.schemas.ts';
import { breakdownExample, recordExample, timelineExample } from './usage.examples.ts';
import {
  breakdownQuerySchema,
  breakdownSchema,
  recordPageSchema,
  recordsQuerySchema,
  timelineQuerySchema,
  timelineSchema,
} from './usage.schemas.ts';

const tag = 'Usage';
const path = '/api/v1/usage';
const readAccess = { kind: 'permission', permission: 'usage:read' } as const;
export const readers = 'Needs the permission `usage:read`, which owners and administrators have.';
export const exactness =
  'Figures are exact and current: they include usage recorded a moment ago, and corrections.';

export const usageRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: `${path}/events`,
    operationId: 'sendUsageEvents',
    tag,
    summary: 'Send usage events',
    description:
      'Records usage that the organization counts itself, as events of its own meters. The body is one event or a batch of at ' +
      `most ${MAX_EVENTS}, in the JSON format of CloudEvents 1.0 without extension attributes. An event with the ` +
      'same `source` and `id` never counts again, so a request that failed can be repeated. Needs the permission ' +
      '`usage:write`, which owners and administrators have.',
    access: { kind: 'permission', permission: 'usage:write' },
    limit: 'api',
    body: {
      schema: receiveEventsSchema,
      example: usageEventExample,
      mediaTypes: ['application/cloudevents+json', 'application/cloudevents-batch+json'],
    },
    bodyLimitBytes: 1024 * 1024,
    success: {
      200: {
        description: 'The events are recorded',
        schema: receivedSchema,
        example: { received: 1, duplicates: 0 },
      },
    },
    handle: (ctx, { body }) => receiveUsageEvents(ctx, body),
    respond: (view) => ok(view),
  }),
  defineRoute({
    method: 'get',
    path: `${path}/breakdown`,
    operationId: 'getUsageBreakdown',
    tag,
    summary: 'Get a usage breakdown',
    description:
      'Returns the usage that a meter counted in a period, grouped by the values of one of its dimensions; on ' +
      `request, only usage with a given value of another dimension. ${exactness} ${readers}`,
    access: readAccess,
    limit: 'api',
    query: breakdownQuerySchema,
    success: { 200: { description: 'The groups', schema: breakdownSchema, example: breakdownExample } },
    errors: [meterErrors.meterNotFound],
    handle: (ctx, { query }) => getUsageBreakdown(ctx, query),
    respond: (view) => ok(view),
  }),
  defineRoute({
    method: 'get',
    path: `${path}/timeline`,
    operationId: 'getUsageTimeline',
    tag,
    summary: 'Get a usage timeline',
    description:
      'Returns the usage that a meter counted in each hour, day or month (UTC) of a period; on request, only ' +
      `usage with a given value of a dimension. ${exactness} ${readers}`,
    access: readAccess,
    limit: 'api',
    query: timelineQuerySchema,
    success: { 200: { description: 'The intervals', schema: timelineSchema, example: timelineExample } },
    errors: [meterErrors.meterNotFound],
    handle: (ctx, { query }) => getUsageTimeline(ctx, query),
    respond: (view) => ok(view),
  }),
  defineRoute({
    method: 'get',
    path: `${path}/records`,
    operationId: 'listUsageRecords',
    tag,
    summary: 'List usage records',
    description:
      'Returns recorded usage that occurred in a period, the newest record first. Records are never changed: a ' +
      `correction is a separate record of the difference. ${readers}`,
    access: readAccess,
    limit: 'api',
    query: recordsQuerySchema,
    success: {
      200: {
        description: 'A page of records',
        schema: recordPageSchema,
        example: { data: [recordExample], nextCursor: null },
      },
    },
    handle: (ctx, { query }) => listUsageRecords(ctx, query),
    respond: (page) => ok(page),
  }),
];
