import { beforeAll, expect, it } from 'vitest';
import { routes } from '../../../workers/http.ts';
import { prepared } from './prepared.ts';
import { call, createWorld, credentialFor, ownParams, type World } from './world.ts';

let world: World;

beforeAll(async () => {
  world = await createWorld();
});

const idempotent = routes.filter((route) => route.idempotent);

it.each(idempotent.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const))(
  '%s: answers the same idempotency key with the first answer',
  async (_name, route) => {
    const person = await world.app.person();
    const usual = {
      token: credentialFor(route, world, person),
      params: await ownParams(route, world, person),
    };
    const special = await prepared[route.operationId]?.(world);
    const options = {
      ...usual,
      ...special,
      headers: { ...special?.headers, 'idempotency-key': crypto.randomUUID() },
    };
    const [first, again] = [await call(route, world, options), await call(route, world, options)];
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
