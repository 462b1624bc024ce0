import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { presentOverview, presentTimeline, presentTop } from './overview.present.ts';
import {
  overviewExample,
  overviewQuerySchema,
  overviewSchema,
  timelineExample,
  timelineQuerySchema,
  timelineSchema,
  topQuerySchema,
  topRoomsExample,
  topRoomsSchema,
  topUsersExample,
  topUsersSchema,
} from './overview.schemas.ts';
import { getOverview, getTimeline, getTop } from './read-overview.ts';

const common = {
  method: 'get',
  tag: 'Analytics',
  access: { kind: 'permission', permission: 'analytics:read' },
  limit: 'api',
} as const;
const upkeep =
  'Figures follow within a minute after a call has ended, and are corrected when the record of the call is.';

export const overviewRoutes: readonly Route[] = [
  defineRoute({
    ...common,
    path: '/api/v1/analytics/overview',
    operationId: 'getAnalyticsOverview',
    summary: 'Get the analytics overview',
    description: `Returns calls, participants and traffic of the organization in a range, compared with the period before. ${upkeep}`,
    query: overviewQuerySchema,
    success: {
      200: { description: 'The figures of the range', schema: overviewSchema, example: overviewExample },
    },
    handle: (ctx, { query }) => getOverview(ctx, query),
    respond: (overview) => ok(presentOverview(overview)),
  }),
  defineRoute({
    ...common,
    path: '/api/v1/analytics/timeline',
    operationId: 'getAnalyticsTimeline',
    summary: 'Get the analytics timeline',
    description:
      'Returns the numbers of calls and participants of the organization for each hour, day, week or month of a ' +
      `range. ${upkeep}`,
    query: timelineQuerySchema,
    success: {
      200: { description: 'The figures of each interval', schema: timelineSchema, example: timelineExample },
    },
    handle: (ctx, { query }) => getTimeline(ctx, query),
    respond: (timeline) => ok(presentTimeline(timeline)),
  }),
  defineRoute({
    ...common,
    path: '/api/v1/analytics/top-users',
    operationId: 'listTopUsers',
    summary: 'List top users',
    description: `Lists the users who were connected longest in a range. ${upkeep}`,
    query: topQuerySchema,
    success: { 200: { description: 'The users', schema: topUsersSchema, example: topUsersExample } },
    handle: (ctx, { query }) => getTop(ctx, 'user', query),
    respond: (top) => ok(presentTop(top, 'userId')),
  }),
  defineRoute({
    ...common,
    path: '/api/v1/analytics/top-rooms',
    operationId: 'listTopRooms',
    summary: 'List top rooms',
    description: `Lists the rooms in which participants were connected longest in a range. ${upkeep}`,
    query: topQuerySchema,
    success: { 200: { description: 'The rooms', schema: topRoomsSchema, example: topRoomsExample } },
    handle: (ctx, { query }) => getTop(ctx, 'room', query),
    respond: (top) => ok(presentTop(top, 'roomId')),
  }),
];
