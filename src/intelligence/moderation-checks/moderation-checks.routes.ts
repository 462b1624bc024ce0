import { pageQuerySchema } from '../../kernel/core/index.ts';
import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { listChecks } from './list-checks.ts';
import { presentCheck } from './moderation-checks.present.ts';
import { checkExample, checkPageSchema } from './moderation-checks.schemas.ts';

export const checkRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/moderation/checks',
    operationId: 'listModerationChecks',
    tag: 'Moderation',
    summary: 'List moderation checks',
    description:
      'Lists the checks of messages and captions by models in rooms that the caller may ' +
      'see, the newest first. The list includes checks for which no model could be asked. Checks are ' +
      'deleted after 30 days.',
    access: { kind: 'permission', permission: 'moderation:read' },
    limit: 'api',
    query: pageQuerySchema,
    success: {
      200: {
        description: 'A page of checks',
        schema: checkPageSchema,
        example: { data: [checkExample], nextCursor: null },
      },
    },
    handle: (ctx, { query }) => listChecks(ctx, query),
    respond: ({ data, nextCursor }) => ok({ data: data.map(presentCheck), nextCursor }),
  }),
];
