import { beforeAll, describe, expect, it } from 'vitest';
import { momentSchema } from '../../../src/kernel/core/index.ts';
import type { Route } from '../../../src/platform/http/index.ts';
import { routes } from '../../../workers/http.ts';
import { buildDocument, listEndpoints, listInnerSchemas, type Schema } from '../api/document.ts';
import { callRoute, createParams, createWorld, getCredential, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});

const document = buildDocument();

/** JSON pointers of the date-times in a schema. */
function findMoments(schema: Schema, pointer: string): string[] {
  const name = schema.$ref?.split('/').at(-1);
  if (name !== undefined) return findMoments(document.components.schemas[name]!, pointer);
  if (schema.format === 'date-time') return [pointer];
  const named = Object.entries(schema.properties ?? {});
  const others = listInnerSchemas({ ...schema, properties: {} }).map(
    (inner) => [inner === schema.items ? '0' : '', inner] as const,
  );
  return [...named, ...others].flatMap(([key, inner]) =>
    findMoments(inner, key === '' ? pointer : `${pointer}/${key}`),
  );
}

/** Every moment that a caller can send, by route: in the query or in the body. */
const moments = listEndpoints(document).flatMap(({ operation }) => {
  const route = routes.find(({ operationId }) => operationId === operation.operationId)!;
  const inQuery = (operation.parameters ?? [])
    .filter(({ in: place, schema }) => place === 'query' && schema.format === 'date-time')
    .map(({ name }) => [`${operation.operationId} ?${name}`, route, '?', name] as const);
  const body = operation.requestBody?.content['application/json']?.schema;
  const inBody = body ? findMoments(body, '') : [];
  return [
    ...inQuery,
    ...inBody.map((pointer) => [`${operation.operationId} ${pointer}`, route, '/', pointer] as const),
  ];
});

function setAt(body: unknown, pointer: string, value: unknown): unknown {
  const isInList = pointer.startsWith('/0/') && !Array.isArray(body);
  const copy = structuredClone(isInList ? [body] : body) as Record<string, never>;
  const path = pointer.slice(1).split('/');
  const last = path.pop()!;
  const parent = path.reduce<Record<string, never>>((each, key) => (each[key] ??= {} as never), copy);
  parent[last] = value as never;
  return copy;
}

async function sendMoment(route: Route, place: '?' | '/', name: string, moment: string) {
  const params = await createParams(route, world, world.owner);
  const token = getCredential(route, world, world.owner);
  if (place === '/')
    return callRoute(route, world, { token, params, body: setAt(route.body!.example, name, moment) });
  return callRoute(route, world, {
    token,
    params,
    query: `?${name}=${encodeURIComponent(moment)}`,
    ...(route.body ? { body: route.body.example } : {}),
  });
}

const OUT_OF_RANGE = ['0000-01-01T00:00:00Z', '0001-01-01T00:00:00+23:59', '9999-12-31T23:59:59-23:59'];
const AT_THE_EDGE = ['0001-01-01T00:00:00Z', '1970-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z'];

it('moments are found in queries and in bodies', () => {
  expect(new Set(moments.map(([, , place]) => place))).toEqual(new Set(['?', '/']));
  expect(moments.length).toBeGreaterThan(10);
});

/** A sample at an impossible time is dropped and counted, and refuses no other; see `store-samples.test.ts`. */
const isOfSample = (pointer: string) => pointer.startsWith('/samples/');

describe('a moment', () => {
  it.each(moments.filter(([, , , pointer]) => !isOfSample(pointer)))(
    '%s: outside of the years 1 to 9999 is 400 and named',
    async (_name, route, place, name) => {
      for (const moment of OUT_OF_RANGE) {
        const answer = await sendMoment(route, place, name, moment);
        expect([moment, answer.status]).toEqual([moment, 400]);
        const pointers = (answer.body.errors as { pointer: string }[]).map(({ pointer }) => pointer);
        expect(pointers).toContain(place === '?' ? `#/query/${name}` : name);
      }
    },
  );

  it.each(moments)('%s: at the edge of those years never fails', async (_name, route, place, name) => {
    for (const moment of AT_THE_EDGE) {
      expect(momentSchema.safeParse(moment).success).toBe(true);
      const answer = await sendMoment(route, place, name, moment);
      expect([moment, answer.status < 500]).toEqual([moment, true]);
    }
  });

  it.each(moments)('%s: may have an offset', async (_name, route, place, name) => {
    const answer = await sendMoment(route, place, name, '2096-12-01T09:00:00+05:30');
    const pointers = (answer.body?.errors ?? []).map(({ pointer }: { pointer: string }) => pointer);
    expect(pointers).not.toContain(place === '?' ? `#/query/${name}` : name);
    expect(answer.status).toBeLessThan(500);
  });
});

it('an export of audit entries at the edge of the years succeeds', async () => {
  const { token } = world.owner;
  for (const format of ['csv', 'jsonl', 'bundle'] as const) {
    const body = { format, from: '0001-01-01T00:00:00Z', to: '9999-12-31T23:59:59.999Z' };
    const begun = await world.app.send('POST', '/api/v1/audit/logs/export', { token, body });
    expect(begun.status).toBe(202);
    await world.app.drain();
    const operation = await world.app.send('GET', begun.headers.get('location')!, { token });
    expect([format, operation.body.status]).toEqual([format, 'succeeded']);
  }
});

it('the schedule of a room takes an offset and shows the moment in UTC', async () => {
  const schedule = { startsAt: '2096-12-01T09:00:00+05:30', durationSeconds: 3600, timeZone: 'Asia/Kolkata' };
  const room = await world.app.send('POST', '/api/v1/rooms', {
    token: world.owner.token,
    body: { name: 'Planning', schedule },
  });
  expect(room.body.schedule.startsAt).toBe('2096-12-01T03:30:00.000Z');
});
