import { beforeEach, expect, it } from 'vitest';
import { createTestApp, type TestApp } from '../../support/app.ts';
import { createMeterName, storePrices, type TestPrice } from '../costs/support.ts';

let app: TestApp;
let meter: string;

beforeEach(() => {
  app = createTestApp();
  meter = createMeterName();
});

/** Sends prices of the meter in one list. @returns the starts of those that were stored, by month, and how many were left out */
async function send(...prices: Partial<TestPrice>[]): Promise<[string[], number]> {
  const body = {
    prices: prices.map((price) => ({ meter, unitQuantity: 60_000, source: 'test', ...price })),
  };
  const answer = await app.send('POST', '/api/v1/operator/prices', { token: app.operator, body });
  expect(answer).toMatchObject({ status: 200 });
  const starts = answer.body.created.map(({ startsAt }: { startsAt: string }) => startsAt.slice(5, 7));
  return [starts, answer.body.unchangedCount];
}
const from = (month: string, unitPrice: string, rest: Partial<TestPrice> = {}) => ({
  startsAt: `2026-${month}-01T00:00:00Z`,
  unitPrice,
  ...rest,
});

it('a price is left out only if it repeats what applies at its start, also by an earlier one of the list', async () => {
  await storePrices(app, { meter, unitPrice: '0.01' });
  const list = [from('04', '0.01'), from('03', '0.02'), from('05', '0.01'), from('02', '0.01')];
  expect(await send(...list)).toEqual([['04', '03'], 2]);
  expect(await send(...list)).toEqual([[], 4]);
});

it('a stored price between two of a list decides about the later one', async () => {
  await storePrices(app, { meter, unitPrice: '0.01' });
  await storePrices(app, { meter, unitPrice: '0.03', startsAt: '2026-03-01T00:00:00Z' });
  expect(await send(from('02', '0.02'), from('04', '0.03'))).toEqual([['02'], 1]);
  expect(await send(from('03', '0.02'), from('04', '0.03'))).toEqual([['03', '04'], 0]);
});

it('a price that repeats an earlier one for another region or with another end is stored', async () => {
  await storePrices(app, { meter, unitPrice: '0.01' });
  const list = [
    from('03', '0.02'),
    from('03', '0.02', { region: 'EU' }),
    from('04', '0.02', { region: 'EU' }),
    from('05', '0.02', { endsAt: '2026-06-01T00:00:00Z' }),
    from('06', '0.02', { region: 'EU', endsAt: '2026-07-01T00:00:00Z' }),
  ];
  expect(await send(...list)).toEqual([['03', '03', '05', '06'], 1]);
});
