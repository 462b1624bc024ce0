import { neonConfig } from '@neondatabase/serverless';
import { eq } from 'drizzle-orm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { livekitEvents } from '../../../src/calls/sync/sync.tables.ts';
import { systemScope } from '../../../src/kernel/context/index.ts';
import { createTestApp, type TestApp } from '../../support/app.ts';
import type { ClusterEvent } from '../../support/livekit/shapes.ts';
import { deliverEvent, openCall } from '../calls/support.ts';

let app: TestApp;
let event: ClusterEvent;
let originalFetch: typeof neonConfig.fetchFunction;

beforeEach(async () => {
  app = createTestApp();
  originalFetch = neonConfig.fetchFunction;
  const host = await app.person();
  const { callId } = await openCall(app, host);
  app.liveKit.cluster.join(callId, host.userId);
  [event] = app.liveKit.cluster.events as [ClusterEvent];
});

afterEach(() => {
  neonConfig.fetchFunction = originalFetch;
});

const countStored = async () => {
  const [rows] = await app.services.database.read(systemScope, (q) => [
    q.select().from(livekitEvents).where(eq(livekitEvents.id, event.id)),
  ]);
  return rows.length;
};

const failWith = (sqlState: string) => async () =>
  Response.json({ message: 'simulated', code: sqlState }, { status: 400 });

/** How a request to the database can fail. */
const FAILURES: Record<string, () => Promise<Response>> = {
  'the connection is refused': async () => {
    throw new TypeError('fetch failed');
  },
  'the answer is truncated': async () => new Response('{"results": [', { status: 200 }),
  'a proxy answers instead': async () => new Response('<html>502</html>', { status: 502 }),
  'it does not answer in time': async () => {
    throw new DOMException('The operation timed out', 'TimeoutError');
  },
  'it has too many connections': failWith('53300'),
  'it shuts down': failWith('57P01'),
  'a statement takes too long': failWith('57014'),
  'its disk is full': failWith('53100'),
  'it is read-only': failWith('25006'),
  'the commit is not serializable': failWith('40001'),
  'a table is missing': failWith('42P01'),
};

describe('while the database is down', () => {
  it.each(Object.entries(FAILURES))('a webhook is answered with 5xx, never 4xx: %s', async (_name, fail) => {
    neonConfig.fetchFunction = fail;
    const answer = await deliverEvent(app, event);
    expect(answer.status).toBeGreaterThanOrEqual(500);
    neonConfig.fetchFunction = originalFetch;
    expect(await countStored()).toBe(0);
    expect((await deliverEvent(app, event)).status).toBe(204);
    expect(await countStored()).toBe(1);
  });

  it('a webhook is answered with 503 and Retry-After, also by the open breaker', async () => {
    neonConfig.fetchFunction = FAILURES['the connection is refused'];
    for (let i = 0; i < 6; i++) expect((await deliverEvent(app, event)).status).toBe(503);
    expect(app.services.database.breaker.state).toBe('open');
    const answer = await deliverEvent(app, event);
    expect([answer.status, answer.body.code]).toEqual([503, 'server.unavailable']);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    neonConfig.fetchFunction = originalFetch;
    app.clock.advanceSeconds(6);
    expect((await deliverEvent(app, event)).status).toBe(204);
  });

  it('every webhook of a failed commit is answered with 503, and stored when it is repeated', async () => {
    const { events } = app.liveKit.cluster;
    neonConfig.fetchFunction = FAILURES['it shuts down'];
    const answers = await Promise.all(events.map((each) => deliverEvent(app, each)));
    expect(answers.map(({ status }) => status)).toEqual(events.map(() => 503));
    neonConfig.fetchFunction = originalFetch;
    const again = await Promise.all(events.map((each) => deliverEvent(app, each)));
    expect(again.map(({ status }) => status)).toEqual(events.map(() => 204));
  });
});
