import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signAccessToken } from '../../../src/identity/access/index.ts';
import {
  aiProviderProbe,
  compressionProbe,
  speechProbe,
  createHealthMonitor,
  databaseProbe,
  liveKitProbe,
  mailProbe,
  type Probe,
  queueProbe,
} from '../../../src/platform/health/index.ts';
import type { Dependency } from '../../../src/platform/health/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { serveDatabase } from '../../../workers/local/database/endpoint.ts';

const appWith = (probes: readonly Probe[], options: Parameters<typeof createHealthMonitor>[1] = {}) =>
  createTestApp({ health: createHealthMonitor(probes, options) });

async function dependencyOf(app: TestApp, name: string): Promise<Dependency & { checkedAt: string }> {
  const { body } = await app.send('GET', '/readiness');
  return body.dependencies.find((each: Dependency) => each.name === name);
}

/** A remote server with scripted answers. */
interface ProbedServer {
  url: string;
  requests: { method: string | undefined; url: string | undefined }[];
  answer: { status: number; body: string; delayMs?: number };
  server: Server;
}

async function startProbedServer(): Promise<ProbedServer> {
  const probedServer = {
    requests: [] as ProbedServer['requests'],
    answer: { status: 200, body: 'OK' },
  } as ProbedServer;
  probedServer.server = createServer((request, response) => {
    probedServer.requests.push({ method: request.method, url: request.url });
    const { status, body, delayMs = 0 } = probedServer.answer;
    setTimeout(() => response.writeHead(status).end(body), delayMs);
  });
  await new Promise<void>((resolve) => probedServer.server.listen(0, '127.0.0.1', resolve));
  probedServer.url = `http://127.0.0.1:${(probedServer.server.address() as AddressInfo).port}`;
  return probedServer;
}

describe('service information and liveness', () => {
  it('answer without a database query', async () => {
    const app = createTestApp();
    const health = await app.send('GET', '/health');
    expect(health.status).toBe(200);
    expect(health.body).toMatchObject({ status: 'ok', service: 'auralink', environment: 'development' });
    expect(health.body.timestamp).toBe(new Date(app.clock.now()).toISOString());
    expect((await app.send('GET', '/liveness')).body).toEqual({ status: 'alive' });
    expect(app.roundTrips()).toBe(0);
  });
});

describe('readiness', () => {
  it('is ready while every configured dependency answers, and names those that are not configured', async () => {
    const app = appWith([databaseProbe, mailProbe, liveKitProbe({ url: undefined })]);
    const { status, body } = await app.send('GET', '/readiness');
    expect(status).toBe(200);
    expect(body.status).toBe('ready');
    expect(body.dependencies).toMatchObject([
      { name: 'database', tier: 'required', status: 'ok', breaker: 'closed' },
      { name: 'mail', tier: 'optional', status: 'ok', breaker: 'closed' },
      { name: 'livekit', status: 'not_configured', latencyMs: null, checkedAt: null },
    ]);
  });

  it('checks a dependency at most once in five seconds', async () => {
    let asked = 0;
    const app = appWith([queueProbe(async () => void asked++)]);
    const first = await dependencyOf(app, 'queue');
    app.clock.advanceSeconds(4);
    await app.send('GET', '/readiness');
    expect(asked).toBe(1);
    app.clock.advanceSeconds(2);
    const later = await dependencyOf(app, 'queue');
    expect(asked).toBe(2);
    expect(Date.parse(later.checkedAt) - Date.parse(first.checkedAt)).toBe(6_000);
  });

  it('returns the last result to other requests while one runs a check', async () => {
    const waiting: (() => void)[] = [];
    let slow = false;
    const app = appWith([
      queueProbe(() => new Promise<void>((resolve) => (slow ? void waiting.push(resolve) : resolve()))),
    ]);
    await app.send('GET', '/readiness');
    app.clock.advanceSeconds(6);
    slow = true;
    const asking = app.send('GET', '/readiness');
    await expect.poll(() => waiting.length).toBe(1);
    expect((await dependencyOf(app, 'queue')).status).toBe('ok');
    expect(waiting).toHaveLength(1);
    waiting.forEach((resolve) => resolve());
    expect((await asking).status).toBe(200);
  });

  it('is 503 with Retry-After when a required dependency is down, 200 when an optional one is', async () => {
    const down = async () => {
      throw new Error('connection refused to 10.0.0.7 as admin:hunter2');
    };
    const optional = await appWith([queueProbe(down)]).send('GET', '/readiness');
    expect(optional.status).toBe(200);
    expect(optional.body).toMatchObject({ status: 'degraded', dependencies: [{ status: 'down' }] });
    expect(JSON.stringify(optional.body)).not.toContain('hunter2');
    const required = await appWith([{ ...queueProbe(down), tier: 'required' }]).send('GET', '/readiness');
    expect(required.status).toBe(503);
    expect(required.body.status).toBe('not_ready');
    expect(required.headers.get('retry-after')).toBe('5');
  });

  it('gives each check its own time limit', async () => {
    const app = appWith([queueProbe(() => new Promise(() => undefined)), databaseProbe], {
      timeLimitMs: 2_000,
    });
    const { body } = await app.send('GET', '/readiness');
    expect(body.dependencies[0]).toMatchObject({ status: 'down', detail: 'did not answer within 2000 ms' });
    expect(body.dependencies[1]).toMatchObject({ status: 'ok' });
  });

  it('reports a slow dependency as degraded', async () => {
    const app: TestApp = appWith([queueProbe(async () => app.clock.advanceSeconds(1.5))]);
    expect(await dependencyOf(app, 'queue')).toMatchObject({ status: 'degraded', latencyMs: 1500 });
  });
});

