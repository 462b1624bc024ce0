import { z } from '@hono/zod-openapi';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { serverErrors } from '../../../src/kernel/core/index.ts';
import { buildOpenApiDocument } from '../../../src/platform/docs/index.ts';
import { createHttpApp, defineRoute, noContent, ok, type Route } from '../../../src/platform/http/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';

const SECRET = 'postgres://admin:hunter2@10.0.0.7/db';
const common = {
  tag: 'Test',
  summary: 'A route of this test',
  access: { kind: 'public', reason: 'a test' },
  limit: 'api',
  success: { 200: { description: 'Fine', schema: z.unknown(), example: {} } },
} as const;

/** Number of chunks that were read of a streamed body. */
let pulled = 0;

const routes: readonly Route[] = [
  defineRoute({
    ...common,
    method: 'get',
    path: '/fine',
    operationId: 'fine',
    handle: async (ctx) => ({ requestId: ctx.origin.requestId, traceparent: ctx.trace.traceparent }),
    respond: (result) => ok(result),
  }),
  defineRoute({
    ...common,
    method: 'get',
    path: '/defect',
    operationId: 'defect',
    handle: async () => {
      throw new Error(`could not connect to ${SECRET}`, { cause: { query: 'select secret from vault' } });
    },
    respond: () => noContent(),
  }),
  defineRoute({
    ...common,
    method: 'get',
    path: '/odd-defect',
    operationId: 'oddDefect',
    // eslint-disable-next-line typescript/only-throw-error -- a library may throw anything
    handle: () => Promise.reject(SECRET),
    respond: () => noContent(),
  }),
  defineRoute({
    ...common,
    method: 'get',
    path: '/refused',
    operationId: 'refused',
    handle: async () => {
      throw serverErrors.unavailable({ detail: 'busy', retryAfterSeconds: 7, cause: new Error(SECRET) });
    },
    respond: () => noContent(),
  }),
  defineRoute({
    ...common,
    method: 'get',
    path: '/endless',
    operationId: 'endless',
    timeLimitSeconds: 0.05,
    handle: () => new Promise<never>(() => undefined),
    respond: () => noContent(),
  }),
  defineRoute({
    ...common,
    method: 'get',
    path: '/afterwards',
    operationId: 'afterwards',
    handle: async (ctx) => {
      ctx.after('tidy', async () => {
        throw new Error('the tidying failed');
      });
      return {};
    },
    respond: (result) => ok(result),
  }),
  defineRoute({
    ...common,
    method: 'get',
    path: '/old',
    operationId: 'old',
    deprecated: {
      since: '2026-01-01T00:00:00Z',
      sunset: '2026-12-31T23:59:59Z',
      link: 'https://auralink.example/changes#old',
    },
    handle: async () => ({}),
    respond: (result) => ok(result),
  }),
  defineRoute({
    ...common,
    method: 'post',
    path: '/bodies',
    operationId: 'bodies',
    body: {
      schema: z.strictObject({
        name: z.string().max(1_000),
        'a/b~c': z.number().optional(),
        list: z.array(z.strictObject({ id: z.string() })).optional(),
      }),
      example: { name: 'x' },
    },
    bodyLimitBytes: 2_048,
    handle: async (_ctx, { body }) => body,
    respond: (result) => ok(result),
  }),
];

let product: TestApp;
let app: ReturnType<typeof createHttpApp>;

beforeAll(() => {
  product = createTestApp();
  app = createHttpApp(routes, {
    services: product.services,
    guard: {
      authenticate: () => Promise.reject(serverErrors.internal()),
      authenticateKey: () => Promise.reject(serverErrors.internal()),
      forget: () => false,
      authenticateOperator: () => Promise.reject(serverErrors.internal()),
      limitsFor: () => [],
      limitsForFailedAuthentication: async () => [],
    },
    publishEvents: async () => undefined,
    onRequest: (event) => product.services.log.info('http.request', event),
  });
});
beforeEach(() => {
  product.log.length = 0;
  pulled = 0;
});

async function send(path: string, init: RequestInit & { duplex?: 'half' } = {}) {
  const pending: Promise<unknown>[] = [];
  const context = {
    waitUntil: (work: Promise<unknown>) => void pending.push(work),
    passThroughOnException: () => undefined,
    props: {},
  };
  const response = await app.fetch(new Request(`http://auralink.test${path}`, init), {}, context);
  const text = await response.text();
  await Promise.all(pending);
  const { status, headers } = response;
  return {
    status,
    headers,
    text,
    body: text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>),
  };
}

