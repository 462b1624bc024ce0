import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { createLimitPorts } from '../../../durable-objects/stubs.ts';
import { type Clock, systemClock } from '../../../src/kernel/core/index.ts';
import type { Budget, LeaseRequest } from '../../../src/platform/limits/index.ts';
import type { Limiter, LimitRule } from '../../../src/platform/http/index.ts';

const rule: LimitRule = { name: 'api', limit: 100, windowSeconds: 86_400 };
const budget: Budget = { name: 'ai', limit: 50, periodSeconds: null };
const DAY_MS = 86_400_000;

let ownerCount = 0;
let owner: string;
/** Makes isolates that share the same objects. */
const createIsolateLimits = () => createLimitPorts(env.ORG_LIMITER, systemClock);
const limiterObject = () => env.ORG_LIMITER.getByName(owner);

beforeEach(() => {
  owner = `org_${++ownerCount}`;
});

const countAdmitted = (decisions: { admitted: boolean }[]) =>
  decisions.filter(({ admitted }) => admitted).length;
const leaseRequest: LeaseRequest = { subject: 'usr_1', rule, waiters: 1, spent: 0, returned: 0, window: -1 };

/** Sets the clock of the object until it is evicted, and runs its alarm. */
async function wakeLater(ms: number): Promise<void> {
  const clock: Clock = { now: () => systemClock.now() + ms };
  await runInDurableObject(limiterObject(), (instance) => void (instance.clock = clock));
  expect(await runDurableObjectAlarm(limiterObject())).toBe(true);
}
const countKeys = () =>
  runInDurableObject(limiterObject(), (_, { storage }) => [...storage.kv.list()].length);

describe('the limiter object', () => {
  it('admits exactly the limit to 200 concurrent callers in several isolates', async () => {
    const limiters = Array.from({ length: 8 }, () => createIsolateLimits().limiter);
    const call = async (i: number) => limiters[i % 8]!.take({ owner, subject: 'usr_1' }, rule);
    const callAtOnce = () => Promise.all(Array.from({ length: 200 }, (_, i) => call(i)));
    const first = await callAtOnce();
    expect(countAdmitted(first)).toBeLessThanOrEqual(100);
    // Idle isolates hold admissions; when they are called again, none is left over and none is granted twice.
    const all = [...first, ...(await callAtOnce()), ...(await callAtOnce())];
    expect(all.some(({ degraded }) => degraded)).toBe(false);
    expect(countAdmitted(all)).toBe(100);
  });

  it('keeps its count when it is evicted after each grant', async () => {
    const limiters: Limiter[] = [createIsolateLimits().limiter, createIsolateLimits().limiter];
    let admitted = 0;
    for (let i = 0; i < 60; i++) {
      const taken = limiters[i % 2]!.take({ owner, subject: 'usr_1' }, { ...rule, limit: 20 });
      if ((await taken).admitted) admitted++;
      if (taken instanceof Promise) await evictDurableObject(limiterObject());
    }
    expect(admitted).toBeLessThanOrEqual(20);
    expect(admitted).toBeGreaterThanOrEqual(20 - 2 * 2);
  });

  it('stores a grant before it answers: the next caller gets only the rest', async () => {
    expect(await limiterObject().lease({ ...leaseRequest, waiters: 99 })).toMatchObject({
      granted: 99,
      remaining: 1,
    });
    await evictDurableObject(limiterObject());
    expect(await limiterObject().lease({ ...leaseRequest, waiters: 99 })).toMatchObject({
      granted: 1,
      remaining: 0,
    });
    await evictDurableObject(limiterObject());
    expect(await limiterObject().lease(leaseRequest)).toMatchObject({ granted: 0, limit: 100 });
  });

  it('counts callers and organizations separately', async () => {
    await limiterObject().lease({ ...leaseRequest, waiters: 100 });
    expect((await limiterObject().lease({ ...leaseRequest, subject: 'usr_2' })).granted).toBe(1);
    expect((await limiterObject().lease({ ...leaseRequest, rule: { ...rule, name: 'ai' } })).granted).toBe(1);
    expect((await env.ORG_LIMITER.getByName(`${owner}-other`).lease(leaseRequest)).granted).toBe(1);
  });

  it('applies overrides, also after an eviction', async () => {
    const { limitOverrides } = createIsolateLimits();
    await limitOverrides.write(owner, { limits: { api: 3 }, setAtMs: 1 });
    await evictDurableObject(limiterObject());
    expect(await limiterObject().lease({ ...leaseRequest, waiters: 9 })).toMatchObject({
      granted: 3,
      limit: 3,
    });
    expect(await limitOverrides.read(owner)).toEqual({ limits: { api: 3 }, setAtMs: 1 });
  });

  it('deletes everything by alarm when the window has ended', async () => {
    await limiterObject().lease(leaseRequest);
    expect(await countKeys()).toBe(2);
    await evictDurableObject(limiterObject());
    await wakeLater(DAY_MS);
    expect(await countKeys()).toBe(0);
    expect(await runDurableObjectAlarm(limiterObject())).toBe(false);
  });

  it('starts a new window with its full limit', async () => {
    await limiterObject().lease({ ...leaseRequest, waiters: 100 });
    await wakeLater(DAY_MS);
    expect(await limiterObject().lease({ ...leaseRequest, waiters: 100 })).toMatchObject({ granted: 100 });
  });
});

describe('its budgets', () => {
  const { budgets } = createIsolateLimits();
  const reserve = (id: string, amount = 1, ttlMs = 60_000) =>
    budgets.reserve(owner, budget, { id, amount, ttlMs });

  it('reserve exactly the budget for 200 concurrent callers', async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => reserve(`r${i}`)));
    expect(answers.filter(({ outcome }) => outcome === 'reserved')).toHaveLength(50);
    expect(await budgets.read(owner, budget)).toMatchObject({ held: 50, available: 0 });
  });

  it('survive an eviction after every step', async () => {
    const evict = () => evictDurableObject(limiterObject());
    await reserve('r', 40);
    await evict();
    expect((await reserve('r', 40)).state).toMatchObject({ held: 40 });
    await evict();
    expect((await reserve('s', 20)).outcome).toBe('refused');
    await evict();
    await budgets.settle(owner, 'r', 45);
    await evict();
    expect((await budgets.settle(owner, 'r', 45)).state).toMatchObject({ spent: 45, held: 0 });
    await evict();
    await reserve('t', 5);
    await evict();
    await budgets.release(owner, 't');
    await evict();
    expect(await budgets.read(owner, budget)).toMatchObject({ spent: 45, held: 0, available: 5 });
  });

  it('release by alarm what was reserved and never settled', async () => {
    await reserve('r', 50, 30_000);
    await evictDurableObject(limiterObject());
    await wakeLater(30_000);
    expect(await budgets.read(owner, budget)).toMatchObject({ held: 0, available: 50 });
  });
});
