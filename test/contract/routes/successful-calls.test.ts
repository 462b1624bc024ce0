import { beforeAll, describe, expect, it } from 'vitest';
import type { Route } from '../../../src/platform/http/index.ts';
import { routes } from '../../../workers/http.ts';
import { foldModules } from '../../../src/kernel/modules/index.ts';
import { modules } from '../../../src/modules.ts';
import type { TestResponse } from '../../support/app.ts';
import { ownerSql } from '../sql.ts';
import { preparations } from './preparations.ts';
import { callRoute, createWorld, getCredential, createParams, type World } from './world.ts';

let world: World;
interface CallOutcome {
  answer: TestResponse;
  event: Record<string, unknown>;
}
const outcomes = new Map<string, CallOutcome | Error>();

/** How the call of the route went. @throws what kept it from being made */
function getOutcome({ operationId }: Route): CallOutcome {
  const outcome = outcomes.get(operationId);
  if (!outcome || outcome instanceof Error) throw outcome ?? new Error(`${operationId} was not called`);
  return outcome;
}

/** Calls the route with success, as someone who has what it needs; each call has people of its own. */
async function callSuccessfully(route: Route): Promise<CallOutcome> {
  const { app } = world;
  const person = await app.person();
  const defaults = {
    token: getCredential(route, world, person),
    params: await createParams(route, world, person),
  };
  const overrides = await preparations[route.operationId]?.(world);
  const answer = await callRoute(route, world, { ...defaults, ...overrides });
  const event = app.log.findLast((each) => each.event === 'http.request')!.fields;
  return { answer, event };
}

beforeAll(async () => {
  world = await createWorld();
  for (const route of routes)
    outcomes.set(
      route.operationId,
      await callSuccessfully(route).catch((error: unknown) =>
        error instanceof Error ? error : new Error(String(error)),
      ),
    );
});

const cases = routes.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const);
const reads = cases.filter(([, { method }]) => method === 'get');
const writes = cases.filter(([, { method }]) => method !== 'get');

describe('a call that succeeds', () => {
  it.each(cases)('%s: answers with a status that its contract names', (_name, route) => {
    const { answer } = getOutcome(route);
    expect([answer.status, answer.body]).toEqual([
      expect.toSatisfy((status: number) => status in route.success),
      answer.body,
    ]);
  });

  // The answer to an upgrade is the socket's own.
  it.each(cases.filter(([, { success }]) => !(101 in success)))(
    '%s: carries the headers of every answer',
    (_name, route) => {
      const { headers, status } = getOutcome(route).answer;
      expect(headers.get('x-request-id')).toMatch(/^req_/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('strict-transport-security')).toContain('max-age=');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('ratelimit-policy')).not.toBeNull();
      expect(headers.get('ratelimit')).not.toBeNull();
      if (status === 201 || status === 202) expect(headers.get('location')).toMatch(/^\/api\/v1\//);
    },
  );

  it.each(cases.filter(([, { concurrency }]) => concurrency === true))(
    '%s: takes the ETag that reading gave, when both are at one path',
    (_name, { path }) => {
      const read = routes.find((route) => route.method === 'get' && route.path === path);
      if (read) expect(getOutcome(read).answer.headers.get('etag')).toMatch(/^"\d+"$/);
    },
  );

  it.each(reads)('%s: reads in one round trip, or in as many as it has a reason for', (_name, route) => {
    const { event } = getOutcome(route);
    expect(event.roundTrips).toBeLessThanOrEqual(route.roundTrips?.max ?? 1);
  });

  it.each(writes)('%s: writes in two round trips, or in as many as it has a reason for', (_name, route) => {
    const { event } = getOutcome(route);
    expect(event.roundTrips).toBeLessThanOrEqual(route.roundTrips?.max ?? 2);
  });

  it('states more round trips only where it makes them, with the reason', () => {
    const withStatedRoundTrips = routes.filter((route) => route.roundTrips !== undefined);
    const getDefaultRoundTrips = (route: Route) => (route.method === 'get' ? 1 : 2);
    expect(
      withStatedRoundTrips
        .filter((route) => route.roundTrips!.max <= getDefaultRoundTrips(route))
        .map((route) => route.operationId),
    ).toEqual([]);
    expect(withStatedRoundTrips.filter((route) => route.roundTrips!.reason.length < 20)).toEqual([]);
  });

  it('costs the round trips that are pinned', async () => {
    const lines = routes
      .map((route) => {
        const { roundTrips } = getOutcome(route).event as { roundTrips: number };
        return `| ${route.operationId} | ${route.method} | ${roundTrips} | ${route.roundTrips?.reason ?? ''} |`;
      })
      .sort();
    const table = [
      '| operation | method | round trips | why more |',
      '| --- | --- | --- | --- |',
      ...lines,
      '',
    ].join('\n');
    await expect(table).toMatchFileSnapshot('../__snapshots__/round-trips.md');
  });

  it('writes only events that a module defines', async () => {
    const rows = await ownerSql<{ type: string }>('select distinct type from outbox');
    const defined = new Set(foldModules(modules, 'events').map(({ type }) => type));
    expect(
      rows.map(({ type }) => type).filter((type) => !defined.has(type) && !type.startsWith('test.')),
    ).toEqual([]);
  });

  it('logs no defect', () => {
    expect(world.app.log.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('is not prepared without need: every preparation is for a route', () => {
    const ids = new Set(routes.map((route) => route.operationId));
    expect(Object.keys(preparations).filter((id) => !ids.has(id))).toEqual([]);
  });
});
