import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { realtimeExample, realtimeSchema } from './realtime.schemas.ts';
import { getRealtimeAnalytics } from './get-realtime-analytics.ts';

export const realtimeRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/analytics/realtime',
    operationId: 'getRealtimeAnalytics',
    tag: 'Analytics',
    summary: 'Get realtime analytics',
    description:
      'Returns the rooms, participants and agents of the organization that are in calls at this moment, and the ' +
      'events of the last minute, in total and by region. It also returns the numbers of running and recent ' +
      'requests to models.',
    access: { kind: 'permission', permission: 'analytics:read' },
    limit: 'api',
    success: {
      200: { description: 'The figures at this moment', schema: realtimeSchema, example: realtimeExample },
    },
    handle: (ctx) => getRealtimeAnalytics(ctx),
    respond: (figures) => ok(figures),
  }),
];
