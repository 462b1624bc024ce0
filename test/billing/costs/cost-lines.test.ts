import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { ownerSql } from '../../contract/sql.ts';
import {
  costOf,
  createMeterName,
  fetchCosts,
  fetchOperatorCosts,
  recordUsage,
  repriceAll,
  storePrices,
} from './support.ts';

let app: TestApp;
let owner: Person;
let meter: string;

beforeEach(async () => {
  app = createTestApp();
  owner = await app.person();
  meter = createMeterName();
});

const MINUTE = 60_000;
const use = async (usage: Omit<Parameters<typeof recordUsage>[2], 'meter'>) => {
  await recordUsage(app, owner, { meter, at: '2026-03-01T12:00:00Z', ...usage });
  await app.drain();
};
const cost = () => costOf(app, owner, meter);

describe('the price of usage', () => {
  it('is unknown without a price, and not zero', async () => {
    await use({ quantity: MINUTE });
    await use({ quantity: MINUTE });
    expect(await cost()).toEqual([null, 2]);
    await storePrices(app, { meter, unitPrice: '0.01' });
    await use({ quantity: MINUTE });
    expect(await cost()).toEqual([10_000, 2]);
  });

  it('is zero where a price of zero says so', async () => {
    await storePrices(app, { meter, unitPrice: '0' });
    await use({ quantity: MINUTE });
    expect(await cost()).toEqual([0, 0]);
  });

  it('is that of the match with most dimensions; the model decides before the provider, the provider before the region', async () => {
    const [model, provider, region] = ['m', 'p', 'r'];
    await storePrices(
      app,
      { meter, unitPrice: '0.000001' },
      { meter, unitPrice: '0.000002', region },
      { meter, unitPrice: '0.000004', provider },
      { meter, unitPrice: '0.000008', model },
      { meter, unitPrice: '0.000016', provider, region },
      { meter, unitPrice: '0.000032', model, region },
      { meter, unitPrice: '0.000064', model, provider },
      { meter, unitPrice: '0.000128', model, provider, region },
      { meter, unitPrice: '0.5', model: 'other', provider, region },
    );
    const expected: [Record<string, string>, number][] = [
      [{}, 1],
      [{ region }, 2],
      [{ provider }, 4],
      [{ model }, 8],
      [{ provider, region }, 16],
      [{ model, region }, 32],
      [{ model, provider }, 64],
      [{ model, provider, region }, 128],
      [{ model: 'unpriced', provider, region }, 16],
      [{ model: 'unpriced', region: 'unpriced' }, 1],
    ];
    for (const [dimensions, micros] of expected) {
      const person = await app.person();
      await recordUsage(app, person, { meter, at: '2026-03-01T12:00:00Z', quantity: MINUTE, dimensions });
      await app.drain();
      expect([dimensions, await costOf(app, person, meter)]).toEqual([dimensions, [micros, 0]]);
    }
  });

  it('is that of the moment of the usage: before, at and after the midnight at which a price begins', async () => {
    await storePrices(
      app,
      { meter, unitPrice: '0.01', startsAt: '2026-02-01T00:00:00Z' },
      { meter, unitPrice: '0.02', startsAt: '2026-03-01T00:00:00Z', endsAt: '2026-04-01T00:00:00Z' },
    );
    await use({ quantity: MINUTE, at: '2026-01-31T23:59:59.999Z' });
    await use({ quantity: MINUTE, at: '2026-02-01T00:00:00.000Z' });
    await use({ quantity: MINUTE, at: '2026-02-28T23:59:59.999Z' });
    await use({ quantity: MINUTE, at: '2026-03-01T00:00:00.000Z' });
    await use({ quantity: MINUTE, at: '2026-03-31T23:59:59.999Z' });
    await use({ quantity: MINUTE, at: '2026-04-01T00:00:00.000Z' });
    const { groups } = await fetchCosts(app, owner, 'day');
    type Group = { value: string; cost: { amountMicros: number | null }; unknownCount: number };
    const days = (groups as Group[]).map((each) => [each.value, each.cost.amountMicros, each.unknownCount]);
    expect(days).toEqual([
      ['2026-01-31', null, 1],
      ['2026-02-01', 10_000, 0],
      ['2026-02-28', 10_000, 0],
      ['2026-03-01', 20_000, 0],
      ['2026-03-31', 20_000, 0],
      ['2026-04-01', null, 1],
    ]);
  });
});

