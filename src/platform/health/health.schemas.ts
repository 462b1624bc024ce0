import { z } from '@hono/zod-openapi';
import { DEPENDENCY_STATUSES, READINESS_STATUSES, DEPENDENCY_TIERS } from './health.rules.ts';

export const serviceInfoSchema = z
  .object({
    status: z.literal('ok'),
    service: z.literal('auralink'),
    version: z.string(),
    environment: z.enum(['development', 'staging', 'production']),
    timestamp: z.iso.datetime(),
  })
  .openapi('Health');

export const livenessSchema = z.object({ status: z.literal('alive') }).openapi('Liveness');

export const dependencySchema = z
  .object({
    name: z.string(),
    tier: z.enum(DEPENDENCY_TIERS),
    status: z.enum(DEPENDENCY_STATUSES),
    latencyMs: z.number().nullable().openapi({ description: 'Null when it was not asked' }),
    checkedAt: z.iso.datetime().nullable().openapi({ description: 'A finding is kept for 5 s' }),
    breaker: z.enum(['closed', 'open', 'half_open']).nullable(),
    detail: z.string().nullable(),
    whenLost: z.string().openapi({ description: 'What the product does without it' }),
  })
  .openapi('Dependency');

export const readinessSchema = z
  .object({ status: z.enum(READINESS_STATUSES), dependencies: z.array(dependencySchema) })
  .openapi('Readiness');
export type ReadinessView = z.output<typeof readinessSchema>;

export const readinessExample: ReadinessView = {
  status: 'ready',
  dependencies: [
    {
      name: 'database',
      tier: 'required',
      status: 'ok',
      latencyMs: 4,
      checkedAt: '2026-01-05T09:30:00.000Z',
      breaker: 'closed',
      detail: null,
      whenLost: 'routes that read or write answer 503 with Retry-After',
    },
  ],
};

export const notReadyExample: ReadinessView = {
  status: 'not_ready',
  dependencies: readinessExample.dependencies.map((dependency) => ({
    ...dependency,
    status: 'down',
    latencyMs: 2_000,
    breaker: 'open',
    detail: 'no answer within 2 s',
  })),
};
