import {
  createExecutionContext,
  createMessageBatch,
  getQueueResult,
  waitOnExecutionContext,
} from 'cloudflare:test';
import { eq, inArray } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLocalPasswordHasher } from '../../../src/identity/passwords/index.ts';
import { createCtx, type Services, systemScope } from '../../../src/kernel/context/index.ts';
import { publish } from '../../../src/kernel/delivery/index.ts';
import { type DomainEvent, outbox } from '../../../src/kernel/events/index.ts';
import { getServices } from '../../../workers/context.ts';
import worker from '../../../workers/index.ts';
import { createWorkerEnv } from '../../support/worker-env.ts';

const { env, sent } = createWorkerEnv();
let services: Services;
let organizationId: string;

beforeAll(() => {
  services = getServices(env);
  // Signing up is only the occasion here: it need not cost what a real password does.
  services.ports.passwords = createLocalPasswordHasher({ parameters: { ln: 4, r: 8, p: 1 } });
});

beforeEach(() => {
  organizationId = services.ids.create('organization');
  sent.messages = [];
});

/** Commits effects of the organization and returns their rows' ids, in order. */
async function writeEvents(events: DomainEvent[]): Promise<string[]> {
  const ctx = createCtx(services, {
    actor: { kind: 'system', name: 'test', organizationId },
    origin: { requestId: 'req_test', traceparent: '', ip: null, userAgent: null, continent: null },
    after: () => undefined,
    onEvents: () => undefined,
    onRoundTrip: () => undefined,
  });
  await ctx.commit({ write: () => [], events, result: undefined });
  const [rows] = await services.database.read(systemScope, (q) => [
    q.select().from(outbox).where(eq(outbox.organizationId, organizationId)).orderBy(outbox.seq),
  ]);
  return rows.map(({ id }) => id);
}

async function statusesOf(ids: string[]): Promise<string[]> {
  const [rows] = await services.database.read(systemScope, (q) => [
    q.select().from(outbox).where(inArray(outbox.id, ids)).orderBy(outbox.seq),
  ]);
  return rows.map(({ status }) => status);
}

/** Hands messages to the Worker as the queue does, and returns what became of them. */
async function deliver(queue: string, bodies: unknown[], to: Env = env) {
  const messages = bodies.map((body, n) => ({
    id: `message-${n}`,
    timestamp: new Date(0),
    attempts: 1,
    body,
  }));
  const batch = createMessageBatch(queue, messages);
  const context = createExecutionContext();
  await worker.queue(batch, to, context);
  return getQueueResult(batch, context);
}

const organizationUpdated = (key: string): DomainEvent => ({
  type: 'organization.updated',
  key,
  payload: { organizationId },
});

describe('the queue consumer', () => {
  it('settles each message alone: a poisoned one harms only itself', async () => {
    const ids = await writeEvents([
      organizationUpdated('a'),
      { type: 'organization.updated', key: 'b', payload: { organizationId: 42 } },
      { type: 'nobody.knows', key: 'c', payload: {} },
      organizationUpdated('d'),
    ]);
    await publish(services, [organizationId]);
    const bodies = sent.messages.map(({ body }) => body);
    const { ackAll, explicitAcks, retryMessages } = await deliver('auralink-outbox', [
      ...bodies.slice(0, 2),
      'not a ticket',
      { id: 'evt_unknown' },
      ...bodies.slice(2),
    ]);
    expect({ ackAll, acks: explicitAcks.length, retryMessages }).toEqual({
      ackAll: false,
      acks: 6,
      retryMessages: [],
    });
    expect(await statusesOf(ids)).toEqual(['done', 'dead', 'dead', 'done']);
  });

  it('sends what a batch made room for', async () => {
    const ids = await writeEvents([organizationUpdated('same'), organizationUpdated('same')]);
    await publish(services, [organizationId]);
    expect(sent.messages.splice(0)).toEqual([{ body: { id: ids[0] } }]);
    await deliver('auralink-outbox', [{ id: ids[0] }]);
    expect(sent.messages).toEqual([{ body: { id: ids[1] } }]);
  });

  it('lets the rows of tickets that the queue gave up on wait again', async () => {
    const ids = await writeEvents([organizationUpdated('a'), organizationUpdated('b')]);
    await publish(services, [organizationId]);
    const result = await deliver('auralink-outbox-dead-staging', [{ id: ids[0] }]);
    expect(result.ackAll).toBe(true);
    expect(await statusesOf(ids)).toEqual(['pending', 'published']);
  });
});

describe('a request that changes something', () => {
  it('wakes the outbox once it is answered', async () => {
    const context = createExecutionContext();
    const request = new Request<unknown, IncomingRequestCfProperties>(
      'http://localhost:8787/api/v1/auth/signup',
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          email: `${crypto.randomUUID()}@auralink.test`,
          password: `${crypto.randomUUID()}-Aa1`,
          name: 'Test Person',
        }),
      },
    );
    const response = await worker.fetch(request, env, context);
    await waitOnExecutionContext(context);
    expect(response.status).toBe(201);
    const ids = sent.messages.map(({ body }) => (body as { id: string }).id);
    const [rows] = await services.database.read(systemScope, (q) => [
      q.select().from(outbox).where(inArray(outbox.id, ids)),
    ]);
    expect(new Set(rows.map(({ type }) => type))).toContain('user.signed_up');
    expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(['published']));
  });
});

// The last one: an isolate has one database, and this one points it at nothing.
it('asks for the same ticket again while the database is down', async () => {
  const { env: broken } = createWorkerEnv({ NEON_LOCAL_ENDPOINT: 'http://127.0.0.1:9' });
  const result = await deliver('auralink-outbox', [{ id: 'evt_any' }], broken);
  expect(result.explicitAcks).toEqual([]);
  expect(result.retryMessages).toEqual([{ msgId: 'message-0' }]);
});
