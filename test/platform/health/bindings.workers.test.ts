import { env as bindings } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { createWorkerEnv } from '../../support/worker-env.ts';
import { getServices } from '../../../workers/context.ts';

it('readiness checks the real bindings of database, queue and object storage', async () => {
  const { env } = createWorkerEnv({ OUTBOX: bindings.OUTBOX });
  const services = getServices(env);
  const dependencies = await services.ports.health.dependencies(services);
  const found = Object.fromEntries(dependencies.map(({ name, status }) => [name, status]));
  expect(found).toEqual({
    database: 'ok',
    queue: 'ok',
    object_storage: 'ok',
    mail: 'ok',
    livekit: 'not_configured',
    compression: 'not_configured',
    speech: 'not_configured',
    ai_provider: 'not_configured',
  });
});
