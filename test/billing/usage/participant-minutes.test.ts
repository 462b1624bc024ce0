import { beforeEach, describe, expect, it } from 'vitest';
import { reconcileCalls } from '../../../src/calls/sync/index.ts';
import { sumHours } from '../../../src/billing/usage/sum-hours.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { BEHAVIOUR_HEADER } from '../../support/livekit/behaviour.ts';
import { planDeliveries } from '../../support/livekit/webhooks.ts';
import { randomFrom } from '../../support/random.ts';
import {
  deliverAll,
  openCall,
  renewToken,
  runReconciliation,
  sendEvents,
} from '../../calls/calls/support.ts';
import { simulate } from '../../calls/ledger/simulate-calls.ts';
import { countConnectedMs, fetchUsage, periodAround } from './support.ts';

const METER = 'participant_minutes';
/** How many simulated days are compared; `USAGE_SEEDS=20` for more. */
const SEEDS = Array.from({ length: Number(process.env.USAGE_SEEDS ?? 1) }, (_, index) => index + 1);

let app: TestApp;
let host: Person;

beforeEach(async () => {
  app = createTestApp();
  host = await app.person();
});

const period = () => periodAround(app);
async function readTotal(): Promise<number> {
  const { meters } = await fetchUsage(app, host, `summary?${period()}`);
  return meters.find(({ meter }: { meter: string }) => meter === METER).quantity;
}
async function readGroups(by: string): Promise<Record<string, number>> {
  const { groups } = await fetchUsage(app, host, `breakdown?meter=${METER}&by=${by}&limit=100&${period()}`);
  return Object.fromEntries(
    groups
      .map(({ value, quantity }: { value: string; quantity: number }) => [value, quantity])
      .filter(([, quantity]: [string, number]) => quantity > 0),
  );
}
const readRecords = async () =>
  (await fetchUsage(app, host, `records?meter=${METER}&limit=100&${period()}`)).data;

/** The cluster answers with lists from before everything began. */
async function whileListIsStale(work: () => Promise<unknown>): Promise<void> {
  const { fetch } = app.liveKit;
  Object.assign(app.liveKit, {
    fetch: (...given: Parameters<typeof fetch>) => {
      const request = new Request(...given);
      request.headers.set(BEHAVIOUR_HEADER, 'stale-list=999000');
      return fetch(request);
    },
  });
  await work().finally(() => Object.assign(app.liveKit, { fetch }));
}

describe('participant minutes', () => {
  it('count a connection once it has ended, with its room, call, kind, role, region and user', async () => {
    const { cluster } = app.liveKit;
    const { callId, roomId, identity } = await openCall(app, host);
    cluster.join(callId, identity);
    await deliverAll(app);
    expect(await readTotal()).toBe(0);
    app.clock.advanceSeconds(90);
    cluster.leave(callId, identity);
    await deliverAll(app);
    const [record, ...others] = await readRecords();
    expect(others).toEqual([]);
    expect(record).toMatchObject({
      revision: 1,
      source: null,
      dimensions: {
        room: roomId,
        call: callId,
        kind: 'user',
        role: 'host',
        region: 'unknown',
        user: host.userId,
      },
    });
    expect(Math.abs(record.quantity - 90_000)).toBeLessThan(1_000);
    expect(await readTotal()).toBe(record.quantity);
  });

  it('follow a correction: what a sweep concluded is taken back when a late report says otherwise', async () => {
    const { cluster } = app.liveKit;
    const { callId, identity } = await openCall(app, host);
    cluster.join(callId, identity);
    await deliverAll(app);
    app.clock.advanceSeconds(60);
    cluster.leave(callId, identity);
    const late = cluster.events.splice(0);
    app.clock.advanceSeconds(40);
    await runReconciliation(app);
    const concluded = await readRecords();
    expect(concluded).toMatchObject([{ revision: 1 }]);
    app.clock.advanceSeconds(1);
    await deliverAll(app, late);
    host = await renewToken(app, host);
    const [correction, first] = await readRecords();
    expect(first).toEqual(concluded[0]);
    expect(correction).toMatchObject({
      revision: 2,
      occurredAt: first.occurredAt,
      dimensions: first.dimensions,
    });
    const { total } = await countConnectedMs(app, host.organizationId);
    expect(Math.abs(total - 60_000)).toBeLessThan(1_000);
    expect(first.quantity + correction.quantity).toBe(total);
    expect(await readTotal()).toBe(total);
  });

  it('of a call that is back are taken back, until it ends', async () => {
    const { cluster } = app.liveKit;
    const { callId, identity } = await openCall(app, host);
    cluster.join(callId, identity);
    const seen = cluster.events.splice(0);
    await deliverAll(app, seen);
    app.clock.advanceSeconds(30);
    await runReconciliation(app);
    app.clock.advanceSeconds(60);
    await whileListIsStale(() => runReconciliation(app));
    expect(await readTotal()).toBe(90_000);
    app.clock.advanceSeconds(60);
    await runReconciliation(app);
    expect(await readTotal()).toBe(0);
  });

  it.each(SEEDS)(
    'equal the ledger counted from its rows, whatever is lost, repeated, late and corrected: %i',
    async (seed) => {
      const random = randomFrom(seed);
      const { cluster } = app.liveKit;
      const callIds: string[] = [];
      for (let call = 0; call < 8; call++) callIds.push((await openCall(app, host)).callId);
      const moveTo = (ms: number) => app.clock.advanceSeconds((ms - app.clock.now()) / 1000);
      simulate(seed, callIds, { cluster, startMs: app.clock.now(), moveTo });
      const plan = planDeliveries(cluster.events.splice(0), {
        seed,
        drop: 0.2,
        duplicate: 0.2,
        shuffle: true,
      });
      let waiting = plan.map(({ event }) => event);
      while (waiting.length > 0) {
        const some = Math.ceil(random() * 60);
        await sendEvents(app, waiting.slice(0, some));
        waiting = waiting.slice(some);
        if (random() < 0.3) await reconcileCalls(app.services);
        if (random() < 0.6) await app.drain();
        if (random() < 0.3) await sumHours(app.services);
      }
      await app.drain();
      await runReconciliation(app);
      host = await renewToken(app, host);

      const truth = await countConnectedMs(app, host.organizationId);
      expect(truth.total).toBeGreaterThan(1_000_000);
      const check = async () => {
        expect(await readTotal()).toBe(truth.total);
        expect(await readGroups('call')).toEqual(truth.byCall);
        expect(await readGroups('kind')).toEqual(truth.byKind);
        const { intervals } = await fetchUsage(
          app,
          host,
          `timeline?meter=${METER}&interval=hour&${periodAround(app, 2)}`,
        );
        const used = intervals.filter(({ quantity }: { quantity: number }) => quantity > 0);
        expect(
          Object.fromEntries(
            used.map((each: { startsAt: string; quantity: number }) => [each.startsAt, each.quantity]),
          ),
        ).toEqual(truth.byHour);
      };
      await check(); // with stale hours
      await sumHours(app.services);
      expect(await sumHours(app.services)).toEqual({ hours: 0, changed: [] });
      await check();
    },
  );
});