const post = (body: BodyInit, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  send('/bodies', { method: 'POST', body, headers, duplex: 'half' });

describe('every response', () => {
  it.each([
    ['/fine', 'GET', 200],
    ['/nowhere', 'GET', 404],
    ['/fine', 'DELETE', 405],
    ['/defect', 'GET', 500],
    ['/refused', 'GET', 503],
    ['/endless', 'GET', 504],
    ['/%E0%A4%A', 'GET', 404],
  ])('%s %s: %i, with the security headers and a request id', async (path, method, status) => {
    const answer = await send(path, { method });
    expect(answer.status).toBe(status);
    const headers = Object.fromEntries(answer.headers);
    expect(headers).toMatchObject({
      'strict-transport-security': expect.stringMatching(/max-age=\d{8}/) as string,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'cache-control': 'no-store',
      vary: 'Origin',
    });
    expect(headers['x-request-id']).toMatch(/^req_/);
    if (status < 400) return;
    expect(headers['content-type']).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ status, requestId: headers['x-request-id'], instance: path });
  });

  it('a 405 names the methods of the path', async () => {
    expect((await send('/bodies')).headers.get('allow')).toBe('POST');
    expect((await send('/fine', { method: 'DELETE' })).headers.get('allow')).toBe('GET, HEAD');
  });

  it('HEAD is answered like GET, without the body', async () => {
    const answer = await send('/fine', { method: 'HEAD' });
    expect([answer.status, answer.text]).toEqual([200, '']);
  });
});

describe('a defect', () => {
  it.each(['/defect', '/odd-defect'])(
    '%s is answered with an opaque 500 and logged in full',
    async (path) => {
      const answer = await send(path);
      expect(answer.status).toBe(500);
      expect(Object.keys(answer.body!).sort()).toEqual([
        'code',
        'instance',
        'requestId',
        'status',
        'title',
        'type',
      ]);
      expect(answer.body!.code).toBe('server.internal');
      expect(answer.text).not.toMatch(/hunter2|10\.0\.0\.7|select|stack|Error|at /);
      const { fields } = product.log.find(({ event }) => event === 'http.request')!;
      expect(JSON.stringify(fields.error, Object.getOwnPropertyNames(Object(fields.error)))).toContain(
        'hunter2',
      );
      expect(fields.requestId).toBe(answer.body!.requestId);
    },
  );

  it('an error has its detail and Retry-After, and its cause is only logged', async () => {
    const answer = await send('/refused');
    expect(answer.headers.get('retry-after')).toBe('7');
    expect(answer.body).toMatchObject({ code: 'server.unavailable', detail: 'busy' });
    expect(answer.text).not.toContain('hunter2');
    expect(product.log[0]!.fields.cause).toBeInstanceOf(Error);
  });

  it('a handler that exceeds its time limit is answered 504', async () => {
    expect((await send('/endless')).body).toMatchObject({ code: 'request.timeout', detail: '0.05 s' });
  });

  it('a failure after the response is logged and changes nothing', async () => {
    expect((await send('/afterwards')).status).toBe(200);
    const line = product.log.find(({ event }) => event === 'after.failed');
    expect(line).toMatchObject({ level: 'error', fields: { name: 'tidy' } });
    expect((line!.fields.error as Error).message).toBe('the tidying failed');
  });
});

