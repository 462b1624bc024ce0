import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { alertsExample, alertsSchema, setAlertsExample, setAlertsSchema } from './alerts.schemas.ts';
import { getUsageAlerts } from './get-alerts.ts';
import { setUsageAlerts } from './set-alerts.ts';

const tag = 'Usage';
const path = '/api/v1/usage/alerts';
const success = {
  200: { description: 'Thresholds and alerts', schema: alertsSchema, example: alertsExample },
};

export const alertRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path,
    operationId: 'getUsageAlerts',
    tag,
    summary: 'Get usage alerts',
    description:
      "Returns the organization's own thresholds, and the thresholds that were reached in the current calendar month, UTC. " +
      'Every organization has thresholds at 80 and 100 percent of what its plan includes. Needs the permission `usage:read`, ' +
      'which owners and administrators have.',
    access: { kind: 'permission', permission: 'usage:read' },
    limit: 'api',
    success,
    handle: (ctx) => getUsageAlerts(ctx),
    respond: (view) => ok(view),
  }),
  defineRoute({
    method: 'put',
    path,
    operationId: 'setUsageAlerts',
    tag,
    summary: 'Set usage thresholds',
    description:
      "Replaces the organization's own thresholds. Each threshold that is reached raises one alert in a calendar " +
      'month, UTC: the event `usage.threshold_reached`, and a mail to owners and administrators with a confirmed ' +
      'address. At most five alerts are mailed in a day. When a correction lowers usage and usage rises again, ' +
      'there is no second alert. Needs the permission `usage:write`, which owners and administrators have.',
    access: { kind: 'permission', permission: 'usage:write' },
    limit: 'api',
    body: { schema: setAlertsSchema, example: setAlertsExample },
    success,
    handle: (ctx, { body }) => setUsageAlerts(ctx, body),
    respond: (view) => ok(view),
  }),
];
