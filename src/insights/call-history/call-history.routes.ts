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

const visibility =
  'API keys and members with the permission `rooms:manage` see every call. Other members see every call except ' +
  'those in direct rooms of other people and in breakout rooms of direct rooms.';

export const callHistoryRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/calls',
    operationId: 'listCalls',
    tag,
    summary: 'List calls',
    description: `Returns the organization’s calls, the newest first, open ones included. ${visibility}`,
    access: readAccess,
    limit: 'api',
    query: listCallsSchema,
    success: {
      200: {
        description: 'A page of calls',
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
    summary: 'Get a call',
    description:
      'Returns when the call started and ended, how these moments are known, and its totals. Totals of an open call ' +
      `are as of now. ${visibility}`,
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
    summary: 'List call participants',
    description:
      'Returns everybody who got a token for the call or connected to it, each with all connections, in the order in ' +
      `which they first did. ${visibility}`,
    access: readAccess,
    limit: 'api',
    params: callParamsSchema,
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of participants',
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
    summary: 'Get a call’s timeline',
    description:
      'Returns what happened in the call, the earliest first: its start and end, participants that joined and left, ' +
      'tracks that were published and unpublished, and how each moment is known. A moment that was inferred can change ' +
      `when the media cluster reports it later, so read the timeline again after the call for final times. ${visibility}`,
    access: readAccess,
    limit: 'api',
    params: callParamsSchema,
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of entries',
        schema: timelinePageSchema,
        example: { data: [timelineEntryExample], nextCursor: null },
      },
    },
    errors: [callErrors.notFound],
    handle: (ctx, { params, query }) => getTimeline(ctx, params.callId, query),
    respond: (entries) => respondPage(entries, presentTimelineEntry),
  }),
];
