import { beforeAll, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import {
  changePlan,
  createDocumentsMeter,
  fetchUsage,
  grantMinutes,
  recordMinutes,
} from '../usage/support.ts';

const MINUTE_MS = 60_000;
let app: TestApp;

beforeAll(() => {
  app = createTestApp();
});

async function readIncluded(person: Person, meter = 'participant_minutes', query = ''): Promise<unknown> {
  const { meters } = await fetchUsage(app, person, `summary${query}`);
  return meters.find((each: { meter: string }) => each.meter === meter).included;
}
const inMs = (minutes: { quantity: number; leftQuantity: number; overQuantity: number }) =>
  Object.fromEntries(Object.entries(minutes).map(([name, value]) => [name, value * MINUTE_MS]));

describe('what a plan includes', () => {
  it('is compared to the usage of the current month: what is left, then what is over', async () => {
    const owner = await app.person();
    expect(await readIncluded(owner)).toEqual(
      inMs({ quantity: 1_000, leftQuantity: 1_000, overQuantity: 0 }),
    );
    await recordMinutes(app, owner, 'first', 400);
    expect(await readIncluded(owner)).toEqual(inMs({ quantity: 1_000, leftQuantity: 600, overQuantity: 0 }));
    await recordMinutes(app, owner, 'second', 850);
    expect(await readIncluded(owner)).toEqual(inMs({ quantity: 1_000, leftQuantity: 0, overQuantity: 250 }));
  });

  it('is that of the plan as it is now, with the credits that operators granted', async () => {
    const owner = await app.person({ plan: 'pro' });
    await recordMinutes(app, owner, 'call', 2_000);
    expect(await readIncluded(owner)).toEqual(
      inMs({ quantity: 10_000, leftQuantity: 8_000, overQuantity: 0 }),
    );
    await grantMinutes(app, owner, 500);
    expect(await readIncluded(owner)).toEqual(
      inMs({ quantity: 10_500, leftQuantity: 8_500, overQuantity: 0 }),
    );
    expect(await readIncluded(await changePlan(app, owner, 'free'))).toEqual(
      inMs({ quantity: 1_500, leftQuantity: 0, overQuantity: 500 }),
    );
  });

  it('is null for own meters and for every period but the current month', async () => {
    const owner = await app.person();
    await createDocumentsMeter(app, owner);
    expect(await readIncluded(owner, 'acme.documents')).toBeNull();
    const now = new Date(app.clock.now());
    const monthAt = (later: number) =>
      new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + later, 1)).toISOString();
    const between = (from: string, to: string) => readIncluded(owner, undefined, `?from=${from}&to=${to}`);
    expect(await between(monthAt(0), monthAt(1))).not.toBeNull();
    expect(await between(monthAt(-1), monthAt(0))).toBeNull();
    expect(await between(monthAt(-1), monthAt(1))).toBeNull();
    expect(await between(monthAt(0), `${monthAt(0).slice(0, 8)}15T00:00:00.000Z`)).toBeNull();
  });
});
