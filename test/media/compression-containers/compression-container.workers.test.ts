import { evictDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { setServicesResolver } from '../../../durable-objects/resolve-services.ts';
import { createContainerInstances } from '../../../durable-objects/stubs.ts';
import { getServices } from '../../../workers/context.ts';
import { createWorkerEnv } from '../../support/worker-env.ts';

setServicesResolver(() => getServices(createWorkerEnv().env));

it('an instance says that it is not available where the runtime has no container, also after its object was evicted', async () => {
  const instances = createContainerInstances(env.COMPRESSION_CONTAINER);
  const ask = async () => {
    const response = await instances.fetch(0, new Request('http://instance/objects/a'));
    return [response.status, await response.json(), await instances.isHealthy(0)];
  };
  const answer = [503, { status: 'unavailable', detail: 'the runtime has no container' }, false];
  expect(await ask()).toEqual(answer);
  await evictDurableObject(env.COMPRESSION_CONTAINER.getByName('instance-0'));
  expect(await ask()).toEqual(answer);
});
