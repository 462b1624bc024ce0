import { z } from '@hono/zod-openapi';
import { DEPENDENCY_STATUSES, READINESS_STATUSES, DEPENDENCY_TIERS } from './health.rules.ts';

export const serviceInfoSchema = z
  .object({
    status: z.literal('ok').openapi({ description: 'Always `ok`.' }),
    service: z.literal('auralink').openapi({ description: 'Name of the service.' }),
    version: z.string().openapi({ description: 'Version of the service.' }),
    environment: z
      .enum(['development', 'staging', 'production'])
      .openapi({ description: 'Environment of the service.' }),
    timestamp: z.iso.datetime().openapi({ description: 'Time of the response.' }),
  })
  .openapi('Health');

export const livenessSchema = z
  .object({ status: z.literal('alive').openapi({ description: 'Always `alive`.' }) })
  .openapi('Liveness');

export const dependencySchema = z
  .object({
    name: z.string().openapi({ description: 'Name of the dependency.' }),
    tier: z
      .enum(DEPENDENCY_TIERS)
      .openapi({ description: 'Whether the service can answer requests without it.' }),
    status: z.enum(DEPENDENCY_STATUSES).openapi({
      description: '`degraded`: it answers slowly or not as expected. `down`: it does not answer.',
    }),
    latencyMs: z
      .number()
      .nullable()
      .openapi({ description: 'Milliseconds that the check took; null when it was not checked.' }),
    checkedAt: z.iso
      .datetime()
      .nullable()
      .openapi({ description: 'Time of the check, at most 5 seconds ago; null when it was not checked.' }),
    breaker: z.enum(['closed', 'open', 'half_open']).nullable().openapi({
      description: 'State of the circuit breaker: `open` means that the dependency is not called for now.',
    }),
    detail: z.string().nullable().openapi({ description: 'What is wrong; null when it is healthy.' }),
    whenLost: z.string().openapi({ description: 'What the service does without it.' }),
  })
  .openapi('Dependency');

export const readinessSchema = z
  .object({
    status: z.enum(READINESS_STATUSES).openapi({
      description:
        '`not_ready`: a required dependency is down. `degraded`: another dependency is down or degraded.',
    }),
    dependencies: z.array(dependencySchema).openapi({ description: 'Every dependency of the service.' }),
  })
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
      whenLost: 'requests that read or write are answered with 503 and Retry-After',
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
