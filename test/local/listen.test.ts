import { get } from 'node:http';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createLocalServer, listen, type LocalServer } from '../../workers/local/listen.ts';
import { serveDatabase } from '../../workers/local/database/endpoint.ts';
import { serveMailCatcher } from '../../workers/local/mail/mail-catcher.ts';

let answering: LocalServer;

beforeEach(async () => {
  answering = await listen(
    createLocalServer((_request, response) => response.end('answered')),
    0,
  );
});
afterEach(() => answering.close());

/** The status of a GET with these headers; `fetch` would not let us choose the host. */
const statusOf = ({ port }: { port: number }, headers: Record<string, string> = {}): Promise<number> =>
  new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    }).on('error', reject);
  });

it.each(['localhost:8788', '127.0.0.1:8788', '[::1]:8788', 'LOCALHOST'])(
  'a local server answers a request for this machine as %s',
  async (host) => {
    expect(await statusOf(answering, { host })).toBe(200);
  },
);

it.each(['rebound.example:8788', 'localhost.rebound.example', '127.0.0.1.rebound.example', 'x@localhost'])(
  'a local server refuses a request for another host: %s',
  async (host) => {
    expect(await statusOf(answering, { host })).toBe(403);
  },
);

it.each(['https://elsewhere.example', 'null', 'http://localhost:5173'])(
  'a local server refuses a request of a page of another site: %s',
  async (origin) => {
    expect(await statusOf(answering, { origin })).toBe(403);
  },
);

it('the mail catcher and the database endpoint are such servers', async () => {
  const backend = {
    description: 'none',
    run: () => Promise.reject(new Error('not asked')),
    relay: () => undefined,
    close: () => Promise.resolve(),
  };
  for (const server of [await serveMailCatcher({ port: 0, apiKey: 'k' }), await serveDatabase(backend, 0)]) {
    expect(await statusOf(server, { host: 'rebound.example' })).toBe(403);
    expect(await statusOf(server, { origin: 'https://elsewhere.example' })).toBe(403);
    await server.close();
  }
});
