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
/** As long as a check's result is kept. */
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
    summary: 'Get service information',
    description: 'Returns name, version and environment of the service. Checks no dependency.',
    access,
    limit: 'health',
    success: {
      200: {
        description: 'Name, version and environment of the service.',
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
    summary: 'Check liveness',
    description: 'Answers as long as the process runs. Checks no dependency.',
    access,
    limit: 'health',
    success: {
      200: { description: 'The process runs.', schema: livenessSchema, example: { status: 'alive' } },
    },
    handle: async () => ({ status: 'alive' }),
    respond: (view) => ok(view),
  }),
  defineRoute({
    method: 'get',
    path: '/readiness',
    operationId: 'getReadiness',
    tag,
    summary: 'Check readiness',
    description:
      'Reports each dependency and whether the service can take traffic. Each check has a time limit of 2 seconds and its result is reused for 5 seconds.',
    access,
    limit: 'health',
    success: {
      200: {
        description: 'Every required dependency is available.',
        schema: readinessSchema,
        example: readinessExample,
      },
      503: {
        description: 'A required dependency is not available.',
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
    summary: 'Get metrics',
    description:
      'Returns metrics in the Prometheus text format. Series named `auralink_isolate_…` are counts of the isolate ' +
      'that answers, since its start; the label `isolate` has its name. All other series are read from the ' +
      'database, and every isolate returns the same.',
    access: { kind: 'operator' },
    limit: 'health',
    success: {
      200: { description: 'Metrics in the Prometheus text format 0.0.4.', mediaTypes: ['text/plain'] },
    },
    handle: (ctx) => readMetrics(ctx),
    respond: (content) => ({
      status: 200,
      raw: { content, type: 'text/plain; version=0.0.4; charset=utf-8' },
    }),
  }),
];
