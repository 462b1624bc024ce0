import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { eq } from 'drizzle-orm';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { createLiveGenerations, createModelBreakers } from '../../../durable-objects/generation-stubs.ts';
import { setServicesResolver } from '../../../durable-objects/resolve-services.ts';
import { DEFAULT_SETTINGS } from '../../../src/identity/organizations/organizations.rules.ts';
import { organizations } from '../../../src/identity/organizations/organizations.tables.ts';
import { runningRow } from '../../../src/intelligence/generations/generations.rules.ts';
import { aiGenerations } from '../../../src/intelligence/generations/generations.tables.ts';
import type { GenerationPlan } from '../../../src/intelligence/generations/index.ts';
import { NO_USAGE } from '../../../src/intelligence/generations/index.ts';
import type { ChatEvent } from '../../../src/intelligence/providers/index.ts';
import { systemScope } from '../../../src/kernel/context/index.ts';
import { getServices } from '../../../workers/context.ts';
import { createWorkerEnv } from '../../support/worker-env.ts';
import { parseEvents } from '../../support/ai/parse-events.ts';

const PIECES = ['one', ' two', ' three', ' four'];
const USAGE = { ...NO_USAGE, inputTokens: 12 };

/** How many pieces the model says before it waits. */
let most: number;
let aborted: number;
let offsetMs: number;

/** Whether the model waits before a piece, after a turn of its own. */
async function isWaiting(at: number, signal: AbortSignal): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, 1));
  return at >= most && !signal.aborted;
}

/** A model that says one piece after the other, each in a turn of its own. */
async function* say(signal: AbortSignal): AsyncGenerator<ChatEvent> {
  signal.addEventListener('abort', () => void aborted++);
  yield { type: 'started', requestId: null, usage: USAGE };
  for (const [at, text] of PIECES.entries()) {
    while (await isWaiting(at, signal));
    signal.throwIfAborted();
    yield { type: 'text', text };
  }
  yield { type: 'ended', reason: 'end', usage: { ...USAGE, outputTokens: 9 } };
}

const services = getServices(createWorkerEnv().env);
const clock = { now: () => Date.now() + offsetMs };
setServicesResolver(() => ({
  ...services,
  clock,
  ports: {
    ...services.ports,
    chat: {
      keyOf: () => ({ secret: 'none' }),
      of: () => ({
        chat: (...[, , , signal]) => say(signal),
        testKey: () => Promise.resolve(),
      }),
    },
  },
}));
const live = createLiveGenerations(env.AI_GENERATION);

// Files share the runtime, and so the time.
afterAll(() => {
  offsetMs = 0;
});
beforeEach(() => {
  most = PIECES.length;
  aborted = 0;
  offsetMs = 0;
});

/** An organization with a generation, whose row is stored. */
async function createPlan(): Promise<GenerationPlan> {
  const { ids, database } = services;
  const organizationId = ids.create('organization');
  const now = new Date();
  const slug = organizationId.replace('_', '-');
  const organization = { id: organizationId, name: slug, slug, plan: 'pro' as const };
  const plan: GenerationPlan = {
    organizationId,
    generationId: ids.create('generation'),
    startedAtMs: now.getTime(),
    asker: {
      kind: 'user',
      userId: ids.create('user'),
      sessionId: undefined,
      organizationId,
      role: 'owner',
      plan: 'pro',
      permissions: ['*:*'],
    },
    request: { messages: [], maxOutputTokens: 100 },
    route: { policy: null, passedOver: [] },
    reuse: null,
    reused: null,
    candidates: [
      {
        provider: 'anthropic',
        model: 'claude-haiku-4-5',
        traits: { adaptiveReasoning: false, explicitCaching: false },
        key: null,
        rates: null,
      },
    ],
    hold: null,
  };
  const row = {
    ...runningRow({ ...plan, ownKey: false, saved: null, candidate: plan.candidates[0]! }),
    userId: null,
  };
  await database.commit(systemScope, (q) => [
    q
      .insert(organizations)
      .values({ ...organization, settings: DEFAULT_SETTINGS, createdAt: now, updatedAt: now }),
    q.insert(aiGenerations).values(row),
  ]);
  return plan;
}
const storeRow = () => Promise.resolve();
const stubOf = ({ organizationId, generationId }: GenerationPlan) =>
  env.AI_GENERATION.getByName(`${organizationId}|${generationId.charCodeAt(generationId.length - 1) % 4}`);
const rowOf = async ({ generationId }: GenerationPlan) => {
  const [[row]] = await services.database.read(systemScope, (q) => [
    q.select().from(aiGenerations).where(eq(aiGenerations.id, generationId)),
  ]);
  return row;
};
const readAll = async (stream: ReadableStream<Uint8Array> | null | undefined) =>
  parseEvents(await new Response(stream).text());

/** Reads until there are so many events, and keeps reading open. */
async function readSome(stream: ReadableStream<Uint8Array>, count: number) {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = '';
  while (parseEvents(text).length < count) {
    const { value } = await reader.read();
    text += decoder.decode(value, { stream: true });
  }
  return { reader, events: parseEvents(text) };
}