describe('a correction of usage', () => {
  it('is a line with the difference; the former line stays as it was', async () => {
    await storePrices(app, { meter, unitPrice: '0.01' });
    await use({ key: 'k', quantity: 10 * MINUTE });
    await use({ key: 'k', quantity: 4 * MINUTE, version: 2 });
    expect(await cost()).toEqual([40_000, 0]);
    const rows = await ownerSql(
      'select quantity::int, amount_micros::int from cost_lines where meter = $1 order by quantity desc',
      [meter],
    );
    expect(rows).toEqual([
      { quantity: 10 * MINUTE, amount_micros: 100_000 },
      { quantity: -6 * MINUTE, amount_micros: -60_000 },
    ]);
  });

  it('that takes everything back leaves a cost of nothing', async () => {
    await storePrices(app, { meter, unitPrice: '0.01' });
    await use({ key: 'k', quantity: 7_777 });
    await use({ key: 'k', quantity: 0, version: 2 });
    expect(await cost()).toEqual([0, 0]);
  });

  it('that moves usage over the start of a price costs what it costs there', async () => {
    await storePrices(
      app,
      { meter, unitPrice: '0.01' },
      { meter, unitPrice: '0.03', startsAt: '2026-03-01T00:00:00Z' },
    );
    await use({ key: 'k', quantity: MINUTE, at: '2026-02-28T23:30:00Z' });
    expect(await cost()).toEqual([10_000, 0]);
    await use({ key: 'k', quantity: MINUTE, version: 2, at: '2026-03-01T00:10:00Z' });
    expect(await cost()).toEqual([30_000, 0]);
  });
});

describe('usage that is priced again', () => {
  it('gets a price that became known, and is unknown no more', async () => {
    await use({ quantity: MINUTE });
    await use({ quantity: 3 * MINUTE });
    const [price] = await storePrices(app, { meter, unitPrice: '0.01' });
    expect(await cost()).toEqual([null, 2]);
    expect(await repriceAll(app, price!)).toBe(2);
    expect(await cost()).toEqual([40_000, 0]);
    expect(await repriceAll(app, price!)).toBe(0);
    expect(await cost()).toEqual([40_000, 0]);
  });

  it('gets the price that replaced another one from the same moment on; the lines before stay', async () => {
    const [wrong] = await storePrices(app, { meter, unitPrice: '0.01' });
    await use({ quantity: MINUTE, at: '2026-02-01T00:00:00Z' });
    await use({ key: 'k', quantity: 5 * MINUTE });
    await use({ key: 'k', quantity: 2 * MINUTE, version: 2 });
    const before = await ownerSql('select * from cost_lines where meter = $1 order by usage_id, entry', [
      meter,
    ]);
    const [right] = await storePrices(app, { meter, unitPrice: '0.07' });
    expect(await repriceAll(app, right!)).toBe(3);
    expect(await cost()).toEqual([210_000, 0]);
    const after = await ownerSql('select * from cost_lines where meter = $1 order by usage_id, entry', [
      meter,
    ]);
    expect(after).toHaveLength(9);
    expect(after.filter(({ entry }) => entry === 1)).toEqual(before);
    expect(await repriceAll(app, wrong!)).toBe(0);
  });

  it('stays as it is where a later price begins after it', async () => {
    await storePrices(app, { meter, unitPrice: '0.01' });
    await use({ quantity: MINUTE, at: '2026-02-28T23:59:59.999Z' });
    await use({ quantity: MINUTE, at: '2026-03-01T00:00:00Z' });
    const [later] = await storePrices(app, { meter, unitPrice: '0.02', startsAt: '2026-03-01T00:00:00Z' });
    expect(await repriceAll(app, later!)).toBe(1);
    expect(await cost()).toEqual([30_000, 0]);
  });

  it('is unknown, and not zero, once the price that it had is replaced by one that ends before it', async () => {
    const [price] = await storePrices(app, { meter, unitPrice: '0.01' });
    await use({ quantity: MINUTE });
    await storePrices(app, { meter, unitPrice: '0.02', endsAt: '2026-02-01T00:00:00Z' });
    expect(await repriceAll(app, price!)).toBe(1);
    expect(await cost()).toEqual([null, 1]);
    await use({ quantity: MINUTE, at: '2026-01-15T00:00:00Z' });
    expect(await cost()).toEqual([20_000, 1]);
  });

  it('has the price that lines would have now, also after the end of the price that is asked for', async () => {
    await storePrices(app, { meter, unitPrice: '0.01' });
    await use({ quantity: MINUTE, at: '2026-06-01T00:00:00Z' });
    const [ending] = await storePrices(app, {
      meter,
      unitPrice: '0.02',
      startsAt: '2026-02-01T00:00:00Z',
      endsAt: '2026-03-01T00:00:00Z',
    });
    expect(await repriceAll(app, ending!)).toBe(1);
    expect(await cost()).toEqual([null, 1]);
  });

  it('of an organization that was recorded without lines gets them', async () => {
    const [price] = await storePrices(app, { meter, unitPrice: '0.01' });
    await recordUsage(app, owner, { meter, quantity: MINUTE });
    await app.drain([]);
    expect(await cost()).toEqual([0, 0]);
    expect(await repriceAll(app, price!)).toBe(1);
    expect(await cost()).toEqual([10_000, 0]);
  });

  it('is priced once by two that do it at the same time', async () => {
    await use({ quantity: MINUTE });
    for (let at = 0; at < 20; at++)
      await recordUsage(app, owner, { meter, quantity: MINUTE, at: '2026-03-01T12:00:00Z' });
    await app.drain();
    const [price] = await storePrices(app, { meter, unitPrice: '0.01' });
    const counts = await Promise.all(Array.from({ length: 6 }, () => repriceAll(app, price!)));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(21);
    expect(await cost()).toEqual([210_000, 0]);
  });
});

