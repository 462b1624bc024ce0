import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { createApiClient } from './support/api-client.ts';
import { type Browser, openBrowser, requireBrowser } from './support/browser.ts';
import { api } from './support/product.ts';

/** The origin that `wrangler.toml` allows, and one that it does not. */
const ALLOWED = 'http://localhost:3000';
const OTHER = 'http://localhost:3999';

/** What tracing libraries add to each request of a page. */
const TRACING = {
  'sentry-trace': '0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1',
  baggage: 'sentry-environment=production,sentry-release=1.0.0',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  tracestate: 'congo=t61rcWkgMzE',
};

/** Its pages have no server of their own, so the browser does not know that they are of this machine. */
const FLAGS = ['--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests'];

let browser: Browser | undefined;
let token: string;

beforeAll(async () => {
  const client = createApiClient(api);
  const email = `page-${crypto.randomUUID()}@northwind.example`;
  const body = { email, password: 'violet-harbour-42-kites', name: 'A Page' };
  token = (await client.send('POST', '/api/v1/auth/signup', { body })).body.accessToken as string;
});

afterAll(() => browser?.close());

/** A page of the origin, without a server. */
async function openPage(context: TestContext, origin: string) {
  browser ??= await openBrowser(requireBrowser(context), FLAGS);
  const { page } = await browser.visit('about:blank');
  await page.route(`${origin}/`, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Page</title>' }),
  );
  await page.goto(`${origin}/`);
  /** What the page's own script can read of a response; `blocked` when the browser keeps it from the page. */
  const send = (method: string, path: string, headers: Record<string, string>, body?: string) =>
    page.evaluate(
      async ({ url, init }) => {
        try {
          const response = await fetch(url, init);
          return {
            status: response.status,
            requestId: response.headers.get('x-request-id'),
            rateLimit: response.headers.get('ratelimit'),
            etag: response.headers.get('etag'),
            body: await response.json<Record<string, unknown>>(),
          };
        } catch {
          return 'blocked';
        }
      },
      { url: `${api}${path}`, init: { method, headers, ...(body === undefined ? {} : { body }) } },
    );
  return { send };
}

describe('a page of another origin', () => {
  it('that is allowed reads and writes with the headers of its tracing library, and reads what the API says in headers', async (context) => {
    const { send } = await openPage(context, ALLOWED);
    const headers = { authorization: `Bearer ${token}`, ...TRACING };
    const made = await send(
      'POST',
      '/api/v1/rooms',
      { ...headers, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
      JSON.stringify({ name: 'From a page' }),
    );
    expect(made).toMatchObject({
      status: 201,
      requestId: expect.any(String),
      rateLimit: expect.stringContaining('r='),
      etag: '"1"',
      body: { name: 'From a page' },
    });
    const conditional = { ...headers, 'if-none-match': '"1"', 'x-request-id': 'from-a-page-1' };
    expect(await send('GET', '/api/v1/rooms', conditional)).toMatchObject({
      status: 200,
      requestId: 'from-a-page-1',
    });
    expect(await send('GET', '/api/v1/rooms/nonsense', headers)).toMatchObject({
      status: 400,
      body: { code: 'request.invalid' },
    });
  });

  it('that is not allowed reads the public documents and nothing else', async (context) => {
    const { send } = await openPage(context, OTHER);
    for (const path of ['/openapi.json', '/asyncapi.json', '/events.json', '/.well-known/jwks.json'])
      expect(await send('GET', path, {}), path).toMatchObject({ status: 200 });
    expect(await send('GET', '/api/v1/rooms', { authorization: `Bearer ${token}`, ...TRACING })).toBe(
      'blocked',
    );
  });
});