it('an answer is streamed, stored with its usage, and continued after any event', async () => {
  const plan = await createPlan();
  const { events } = await live.follow(plan, storeRow, 5_000);
  const all = await readAll(events);
  expect(all.map(({ event }) => event)).toEqual(['started', 'text', 'text', 'text', 'text', 'ended']);
  await expect.poll(() => rowOf(plan)).toMatchObject({ status: 'completed', outputTokens: 9 });
  await evictDurableObject(stubOf(plan));
  for (let last = 0; last < all.length; last++)
    expect(await readAll(await live.events(plan, last))).toEqual(all.slice(last));
});

it('a generation whose object dies in the middle ends as interrupted at the next alarm, once', async () => {
  const plan = await createPlan();
  most = 2;
  const { events } = await live.follow(plan, storeRow, 5_000);
  const { reader, events: seen } = await readSome(events!, 3);
  const die = runInDurableObject(stubOf(plan), (_, state) => state.abort('died'));
  await expect(die).rejects.toThrow('died');
  await expect(reader.read()).rejects.toThrow();
  expect(await runDurableObjectAlarm(stubOf(plan))).toBe(true);
  await expect
    .poll(() => rowOf(plan))
    .toMatchObject({ status: 'failed', failure: 'interrupted', usageState: 'partial', inputTokens: 12 });
  const left = await readAll(await live.events(plan, 0));
  expect(left.at(-1)).toMatchObject({ event: 'failed', data: { failure: 'interrupted' } });
  // What was sent before the eviction is still there as far as it was stored, in the same order.
  expect(left.slice(0, -1)).toEqual(seen.slice(0, left.length - 1));
  const { version } = (await rowOf(plan))!;
  await evictDurableObject(stubOf(plan));
  await runDurableObjectAlarm(stubOf(plan));
  expect((await rowOf(plan))!.version).toBe(version);
});

it('several generations of one object do not hold each other up, and each is cancelled alone', async () => {
  const first = await createPlan();
  most = 1;
  const streams = await Promise.all([
    live.follow(first, storeRow, 5_000),
    ...Array.from({ length: 3 }, async () => live.follow(await createPlan(), storeRow, 5_000)),
  ]);
  for (const { events } of streams) await readSome(events!, 2);
  expect(await live.cancel(first, 'cancelled')).toBe(true);
  await expect.poll(() => rowOf(first)).toMatchObject({ status: 'cancelled' });
  expect(aborted).toBe(1);
  most = PIECES.length;
});

it('a generation whose row is refused ends, and is stored nowhere', async () => {
  const plan = await createPlan();
  most = 1;
  await services.database.commit(systemScope, (q) => [
    q.delete(aiGenerations).where(eq(aiGenerations.id, plan.generationId)),
  ]);
  const refuse = () => Promise.reject(new Error('refused'));
  await expect(live.follow(plan, refuse, 5_000)).rejects.toThrow('refused');
  await expect.poll(() => aborted).toBe(1);
  await expect.poll(async () => (await live.answer(plan))?.outcome?.failure).toBe('access_ended');
  expect(await rowOf(plan)).toBeUndefined();
});

it('an answer is deleted a quarter of an hour after its end, and the storage with it', async () => {
  const plan = await createPlan();
  const { events } = await live.follow(plan, storeRow, 5_000);
  await readAll(events);
  await expect.poll(() => rowOf(plan)).toMatchObject({ status: 'completed' });
  const keys = () => runInDurableObject(stubOf(plan), (_, { storage }) => [...storage.kv.list()].length);
  expect(await runDurableObjectAlarm(stubOf(plan))).toBe(true);
  expect(await keys()).toBeGreaterThan(0);
  offsetMs = 901_000;
  expect(await runDurableObjectAlarm(stubOf(plan))).toBe(true);
  expect(await keys()).toBe(0);
  expect(await live.events(plan, 0)).toBeNull();
});

it('a breaker is that of its organization, survives an eviction, and is forgotten after an hour', async () => {
  const breakers = createModelBreakers(env.AI_GENERATION, clock);
  const target = { provider: 'anthropic', model: 'm', keyId: null } as const;
  const organizationId = services.ids.create('organization');
  const report = { ...target, hasFailed: true, successes: 0, retryAfterMs: null };
  for (let time = 0; time < 5; time++) await breakers.report(organizationId, report);
  const stub = env.AI_GENERATION.getByName(`${organizationId}|breakers`);
  await evictDurableObject(stub);
  expect(await breakers.read(organizationId)).toMatchObject([
    { failures: 5, openUntilMs: expect.any(Number) },
  ]);
  expect(await breakers.probe(organizationId, target)).toBe(false);
  expect(await breakers.read(services.ids.create('organization'))).toEqual([]);
  offsetMs = 3_600_001;
  expect(await runDurableObjectAlarm(stub)).toBe(true);
  expect(await breakers.read(organizationId)).toEqual([]);
});
