import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { realtimeExample, realtimeSchema } from './analytics.schemas.ts';
import { getRealtimeAnalytics } from './read-realtime.ts';

declare module '../../kernel/core/permissions.ts' {
  interface PermissionActions {
    analytics: 'read';
  }
}

export const analyticsRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/analytics/realtime',
    operationId: 'getRealtimeAnalytics',
    tag: 'Analytics',
    summary: 'Read what goes on right now: rooms, participants, agents, joins and leaves, by region',
    access: { kind: 'permission', permission: 'analytics:read' },
    limit: 'api',
    success: { 200: { description: 'The figures', schema: realtimeSchema, example: realtimeExample } },
    handle: (ctx) => getRealtimeAnalytics(ctx),
    respond: (figures) => ok(figures),
  }),
];
