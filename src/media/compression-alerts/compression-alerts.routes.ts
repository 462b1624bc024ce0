import { requestErrors } from '../../kernel/core/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { compressionAlertErrors } from './compression-alerts.errors.ts';
import { presentAlert } from './compression-alerts.present.ts';
import {
  alertExample,
  alertPageSchema,
  alertParamsSchema,
  alertSchema,
  listAlertsSchema,
  resolveAlertSchema,
} from './compression-alerts.schemas.ts';
import { getAlert, listAlerts, resolveAlert } from './manage-alerts.ts';

const tag = 'Compression';
const path = '/api/v1/aic/alerts';
const access = { kind: 'permission', permission: 'analytics:read' } as const;
const success = { 200: { description: 'The alert', schema: alertSchema, example: alertExample } };

export const compressionAlertRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path,
    operationId: 'listCompressionAlerts',
    tag,
    summary: 'List compression alerts',
    description:
      'Lists the alerts that fixed rules raised about compression in the organization, the newest first. Resolved alerts ' +
      'are kept for 90 days. Needs the permission `analytics:read`.',
    access,
    limit: 'api',
    query: listAlertsSchema,
    success: {
      200: {
        description: 'A page of alerts',
        schema: alertPageSchema,
        example: { data: [alertExample], nextCursor: null },
      },
    },
    handle: (ctx, { query }) => listAlerts(ctx, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentAlert), nextCursor }),
  }),
  defineRoute({
    method: 'get',
    path: `${path}/{compressionAlertId}`,
    operationId: 'getCompressionAlert',
    tag,
    summary: 'Get a compression alert',
    description: 'Returns an alert. Needs the permission `analytics:read`.',
    access,
    limit: 'api',
    params: alertParamsSchema,
    success,
    errors: [compressionAlertErrors.notFound],
    handle: (ctx, { params }) => getAlert(ctx, params.compressionAlertId),
    respond: (row) => ok(presentAlert(row)),
  }),
  defineRoute({
    method: 'post',
    path: `${path}/{compressionAlertId}/resolve`,
    operationId: 'resolveCompressionAlert',
    tag,
    summary: 'Resolve a compression alert',
    description:
      'Resolves an open alert, with notes. Earlier findings do not open it again; later ones can. An alert that no person ' +
      'resolves is resolved once its condition is gone. Needs the permission `analytics:write`.',
    access: { kind: 'permission', permission: 'analytics:write' },
    limit: 'api',
    idempotent: true,
    params: alertParamsSchema,
    body: { schema: resolveAlertSchema, example: { notes: 'The container had no disk left.' } },
    success,
    errors: [compressionAlertErrors.notFound, compressionAlertErrors.alreadyResolved, requestErrors.stale],
    handle: (ctx, { params, body }) => resolveAlert(ctx, params.compressionAlertId, body),
    respond: (row) => ok(presentAlert(row)),
  }),
];
