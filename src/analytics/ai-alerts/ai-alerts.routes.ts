import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import {
  aiAlertsExample,
  aiAlertsSchema,
  setAiAlertsExample,
  setAiAlertsSchema,
} from './ai-alerts.schemas.ts';
import { getAiAlerts, setAiAlerts } from './manage-alerts.ts';

const tag = 'AI quality';
const path = '/api/v1/ai/alerts';
const success = {
  200: { description: 'Thresholds and alerts', schema: aiAlertsSchema, example: aiAlertsExample },
};

export const aiAlertRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path,
    operationId: 'getAiAlerts',
    tag,
    summary: 'Get AI alerts',
    description:
      'Returns the thresholds of the organization for answers of models, and the alerts that they have opened. Needs the permission ' +
      '`analytics:read`.',
    access: { kind: 'permission', permission: 'analytics:read' },
    limit: 'api',
    success,
    handle: (ctx) => getAiAlerts(ctx),
    respond: (view) => ok(view),
  }),
  defineRoute({
    method: 'put',
    path,
    operationId: 'setAiAlerts',
    tag,
    summary: 'Set AI thresholds',
    description:
      'Replaces the thresholds of the organization for answers of models. They are checked every five minutes. A ' +
      'threshold that is passed opens one alert, with the event `ai_alert.changed` and a mail to owners and ' +
      'administrators with a confirmed address (at most five mails a day). The alert is resolved when the figure ' +
      'is back by more than a fifth of the threshold, or when there is nothing left to measure. Shares and times ' +
      'need at least ten answers, ratings at least five. Needs the permission `analytics:write`.',
    access: { kind: 'permission', permission: 'analytics:write' },
    limit: 'api',
    body: { schema: setAiAlertsSchema, example: setAiAlertsExample },
    success,
    handle: (ctx, { body }) => setAiAlerts(ctx, body),
    respond: (view) => ok(view),
  }),
];
