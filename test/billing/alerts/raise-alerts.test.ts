import { beforeEach, describe, expect, it } from 'vitest';
import { raiseAlerts } from '../../../src/billing/alerts/raise-alerts.ts';
import { runAsSystem } from '../../../src/kernel/delivery/index.ts';
import type { Person, TestApp } from '../../support/app.ts';
import { changePlan, grantMinutes, recordMinutes, revokeGrant } from '../usage/support.ts';
import { createAppInMidMonth, listAlerts, minutesOf } from './support.ts';

let app: TestApp;
let owner: Person;

beforeEach(async () => {
  app = createAppInMidMonth();
  owner = await app.person();
});

async function use(key: string, minutes: number, options: Parameters<typeof recordMinutes>[4] = {}) {
  await recordMinutes(app, owner, key, minutes, options);
  await app.drain();
}

describe('an alert', () => {
  it('is raised at 80 and at 100 percent of what the plan includes, once each', async () => {
    await use('first', 799);
    expect(await listAlerts(owner)).toEqual([]);
    await use('second', 1);
    expect(await listAlerts(owner)).toMatchObject([{ meter: 'participant_minutes', percent: 80 }]);
    await use('third', 150);
    expect(await minutesOf(owner)).toEqual([800]);
    await use('fourth', 500);
    await use('fifth', 5_000);
    expect(await minutesOf(owner)).toEqual([800, 1_000]);
  });

  it('is not raised a second time after a correction lowered the usage', async () => {
    await use('call', 850);
    await use('call', 10, { version: 2 });
    await use('call', 0, { version: 3 });
    await use('call', 900, { version: 4 });
    expect(await minutesOf(owner)).toEqual([800]);
  });

  it('is raised once when usage is compared many times at once', async () => {
    await recordMinutes(app, owner, 'call', 1_200);
    const compare = () =>
      runAsSystem(app.services, 'test', owner.organizationId, (ctx) => raiseAlerts(ctx, app.clock.now()));
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, compare));
    expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
    await compare();
    await app.drain();
    expect(await minutesOf(owner)).toEqual([800, 1_000]);
  });

  it('is raised again in the next month, and not for usage of the last month that comes late', async () => {
    await use('call', 850);
    const lastMonthMs = app.clock.now();
    app.clock.advanceSeconds(25 * 86_400);
    await use('late', 400, { occurredAtMs: lastMonthMs });
    await use('early', 700);
    expect(await minutesOf(owner)).toEqual([800]);
    await use('next', 150);
    const [first, second, ...others] = await listAlerts(owner);
    expect(others).toEqual([]);
    expect([first!.quantity, second!.quantity]).toEqual([48_000_000, 48_000_000]);
    expect(second!.period_starts_at > first!.period_starts_at).toBe(true);
  });

  it('after a change of plan is about what the new plan includes, also before anything more is used', async () => {
    await use('first', 850);
    await changePlan(app, owner, 'pro');
    await app.drain();
    await use('second', 7_000);
    expect(await minutesOf(owner)).toEqual([800]);
    await use('third', 200);
    expect(await minutesOf(owner)).toEqual([800, 8_000]);
    await changePlan(app, owner, 'free');
    await app.drain();
    expect((await minutesOf(owner)).toSorted((a, b) => a - b)).toEqual([800, 1_000, 8_000]);
    await changePlan(app, owner, 'pro');
    await app.drain();
    expect(await minutesOf(owner)).toHaveLength(3);
  });

  it('counts the credits that operators granted', async () => {
    await grantMinutes(app, owner, 1_000);
    await use('first', 1_500);
    expect(await listAlerts(owner)).toEqual([]);
    await use('second', 100);
    expect(await minutesOf(owner)).toEqual([1_600]);
  });

  it('is raised when a credit is revoked, before anything more is used', async () => {
    const grantId = await grantMinutes(app, owner, 1_000);
    await use('call', 900);
    expect(await listAlerts(owner)).toEqual([]);
    await revokeGrant(app, owner, grantId);
    await app.drain();
    expect(await minutesOf(owner)).toEqual([800]);
  });

  it('is raised at the moment at which a credit ends, and compares with one from its start on', async () => {
    const inSeconds = (seconds: number) => new Date(app.clock.now() + seconds * 1000).toISOString();
    await grantMinutes(app, owner, 1_000, { endsAt: inSeconds(3_600) });
    await grantMinutes(app, owner, 500, { startsAt: inSeconds(3_600), endsAt: inSeconds(7_200) });
    await use('call', 1_100);
    expect(await listAlerts(owner)).toEqual([]);
    app.clock.advanceSeconds(3_599);
    await app.drain();
    expect(await listAlerts(owner)).toEqual([]);
    app.clock.advanceSeconds(1);
    await use('another call', 100);
    expect(await minutesOf(owner)).toEqual([1_200]);
    app.clock.advanceSeconds(3_600);
    await app.drain();
    expect((await minutesOf(owner)).toSorted((a, b) => a - b)).toEqual([800, 1_000, 1_200]);
  });

  it('is not raised for a plan that includes nothing, nor for a deleted organization', async () => {
    owner = await app.person({ plan: 'custom' });
    await use('call', 5_000);
    expect(await listAlerts(owner)).toEqual([]);
    owner = await app.person();
    const path = `/api/v1/organizations/${owner.organizationId}`;
    expect((await app.send('DELETE', path, { token: owner.token })).status).toBeLessThan(300);
    await use('call', 5_000);
    expect(await listAlerts(owner)).toEqual([]);
  });
});