describe('the origin', () => {
  it.each(['req-12345678', 'A.b_c-d0123', 'x'.repeat(128)])('accepts the request id %s', async (id) => {
    const answer = await send('/fine', { headers: { 'x-request-id': id } });
    expect(answer.headers.get('x-request-id')).toBe(id);
    expect(answer.body).toMatchObject({ requestId: id });
  });

  it.each([
    'short',
    'x'.repeat(129),
    'has space here',
    '<script>alert(1)',
    '../../etc/passwd',
    '-leading-dash',
  ])('replaces the request id %j', async (id) => {
    const answer = await send('/fine', { headers: { 'x-request-id': id } });
    expect(answer.headers.get('x-request-id')).toMatch(/^req_/);
  });

  it('continues a well-formed trace with a new span, and starts a new trace otherwise', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const traceOf = async (traceparent: string) =>
      (await send('/fine', { headers: { traceparent } })).body!.traceparent as string;
    const continued = await traceOf(`00-${traceId}-b7ad6b7169203331-01`);
    expect(continued).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
    expect(continued).not.toContain('b7ad6b7169203331');
    for (const odd of [
      `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
      `01-${traceId}-b7ad6b7169203331-01`,
      'junk',
    ])
      expect(await traceOf(odd)).not.toContain(traceId);
  });
});

describe('CORS', () => {
  const from = (origin: string, init: RequestInit = {}) => ({
    ...init,
    headers: { origin, 'access-control-request-method': 'POST' },
  });

  it('an allowed origin may read the response and its headers, without cookies', async () => {
    const { headers } = await send('/fine', from('https://app.auralink.test'));
    expect(headers.get('access-control-allow-origin')).toBe('https://app.auralink.test');
    expect(headers.get('access-control-expose-headers')).toContain('RateLimit');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
    expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  });

  it.each(['https://evil.test', 'https://app.auralink.test.evil.test', 'http://app.auralink.test', 'null'])(
    '%s gets no CORS headers, on a response and on a preflight',
    async (origin) => {
      for (const method of ['GET', 'OPTIONS']) {
        const { headers } = await send('/fine', from(origin, { method }));
        expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
        expect(headers.get('vary')).toBe('Origin');
      }
    },
  );

  it('a preflight names the methods of the path and the accepted headers, never *', async () => {
    const { status, headers, text } = await send(
      '/bodies',
      from('https://app.auralink.test', { method: 'OPTIONS' }),
    );
    expect([status, text]).toEqual([204, '']);
    expect(headers.get('access-control-allow-methods')).toBe('POST');
    for (const name of [
      'Idempotency-Key',
      'If-None-Match',
      'traceparent',
      'tracestate',
      'baggage',
      'sentry-trace',
    ])
      expect(headers.get('access-control-allow-headers')!.split(', ')).toContain(name);
    expect(headers.get('access-control-max-age')).toBe('86400');
    expect([...headers.values()].join()).not.toContain('*');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('request bodies', () => {
  /** A body without a declared length; counts the chunks that are read. */
  const stream = (chunks: number, bytes: number) =>
    new ReadableStream(
      {
        pull(controller) {
          if (++pulled > chunks) controller.close();
          else controller.enqueue(new Uint8Array(bytes).fill(0x20));
        },
      },
      { highWaterMark: 0 },
    );

  it('over the limit are refused before they are read when their length is declared', async () => {
    const headers = { 'content-type': 'application/json', 'content-length': '4096' };
    const answer = await post(stream(1_000, 1_024), headers);
    expect([answer.status, answer.body!.code]).toEqual([413, 'request.body_too_large']);
    expect(pulled).toBeLessThanOrEqual(1);
  });

  it('over the limit are refused at the limit when their length is not declared', async () => {
    const answer = await post(stream(1_000, 1_024));
    expect(answer.status).toBe(413);
    expect(pulled).toBeLessThanOrEqual(5);
  });

  it('of another media type are refused, JSON with parameters is accepted', async () => {
    expect((await post('name=x', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(415);
    expect((await post('{}', { 'content-type': 'application/jsonp' })).status).toBe(415);
    const fine = await post('{"name":"x"}', { 'content-type': 'Application/JSON; charset=utf-8' });
    expect(fine.status).toBe(200);
  });

  it.each(['{', '{"name":}', '[1,]', 'undefined', '{"name":"x"}}'])('%s is malformed', async (text) => {
    const answer = await post(text);
    expect([answer.status, answer.body!.code]).toEqual([400, 'request.malformed_json']);
  });

  it('that are invalid get an error for every field, by JSON pointer', async () => {
    const answer = await post(
      JSON.stringify({ 'a/b~c': 'no', list: [{ id: 'ok' }, { id: 3, extra: true }], 'odd/name': 1 }),
    );
    expect(answer.status).toBe(400);
    const pointers = (answer.body!.errors as { pointer: string }[]).map(({ pointer }) => pointer);
    expect(pointers.toSorted()).toEqual(['/a~1b~0c', '/list/1/extra', '/list/1/id', '/name', '/odd~1name']);
  });

  it('are answered with at most 50 errors', async () => {
    const fields = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`f${index}`, 1]));
    expect((await post(JSON.stringify(fields))).body!.errors).toHaveLength(50);
  });

  it('cannot change a prototype', async () => {
    const answer = await post('{"name":"x","__proto__":{"admin":true}}');
    expect(answer.status).toBe(400);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });
});

describe('a deprecated route', () => {
  it('announces its dates and its replacement in responses and in the OpenAPI document', async () => {
    const { headers } = await send('/old');
    expect(headers.get('deprecation')).toBe('@1767225600');
    expect(headers.get('sunset')).toBe('Thu, 31 Dec 2026 23:59:59 GMT');
    expect(headers.get('link')).toBe('<https://auralink.example/changes#old>; rel="deprecation"');
    expect((await send('/fine')).headers.get('deprecation')).toBeNull();
    const document = buildOpenApiDocument(routes, 'http://auralink.test') as {
      paths: Record<string, { get: object }>;
    };
    expect(document.paths['/old']!.get).toMatchObject({ deprecated: true });
    expect(document.paths['/fine']!.get).not.toHaveProperty('deprecated');
  });
});
