import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { getReconciliation } from './get-reconciliation.ts';
import { reconciliationExample, reconciliationSchema } from './reconciliation.schemas.ts';

export const reconciliationRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/operator/billing/reconciliation',
    operationId: 'getBillingReconciliation',
    tag: 'Operator',
    summary: 'Get the billing reconciliation',
    description:
      'Returns the progress of the daily comparison of customers with their payment providers. Also returns the ' +
      'differences that it found and repaired, which come from missed reports of the providers.',
    access: { kind: 'operator' },
    limit: 'api',
    success: {
      200: {
        description: 'Progress and repairs',
        schema: reconciliationSchema,
        example: reconciliationExample,
      },
    },
    handle: (ctx) => getReconciliation(ctx),
    respond: (reconciliation) => ok(reconciliation),
  }),
];
