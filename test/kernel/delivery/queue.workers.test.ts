import {
  createExecutionContext,
  createMessageBatch,
  getQueueResult,
  waitOnExecutionContext,
} from 'cloudflare:test';
import { eq, inArray } from 'drizzle-orm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLocalPasswordHasher } from '../../../src/identity/passwords/index.ts';
import { openCtx, type Services, systemScope } from '../../../src/kernel/context/index.ts';
import { publish } from '../../../src/kernel/delivery/index.ts';
import { deliveries } from '../../../src/kernel/delivery/deliveries.tables.ts';
import { memberGone } from '../../../src/rooms/offboarding/index.ts';
import { outbox } from '../../../src/kernel/events/events.tables.ts';
import type { DomainEvent } from '../../../src/kernel/events/index.ts';
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

/** Commits events of the organization and returns the ids of the deliveries they will have, in order. */
async function writeEvents(events: DomainEvent[]): Promise<string[]> {
  const ctx = openCtx(services, {
    actor: { kind: 'system', name: 'test', organizationId },
    keepAlive: () => undefined,
    onEvents: () => undefined,
  });
  await ctx.commit({ write: () => [], events, result: undefined });
  const [rows] = await services.database.read(systemScope, (q) => [
    q.select().from(outbox).where(eq(outbox.organizationId, organizationId)).orderBy(outbox.seq),
  ]);
  return rows.map(({ id }) => `${id}.${SUBSCRIBER}`);
}

async function statusesOf(ids: string[]): Promise<string[]> {
  const [rows] = await services.database.read(systemScope, (q) => [
    q.select().from(deliveries).where(inArray(deliveries.id, ids)).orderBy(deliveries.seq),
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

/** The subscriber of what these tests write: it does nothing for a member who is still one. */
const SUBSCRIBER = 'offboarding.disconnect-former-member';
const memberLeft = (key: string) => memberGone.of({ userId: services.ids.create('user') }, { key });

describe('the queue consumer', () => {
  it('settles each message alone: a poisoned one harms only itself', async () => {
    const ids = await writeEvents([
      memberLeft('a'),
      { ...memberLeft('b'), payload: { userId: 42 } },
      memberLeft('d'),
    ]);
    await publish(services, [organizationId]);
    const bodies = sent.messages.map(({ body }) => body);
    const { ackAll, explicitAcks, retryMessages } = await deliver('auralink-outbox', [
      ...bodies.slice(0, 2),
      'not a wakeup',
      { id: 'evt_unknown.test.worker' },
      ...bodies.slice(2),
    ]);
    expect({ ackAll, acks: explicitAcks.length, retryMessages }).toEqual({
      ackAll: false,
      acks: 5,
      retryMessages: [],
    });
    expect(await statusesOf(ids)).toEqual(['done', 'dead', 'done']);
  });

  it('sends what a batch made room for', async () => {
    const ids = await writeEvents([memberLeft('same'), memberLeft('same')]);
    await publish(services, [organizationId]);
    expect(sent.messages.splice(0)).toEqual([{ body: { id: ids[0] } }]);
    await deliver('auralink-outbox', [{ id: ids[0] }]);
    expect(sent.messages).toEqual([{ body: { id: ids[1] } }]);
  });

  it('returns deliveries whose wakeup the queue gave up on to pending', async () => {
    const ids = await writeEvents([memberLeft('a'), memberLeft('b')]);
    await publish(services, [organizationId]);
    const result = await deliver('auralink-outbox-dead-staging', [{ id: ids[0] }]);
    expect(result.ackAll).toBe(true);
    expect(await statusesOf(ids)).toEqual(['pending', 'published']);
  });
});

describe('a request that changes something', () => {
  it('has its events published once it is answered', async () => {
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
      q.select().from(deliveries).where(inArray(deliveries.id, ids)),
    ]);
    expect(new Set(rows.map(({ type }) => type))).toContain('user.signed_up');
    expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(['published']));
  });
});

it('asks for the same wakeup again while the database is down', async () => {
  const { env: broken } = createWorkerEnv({ NEON_LOCAL_ENDPOINT: 'http://127.0.0.1:9' });
  try {
    const result = await deliver('auralink-outbox', [{ id: 'evt_any' }], broken);
    expect(result.explicitAcks).toEqual([]);
    expect(result.retryMessages).toEqual([{ msgId: 'message-0' }]);
  } finally {
    // An isolate has one database: new services point it at the right one again.
    getServices(createWorkerEnv().env);
  }
});
