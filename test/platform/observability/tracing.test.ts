import { organizationUpdated } from '../../../src/identity/organizations/index.ts';
import { subscribe } from '../../../src/kernel/delivery/index.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock, UnrecordedTrace } from '../../../src/kernel/core/index.ts';
import { createTelemetry, createTracedFetch } from '../../../src/platform/observability/index.ts';
import { runCron } from '../../../workers/cron.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { attribute, type Collector, startCollector } from './collector.ts';

const CALLER = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const traceparent = `00-${CALLER.traceId}-${CALLER.spanId}-01`;

let collector: Collector;
let app: TestApp;
let person: Person;

beforeAll(async () => {
  collector = await startCollector();
  app = createTestApp(
    {},
    {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-collector-key=abc%3D1,x-team=calls',
    },
  );
  person = await app.person();
});
afterAll(() => collector.close());
beforeEach(() => {
  collector.requests.length = 0;
  collector.behaviour = 'take';
});

const rename = (headers: Record<string, string> = { traceparent }) =>
  app.send('PATCH', `/api/v1/organizations/${person.organizationId}`, {
    token: person.token,
    body: { name: 'Traced' },
    headers,
  });

const failedSpans = () => {
  const line = app.services.telemetry.counters
    .render('i')
    .split('\n')
    .find((each) => each.includes('spans_total') && each.includes('outcome="failed"'));
  return Number(line?.split(' ').at(-1) ?? 0);
};

