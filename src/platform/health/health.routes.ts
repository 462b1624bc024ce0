import { defineRoute, ok, type Route } from '../http/index.ts';
import {
  serviceInfoSchema,
  livenessSchema,
  notReadyExample,
  readinessExample,
  readinessSchema,
  type ReadinessView,
} from './health.schemas.ts';
import { readServiceInfo, readMetrics, type Readiness, readReadiness } from './read-health.ts';

const tag = 'Health';
const access = { kind: 'public', reason: 'load balancers and monitors have no account' } as const;
/** As long as a finding is kept. */
const RETRY_SECONDS = '5';

function presentReadiness({ status, dependencies }: Readiness): ReadinessView {
  return {
    status,
    dependencies: dependencies.map(({ checkedAtMs, ...rest }) => ({
      ...rest,
      checkedAt: checkedAtMs === null ? null : new Date(checkedAtMs).toISOString(),
    })),
  };
}

export const healthRoutes: readonly Route[] = [
  defineRoute({
    method: 'get',
    path: '/health',
    operationId: 'getHealth',
    tag,
    summary: 'Say who answers',
    access,
    limit: 'health',
    success: {
      200: {
        description: 'Service, version and environment',
        schema: serviceInfoSchema,
        example: {
          status: 'ok',
          service: 'auralink',
          version: '0.1.0',
          environment: 'production',
          timestamp: '2026-01-05T09:30:00.000Z',
        },
      },
    },
    handle: async (ctx) => readServiceInfo(ctx),
    respond: (view) => ok(view),
  }),
  defineRoute({
    method: 'get',
    path: '/liveness',
    operationId: 'getLiveness',
    tag,
    summary: 'Say that the process runs',
    description: 'Asks nobody: it fails only when nothing answers at all.',
    access,
    limit: 'health',
    success: { 200: { description: 'Alive', schema: livenessSchema, example: { status: 'alive' } } },
    handle: async () => ({ status: 'alive' }),
    respond: (view) => ok(view),
  }),
  defineRoute({
    method: 'get',
    path: '/readiness',
    operationId: 'getReadiness',
    tag,
    summary: 'Say which dependencies answer',
    description:
      'Each dependency is asked within 2 s and at most every 5 s; in between the last finding is given.',
    access,
    limit: 'health',
    success: {
      200: {
        description: 'Every required dependency answers',
        schema: readinessSchema,
        example: readinessExample,
      },
      503: {
        description: 'A required dependency does not answer',
        schema: readinessSchema,
        example: notReadyExample,
      },
    },
    handle: (ctx) => readReadiness(ctx),
    respond: (readiness) =>
      readiness.status === 'not_ready'
        ? { status: 503, body: presentReadiness(readiness), headers: { 'Retry-After': RETRY_SECONDS } }
        : ok(presentReadiness(readiness)),
  }),
  defineRoute({
    method: 'get',
    path: '/metrics',
    operationId: 'getMetrics',
    tag,
    summary: 'Read the metrics, as Prometheus text',
    description:
      'Series named `auralink_isolate_…` are counts of the isolate that happens to answer, since it started, and carry its name as a label; the others are facts out of the database.',
    access: { kind: 'operator' },
    limit: 'health',
    success: { 200: { description: 'Prometheus text 0.0.4', mediaTypes: ['text/plain'] } },
    handle: (ctx) => readMetrics(ctx),
    respond: (content) => ({
      status: 200,
      raw: { content, type: 'text/plain; version=0.0.4; charset=utf-8' },
    }),
  }),
];
