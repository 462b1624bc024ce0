import { beforeEach, describe, expect, it } from 'vitest';
import type { Budget, Budgets } from '../../../src/platform/limits/index.ts';
import { MemoryLimiters } from '../../support/memory-limiters.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ORG = 'org_1';
const daily: Budget = { name: 'ai', limit: 50, periodSeconds: 86_400 };

let nowMs: number;
let objects: MemoryLimiters;
let budgets: Budgets;

beforeEach(() => {
  nowMs = 20_000 * DAY_MS;
  objects = new MemoryLimiters({ now: () => nowMs });
  budgets = objects.ports().budgets;
});

const reserve = (id: string, amount = 1, budget = daily) =>
  budgets.reserve(ORG, budget, { id, amount, ttlMs: 60_000 });
/** Runs the alarm. */
const wake = () => objects.core(ORG).wake(nowMs);

describe('a budget', () => {
  it('is never exceeded by concurrent reservations', async () => {
    const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => reserve(`r${i}`)));
    expect(answers.filter(({ outcome }) => outcome === 'reserved')).toHaveLength(50);
    expect(await budgets.read(ORG, daily)).toMatchObject({ held: 50, spent: 0, available: 0 });
  });

  it('counts actual use and releases the rest', async () => {
    await reserve('r', 30);
    expect(await budgets.settle(ORG, 'r', 12)).toEqual({
      outcome: 'settled',
      state: { limit: 50, spent: 12, held: 0, available: 38, overshoot: 0 },
    });
  });

  it('shows the overshoot when actual use exceeds it', async () => {
    await reserve('r', 50);
    const { state } = await budgets.settle(ORG, 'r', 70);
    expect(state).toEqual({ limit: 50, spent: 70, held: 0, available: 0, overshoot: 20 });
    expect((await reserve('s')).outcome).toBe('refused');
  });

  it('starts again with each period, and a late settlement counts for the period of its reservation', async () => {
    nowMs += DAY_MS - 1_000;
    await reserve('r', 50);
    nowMs += 2_000;
    expect((await reserve('s', 50)).outcome).toBe('reserved');
    expect((await budgets.settle(ORG, 'r', 50)).state).toMatchObject({ spent: 50 });
    expect(await budgets.read(ORG, daily)).toMatchObject({ spent: 0, held: 50 });
  });

  it('without a period never starts again', async () => {
    const ever: Budget = { name: 'trial', limit: 10, periodSeconds: null };
    await reserve('r', 10, ever);
    await budgets.settle(ORG, 'r', 10);
    nowMs += 400 * DAY_MS;
    wake();
    expect((await reserve('s', 1, ever)).outcome).toBe('refused');
  });

  it('accepts only whole, non-negative amounts', async () => {
    await expect(reserve('r', -1)).rejects.toThrow(RangeError);
    await expect(reserve('r', 0.5)).rejects.toThrow(RangeError);
  });
});

describe('a reservation', () => {
  it("repeating a reservation's id reserves once and settles once", async () => {
    await reserve('r', 30);
    expect((await reserve('r', 30)).state).toMatchObject({ held: 30 });
    await budgets.settle(ORG, 'r', 30);
    expect((await budgets.settle(ORG, 'r', 30)).state).toMatchObject({ spent: 30 });
    expect(await budgets.release(ORG, 'r')).toMatchObject({ outcome: 'settled', state: { spent: 30 } });
    expect((await reserve('r', 30)).outcome).toBe('settled');
  });

  it('that is released becomes available once', async () => {
    await reserve('r', 30);
    await budgets.release(ORG, 'r');
    expect(await budgets.release(ORG, 'r')).toMatchObject({ outcome: 'released', state: { available: 50 } });
  });

  it('becomes available when it expires, also before the alarm has run', async () => {
    await reserve('r', 50);
    expect((await reserve('s', 50)).outcome).toBe('refused');
    nowMs += 60_000;
    expect((await reserve('s', 50)).outcome).toBe('reserved');
  });

  it('that expired still counts when it is settled later', async () => {
    await reserve('r', 50);
    nowMs += 60_000;
    wake();
    expect(await budgets.read(ORG, daily)).toMatchObject({ held: 0, available: 50 });
    expect(await budgets.settle(ORG, 'r', 20)).toMatchObject({ outcome: 'settled', state: { spent: 20 } });
  });

  it('that was never made, or ended more than a day ago, is unknown', async () => {
    expect(await budgets.settle(ORG, 'never', 1)).toEqual({ outcome: 'unknown', state: null });
    await reserve('r');
    await budgets.settle(ORG, 'r', 1);
    nowMs += DAY_MS;
    wake();
    expect((await budgets.release(ORG, 'r')).outcome).toBe('unknown');
  });
});

it('everything is deleted after its periods and windows have passed', async () => {
  const { limiter } = objects.ports();
  await limiter.take({ owner: ORG, subject: 'usr_1' }, { name: 'api', limit: 5, windowSeconds: 60 });
  await reserve('r', 3);
  await reserve('s', 4);
  await budgets.settle(ORG, 's', 4);
  for (let next = wake(); next !== null; next = wake()) nowMs = next;
  expect(objects.storage(ORG).size).toBe(0);
  expect(objects.core(ORG).isEmpty).toBe(true);
});
