import { beforeAll, expect, it } from 'vitest';
import { routes } from '../../../workers/http.ts';
import { preparations } from './preparations.ts';
import { callRoute, createWorld, getCredential, createParams, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await createWorld();
});

/** What a model answers is in no database: a repeated request gets the generation instead, which its own test proves. */
const WITHOUT_STORED_ANSWER = ['createBatch', 'createGeneration', 'sendAgentMessage', 'decideAgentCalls'];

const idempotent = routes.filter(
  (route) => route.idempotent && !WITHOUT_STORED_ANSWER.includes(route.operationId),
);

it.each(idempotent.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const))(
  '%s: answers the same idempotency key with the first answer',
  async (_name, route) => {
    const person = await world.app.person();
    const defaults = {
      token: getCredential(route, world, person),
      params: await createParams(route, world, person),
    };
    const overrides = await preparations[route.operationId]?.(world);
    const options = {
      ...defaults,
      ...overrides,
      headers: { ...overrides?.headers, 'idempotency-key': crypto.randomUUID() },
    };
    const [first, again] = [await callRoute(route, world, options), await callRoute(route, world, options)];
    expect([first.status, first.body]).toEqual([
      expect.toSatisfy((status: number) => status in route.success),
      first.body,
    ]);
    expect([again.status, again.body, again.headers.get('idempotent-replayed')]).toEqual([
      first.status,
      first.body,
      'true',
    ]);
  },
);
