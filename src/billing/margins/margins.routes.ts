import { requestErrors } from '../../kernel/core/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { listMargins } from './list-margins.ts';
import { listMarginsQuerySchema, marginExample, marginPageSchema } from './margins.schemas.ts';

export const marginRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/operator/margins',
    operationId: 'listMargins',
    tag: 'Operator',
    summary: 'List margins',
    description:
      'Returns what each organization paid in a period, what its usage cost, and the difference, the lowest ' +
      'margin first. An invoice counts at the time of its payment, usage at the time it began. For the platform ' +
      'operator.',
    access: { kind: 'operator' },
    limit: 'api',
    query: listMarginsQuerySchema,
    success: {
      200: {
        description: 'A page of margins',
        schema: marginPageSchema,
        example: { data: [marginExample], nextCursor: null },
      },
    },
    errors: [requestErrors.invalidCursor],
    handle: (ctx, { query }) => listMargins(ctx, query),
    respond: (page) => ok(page),
  }),
];