describe('the trace of a request', () => {
  it('is sent to the collector as OTLP JSON, with its resource and the configured headers', async () => {
    await rename();
    const [request] = collector.requests;
    expect(request!.path).toBe('/v1/traces');
    expect(request!.headers).toMatchObject({
      'content-type': 'application/json',
      'x-collector-key': 'abc=1',
      'x-team': 'calls',
    });
    expect(request!.body.resourceSpans[0]!.resource.attributes).toContainEqual({
      key: 'service.name',
      value: { stringValue: 'auralink' },
    });
    for (const span of collector.spans()) {
      expect(span.traceId).toMatch(/^[0-9a-f]{32}$/);
      expect(span.spanId).toMatch(/^[0-9a-f]{16}$/);
      expect(span.startTimeUnixNano).toMatch(/^\d{19}$/);
      expect(BigInt(span.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(span.startTimeUnixNano));
    }
  });

  it('has a server span under the span of the caller, and a client span per round trip', async () => {
    await rename();
    const [server, ...children] = collector.spans();
    expect(server).toMatchObject({
      traceId: CALLER.traceId,
      parentSpanId: CALLER.spanId,
      name: 'PATCH /api/v1/organizations/{organizationId}',
      kind: 2,
    });
    expect(attribute(server!, 'http.response.status_code')).toBe('200');
    expect(attribute(server!, 'auralink.organization_id')).toBe(person.organizationId);
    expect(children.map(({ name }) => name)).toEqual(['db.read', 'db.commit']);
    for (const child of children)
      expect(child).toMatchObject({
        traceId: CALLER.traceId,
        parentSpanId: server!.spanId,
        kind: 3,
        status: {},
      });
    expect(new Set(collector.spans().map(({ spanId }) => spanId)).size).toBe(3);
  });

  it('is a new trace when the caller has none', async () => {
    await rename({});
    const [server] = collector.spans();
    expect(server).not.toHaveProperty('parentSpanId');
    expect(server!.traceId).not.toBe(CALLER.traceId);
  });

  it('is not recorded when the caller asks not to record it', async () => {
    await rename({ traceparent: traceparent.replace(/01$/, '00') });
    expect(collector.requests).toEqual([]);
  });

  it('continues through the outbox: the span of a delivery is a child of the request that caused the event', async () => {
    const subscriptions = [subscribe(organizationUpdated, 'test.subscriber', async () => undefined)];
    await app.drain(subscriptions);
    collector.requests.length = 0;
    await rename();
    const [server] = collector.spans();
    collector.requests.length = 0;
    await app.drain();
    const find = () => collector.spans().find(({ name }) => name === 'test.subscriber');
    await expect.poll(find).toBeDefined();
    expect(find()).toMatchObject({ traceId: CALLER.traceId, parentSpanId: server!.spanId, kind: 5 });
  });

  it('is recorded for scheduled tasks, with their round trips', async () => {
    const pending: Promise<unknown>[] = [];
    const entries = [{ name: 'nothing', everyMinutes: 1, run: async () => undefined }];
    await runCron(app.services, 0, (work) => void pending.push(work), entries);
    await Promise.all(pending);
    expect(collector.spans()).toMatchObject([{ name: 'cron nothing', kind: 1 }]);
  });
});

describe('a collector that fails', () => {
  it('does not affect requests: the loss is counted', async () => {
    collector.behaviour = 'refuse';
    const before = failedSpans();
    expect((await rename()).status).toBe(200);
    expect(failedSpans() - before).toBe(3);
    expect(app.log.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('is abandoned after its time limit, and buffered spans are bounded', async () => {
    collector.behaviour = 'hang';
    const pending: Promise<unknown>[] = [];
    const telemetry = createTelemetry({
      clock: systemClock,
      ids: app.services.ids,
      sampleRate: 1,
      collector: { endpoint: collector.url, headers: {}, resource: {}, delayMs: 0, timeLimitMs: 50 },
    });
    for (let request = 0; request < 3_000; request++)
      telemetry.tracer
        .begin({ traceparent, parentSpanId: null, name: 'GET /', kind: 'server' })
        .end({ failed: false, remarkable: false, attributes: {} }, (work) => void pending.push(work));
    await Promise.all(pending);
    expect(pending).toHaveLength(1);
    const counted = telemetry.counters.render('i');
    expect(counted).toContain('outcome="dropped"} 952');
    expect(counted).toContain('outcome="failed"} 2048');
  });
});

describe('calls to providers', () => {
  it('pass the trace on, as a span with method, host and status, without path or query', async () => {
    const pending: Promise<unknown>[] = [];
    const telemetry = createTelemetry({
      clock: systemClock,
      ids: app.services.ids,
      sampleRate: 0,
      collector: { endpoint: collector.url, headers: {}, resource: {}, delayMs: 0 },
    });
    const trace = telemetry.tracer.begin({ traceparent, parentSpanId: null, name: 'GET /', kind: 'server' });
    const seen: (string | null)[] = [];
    const call = createTracedFetch(trace, 'mail', async (_url, init) => {
      seen.push(new Headers(init?.headers).get('traceparent'), new Headers(init?.headers).get('x-own'));
      return new Response(null, { status: 202 });
    });
    await call('https://mail.example/emails?to=zoe@example.com', {
      method: 'POST',
      headers: { 'x-own': '1' },
    });
    trace.end({ failed: true, remarkable: true, attributes: {} }, (work) => void pending.push(work));
    await Promise.all(pending);
    const span = collector.spans().find(({ name }) => name === 'mail POST')!;
    expect(seen).toEqual([`00-${CALLER.traceId}-${span.spanId}-01`, '1']);
    expect(span).toMatchObject({ parentSpanId: CALLER.spanId, kind: 3 });
    expect(attribute(span, 'http.response.status_code')).toBe('202');
    expect(attribute(span, 'server.address')).toBe('mail.example');
    // A name that no random hexadecimal id contains.
    expect(JSON.stringify(collector.requests)).not.toContain('zoe');
  });

  it('pass the trace on also when nothing is recorded', async () => {
    let seen: string | null = null;
    const call = createTracedFetch(new UnrecordedTrace(traceparent), 'mail', async (_url, init) => {
      seen = new Headers(init?.headers).get('traceparent');
      return new Response(null);
    });
    await call('https://mail.example/');
    expect(seen).toBe(traceparent);
  });

  it('mark the span of a failed call', async () => {
    const pending: Promise<unknown>[] = [];
    const telemetry = createTelemetry({
      clock: systemClock,
      ids: app.services.ids,
      sampleRate: 1,
      collector: { endpoint: collector.url, headers: {}, resource: {}, delayMs: 0 },
    });
    const trace = telemetry.tracer.begin({ traceparent, parentSpanId: null, name: 'GET /', kind: 'server' });
    const call = createTracedFetch(trace, 'mail', () => Promise.reject(new TypeError('refused')));
    await expect(call('https://mail.example/')).rejects.toThrow('refused');
    trace.end({ failed: false, remarkable: false, attributes: {} }, (work) => void pending.push(work));
    await Promise.all(pending);
    expect(collector.spans().find(({ name }) => name === 'mail GET')!.status).toEqual({ code: 2 });
  });
});