it('a price that is stored while costs are calculated is missed by none: priced again, all usage has it', async () => {
  await storePrices(app, { meter, unitPrice: '0.01' });
  for (let at = 0; at < 12; at++)
    await recordUsage(app, owner, { meter, quantity: MINUTE, at: '2026-03-01T12:00:00Z' });
  const [, [price]] = await Promise.all([app.drain(), storePrices(app, { meter, unitPrice: '0.05' })]);
  await app.drain();
  await repriceAll(app, price!);
  expect(await cost()).toEqual([600_000, 0]);
});

it('a repeated delivery adds no line', async () => {
  await storePrices(app, { meter, unitPrice: '0.01' });
  await use({ key: 'k', quantity: MINUTE });
  await use({ key: 'k', quantity: MINUTE, version: 1 });
  expect(await cost()).toEqual([10_000, 0]);
});

it('costs of another organization are not visible, nor are prices that are not used', async () => {
  await storePrices(app, { meter, unitPrice: '0.01' });
  await use({ quantity: MINUTE });
  const other = await app.person();
  expect(await fetchCosts(app, other)).toMatchObject({ groups: [], total: { cost: { amountMicros: 0 } } });
  const seen = (organizationId: string) =>
    app.services.database.read({ role: 'app', organizationId, userId: null }, (q) => [
      q.execute(
        `select (select count(*)::int from cost_lines) as lines, (select count(*)::int from price_versions) as prices`,
      ),
    ]);
  expect((await seen(other.organizationId))[0].rows).toEqual([{ lines: 0, prices: 0 }]);
  expect((await seen(owner.organizationId))[0].rows).toEqual([{ lines: 1, prices: 1 }]);
});

it('a price with which a cost was calculated can neither be changed nor deleted, not even by the owner of the database', async () => {
  const [used, unused] = await storePrices(
    app,
    { meter, unitPrice: '0.01' },
    { meter, unitPrice: '1', model: 'm' },
  );
  await use({ quantity: MINUTE });
  const remove = (id: string) => app.send('DELETE', `/api/v1/operator/prices/${id}`, { token: app.operator });
  expect(await remove(used!)).toMatchObject({ status: 409, body: { code: 'prices.in_use' } });
  await expect(ownerSql('delete from price_versions where id = $1', [used])).rejects.toThrow('prices.in_use');
  await expect(ownerSql('update price_versions set nanos = 1 where id = $1', [used])).rejects.toThrow(
    'never changed',
  );
  await expect(ownerSql('update price_versions set nanos = 1 where id = $1', [unused])).rejects.toThrow(
    'never changed',
  );
  expect(await remove(unused!)).toMatchObject({ status: 204 });
  expect(await remove(unused!)).toMatchObject({ status: 404 });
});

it('usage that the organization counts itself has no cost', async () => {
  const body = { name: 'acme.documents', unit: 'count', description: 'Documents.' };
  await app.send('POST', '/api/v1/usage/meters', { token: owner.token, body });
  const event = {
    specversion: '1.0',
    id: '1',
    source: 'acme',
    type: 'acme.documents',
    data: { quantity: 5 },
  };
  expect(await app.send('POST', '/api/v1/usage/events', { token: owner.token, body: event })).toMatchObject({
    status: 200,
  });
  await app.drain();
  expect(await fetchCosts(app, owner)).toMatchObject({ groups: [], total: { unknownCount: 0 } });
});

it('costs are summed by the feature that each meter belongs to, for the organization and for operators', async () => {
  const ofStorage = ['stored_gigabyte_months', 'downloaded_gigabytes'];
  for (const name of ofStorage) await storePrices(app, { meter: name, unitPrice: '0.01' });
  for (const name of [...ofStorage, 'recording_minutes'])
    await recordUsage(app, owner, { meter: name, quantity: MINUTE, at: '2026-03-01T12:00:00Z' });
  await use({ quantity: MINUTE });
  const { groups } = await fetchCosts(app, owner, 'feature');
  expect(groups).toEqual([
    { value: 'storage', cost: { amountMicros: 20_000, currency: 'USD' }, unknownCount: 0 },
    { value: 'recordings', cost: { amountMicros: null, currency: 'USD' }, unknownCount: 1 },
    { value: null, cost: { amountMicros: null, currency: 'USD' }, unknownCount: 1 },
  ]);
  const all = await fetchOperatorCosts(app, 'feature', 'from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z');
  expect(all).toEqual(expect.arrayContaining([['storage', 20_000, 0]]));
});
