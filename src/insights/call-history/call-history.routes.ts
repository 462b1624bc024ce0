import { type Page, pageQuerySchema } from '../../kernel/core/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { callErrors } from './call-history.errors.ts';
import { callExample, timelineEntryExample, participantExample } from './call-history.examples.ts';
import {
  callPageSchema,
  callParamsSchema,
  callSchema,
  listCallsSchema,
  participantPageSchema,
  timelinePageSchema,
} from './call-history.schemas.ts';
import { presentCall, presentTimelineEntry, presentParticipant } from './call-history.present.ts';
import { getCall, listCalls, listParticipants, getTimeline } from './read-call-history.ts';

const tag = 'Calls';
const readAccess = { kind: 'permission', permission: 'calls:read' } as const;
const path = '/api/v1/calls/{callId}';

const respondPage = <Row>({ data, nextCursor }: Page<Row>, present: (row: Row) => unknown) =>
  ok({ data: data.map(present), nextCursor });

export const callHistoryRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/calls',
    operationId: 'listCalls',
    tag,
    summary: 'List the calls of the organization, the newest first',
    access: readAccess,
    limit: 'api',
    query: listCallsSchema,
    success: {
      200: {
        description: 'A page',
        schema: callPageSchema,
        example: { data: [callExample], nextCursor: null },
      },
    },
    handle: (ctx, { query }) => listCalls(ctx, query),
    respond: ({ value, now }) => respondPage(value, (row) => presentCall(row, now)),
  }),
  defineRoute({
    method: 'get',
    path,
    operationId: 'getCall',
    tag,
    summary: 'Read a call: when it began and ended, how that is known, and its sums',
    access: readAccess,
    limit: 'api',
    params: callParamsSchema,
    success: { 200: { description: 'The call', schema: callSchema, example: callExample } },
    errors: [callErrors.notFound],
    handle: (ctx, { params }) => getCall(ctx, params.callId),
    respond: ({ value, now }) => ok(presentCall(value, now)),
  }),
  defineRoute({
    method: 'get',
    path: `${path}/participants`,
    operationId: 'listCallParticipants',
    tag,
    summary: 'List who had a place in a call, each with their connections',
    access: readAccess,
    limit: 'api',
    params: callParamsSchema,
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page, in the order they got their place',
        schema: participantPageSchema,
        example: { data: [participantExample], nextCursor: null },
      },
    },
    errors: [callErrors.notFound],
    handle: (ctx, { params, query }) => listParticipants(ctx, params.callId, query),
    respond: (people) => respondPage(people, presentParticipant),
  }),
  defineRoute({
    method: 'get',
    path: `${path}/timeline`,
    operationId: 'getCallTimeline',
    tag,
    summary: 'Read everything that happened in a call, in order, and how it is known',
    access: readAccess,
    limit: 'api',
    params: callParamsSchema,
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page, the earliest first',
        schema: timelinePageSchema,
        example: { data: [timelineEntryExample], nextCursor: null },
      },
    },
    errors: [callErrors.notFound],
    handle: (ctx, { params, query }) => getTimeline(ctx, params.callId, query),
    respond: (entries) => respondPage(entries, presentTimelineEntry),
  }),
];
