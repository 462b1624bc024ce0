import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { billErrors } from './bills.errors.ts';
import {
  compareBillExample,
  compareBillSchema,
  comparedBillExample,
  comparedBillSchema,
  MAX_LINES,
} from './bills.schemas.ts';
import { compareBill } from './compare-bill.ts';

export const billRoutes: readonly Route[] = [
  defineRoute({
    method: 'post',
    path: '/api/v1/operator/bills/compare',
    operationId: 'compareBill',
    tag: 'Operator',
    summary: 'Compare a provider bill',
    description:
      'Compares a bill of a provider, as JSON or CSV, with the usage that was counted for all organizations in ' +
      `its period. Returns the difference of each line, with its likely cause. A bill has at most ${MAX_LINES} ` +
      'lines, all in USD. If one line cannot be read, the whole bill is refused. Nothing is stored. For the ' +
      'platform operator.',
    access: { kind: 'operator' },
    limit: 'api',
    body: { schema: compareBillSchema, example: compareBillExample },
    bodyLimitBytes: 1024 * 1024,
    success: {
      200: { description: 'The comparison', schema: comparedBillSchema, example: comparedBillExample },
    },
    errors: [billErrors.tooMuchUsage],
    handle: (ctx, { body }) => compareBill(ctx, body),
    respond: (view) => ok(view),
  }),
];
