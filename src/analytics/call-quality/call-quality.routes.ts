import { defineRoute, ok, type Route } from '../../platform/http/index.ts';
import { presentCallQuality } from './call-quality.present.ts';
import { callQualityExample, callQualityQuerySchema, callQualitySchema } from './call-quality.schemas.ts';
import { getQualityAnalytics } from './get-call-quality.ts';

export const callQualityRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/api/v1/analytics/call-quality',
    operationId: 'getCallQualityAnalytics',
    tag: 'Analytics',
    summary: 'Get call quality analytics',
    description:
      "Returns how well participants of the organization's calls received each other in a range, compared with " +
      'the period before. It is grouped by connection, region, cause, device or codec. Figures follow within a ' +
      'minute after a call has ended, and within six minutes when a client reports later.',
    access: { kind: 'permission', permission: 'analytics:read' },
    limit: 'api',
    query: callQualityQuerySchema,
    success: {
      200: {
        description: 'The quality of the range',
        schema: callQualitySchema,
        example: callQualityExample,
      },
    },
    handle: (ctx, { query }) => getQualityAnalytics(ctx, query),
    respond: (quality) => ok(presentCallQuality(quality)),
  }),
];