describe('probes of remote dependencies', () => {
  let probedServer: ProbedServer;
  beforeAll(async () => {
    probedServer = await startProbedServer();
  });
  afterAll(() => new Promise((resolve) => probedServer.server.close(resolve)));

  const PROBES = {
    livekit: (url: string) => liveKitProbe({ url: url.replace('http', 'ws') }),
    compression: (url: string) => compressionProbe({ url }),
    speech: (url: string) => speechProbe({ url }),
    ai_provider: (url: string) => aiProviderProbe({ urls: [url] }),
    ai_providers: (url: string) => aiProviderProbe({ urls: [url, 'http://127.0.0.1:9'] }),
  };
  it.each([
    ['livekit', 200, 'OK', 'ok'],
    ['livekit', 406, 'Not Ready', 'down'],
    ['livekit', 200, '<html>domain for sale</html>', 'degraded'],
    ['compression', 200, '{"status":"ok"}', 'ok'],
    ['compression', 200, '{"status":"starting"}', 'degraded'],
    ['compression', 200, '<html>ok</html>', 'degraded'],
    ['compression', 502, 'upstream at 10.0.0.7', 'down'],
    ['speech', 200, '{"status": "ok", "engines": {"speech": "ready"}}', 'ok'],
    ['speech', 200, '{"status": "degraded", "engines": {"speech": "missing"}}', 'degraded'],
    ['speech', 502, 'upstream at 10.0.0.7', 'down'],
    ['ai_provider', 404, '', 'ok'],
    ['ai_provider', 500, '', 'down'],
    ['ai_providers', 404, '', 'degraded'],
    ['ai_providers', 500, '', 'down'],
  ] as const)('%s that answers %i %j is %s', async (name, status, body, expected) => {
    probedServer.answer = { status, body };
    const dependency = await dependencyOf(
      appWith([PROBES[name](probedServer.url)]),
      name === 'ai_providers' ? 'ai_provider' : name,
    );
    expect(dependency.status).toBe(expected);
    expect(JSON.stringify(dependency)).not.toContain('10.0.0.7');
  });

  it('names the engines of the speech service that are not there', async () => {
    const engines = '{"transcription": "missing", "speech": "ready", "translation": "loading"}';
    probedServer.answer = { status: 200, body: `{"status": "degraded", "engines": ${engines}}` };
    const dependency = await dependencyOf(appWith([PROBES.speech(probedServer.url)]), 'speech');
    expect(dependency.detail).toBe('transcription is missing, translation is loading');
  });

  it('report down when no server listens', async () => {
    const dependency = await dependencyOf(appWith([liveKitProbe({ url: 'ws://127.0.0.1:9' })]), 'livekit');
    expect(dependency).toMatchObject({ status: 'down', detail: 'did not answer' });
  });

  it('report down after their time limit', async () => {
    probedServer.answer = { status: 200, body: 'OK', delayMs: 2_000 };
    const app = appWith([liveKitProbe({ url: probedServer.url })], { timeLimitMs: 100 });
    expect(await dependencyOf(app, 'livekit')).toMatchObject({ status: 'down' });
  });
});

describe('a database that is down', () => {
  it('makes readiness 503, other routes 503 with Retry-After, and shows an open breaker', async () => {
    const endpoint = await serveDatabase(
      {
        description: 'down',
        run: async () => {
          throw Object.assign(new Error('the database system is shutting down'), { code: '57P01' });
        },
        relay: (stream) => void stream.destroy(),
        close: async () => undefined,
      },
      0,
    );
    try {
      const app = createTestApp(
        { health: createHealthMonitor([databaseProbe]) },
        { NEON_LOCAL_ENDPOINT: endpoint.url, DATABASE_URL: 'postgres://a:b@127.0.0.1/postgres' },
      );
      const { body, status } = await app.send('GET', '/readiness');
      expect(status).toBe(503);
      expect(body.dependencies[0]).toMatchObject({ name: 'database', status: 'down', breaker: 'closed' });
      for (let call = 0; call < 5; call++) {
        app.clock.advanceSeconds(0.1);
        const refused = await app.send('GET', '/metrics', { token: app.operator });
        expect(refused.body).toContain('auralink_database_up 0');
      }
      expect((await app.send('GET', '/readiness')).body.dependencies[0].breaker).toBe('open');
      const { signer, ids } = app.services;
      const membership = { organizationId: ids.create('organization'), role: 'owner', plan: 'free' };
      const claims = { userId: ids.create('user'), sessionId: ids.create('session'), membership };
      const token = await signAccessToken(signer, claims, 300);
      const other = await app.send('GET', '/api/v1/organizations', { token });
      expect(other.status).toBe(503);
      expect(other.body.code).toBe('server.unavailable');
      expect(Number(other.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await app.send('GET', '/health')).status).toBe(200);
    } finally {
      await endpoint.close();
    }
  });
});
