import { describe, expect, it } from 'vitest';
import type { RequestDataPoint, RequestEvent } from '../../../src/platform/observability/index.ts';
import { createObserver, createTelemetry } from '../../../src/platform/observability/index.ts';
import { createTestApp } from '../../support/app.ts';

const trace = (lastDigits: string) => `00-${'1'.repeat(24)}${lastDigits}-${'2'.repeat(16)}-01`;

function observed(sampleRate: number, write: (point: RequestDataPoint) => void = () => undefined) {
  const app = createTestApp();
  const { counters } = createTelemetry({ clock: app.clock, ids: app.services.ids, sampleRate });
  const observe = createObserver({ log: app.services.log, counters, analytics: { write }, sampleRate });
  const event: RequestEvent = {
    requestId: 'req_1',
    traceparent: trace('80000000'),
    method: 'GET',
    route: '/x',
    operationId: 'x',
    status: 200,
    durationMs: 3,
    actorKind: 'user',
    actorId: 'usr_1',
    organizationId: 'org_1',
    roundTrips: 1,
    admitted: 1,
    refused: 0,
    degraded: 0,
  };
  return { app, observe, event };
}

describe('the wide event', () => {
  it('is written once per request, with actor, route, duration and round trips', async () => {
    const app = createTestApp();
    const person = await app.person();
    app.log.length = 0;
    await app.send('GET', `/api/v1/organizations/${person.organizationId}`, { token: person.token });
    expect(app.log).toHaveLength(1);
    expect(app.log[0]).toMatchObject({
      level: 'info',
      event: 'http.request',
      fields: {
        method: 'GET',
        route: '/api/v1/organizations/{organizationId}',
        operationId: 'getOrganization',
        status: 200,
        actorKind: 'user',
        actorId: person.userId,
        organizationId: person.organizationId,
        roundTrips: 1,
      },
    });
  });

  it('names the code of an error', async () => {
    const app = createTestApp();
    await app.send('GET', '/api/v1/organizations');
    expect(app.log[0]).toMatchObject({ level: 'info', fields: { status: 401, code: 'auth.required' } });
  });

  it('is written for a share of successful requests by trace id, and for every failed or slow one', () => {
    const { app, observe, event } = observed(0.5);
    observe({ ...event, traceparent: trace('7fffffff') });
    observe({ ...event, traceparent: trace('80000000') });
    observe({ ...event, traceparent: trace('ffffffff') });
    expect(app.log).toHaveLength(1);
    observe({ ...event, traceparent: trace('ffffffff'), status: 404 });
    observe({ ...event, traceparent: trace('ffffffff'), status: 500 });
    observe({ ...event, traceparent: trace('ffffffff'), durationMs: 1_000 });
    expect(app.log.map(({ level }) => level)).toEqual(['info', 'info', 'error', 'info']);
  });
});

describe('analytics', () => {
  it('get one point per request, sampled or not', () => {
    const points: RequestDataPoint[] = [];
    const { app, observe, event } = observed(0, (point) => void points.push(point));
    observe(event);
    observe({ ...event, status: 429, code: 'request.rate_limited' });
    expect(points).toEqual([
      {
        organizationId: 'org_1',
        route: '/x',
        method: 'GET',
        status: 200,
        code: '',
        durationMs: 3,
        roundTrips: 1,
      },
      expect.objectContaining({ status: 429, code: 'request.rate_limited' }),
    ]);
    expect(app.log).toHaveLength(1);
  });

  it('do not affect the request when they fail', () => {
    const { app, observe, event } = observed(1, () => {
      throw new Error('dataset is gone');
    });
    observe(event);
    expect(app.log.map((line) => line.event)).toEqual(['analytics.failed', 'http.request']);
  });
});
