import { beforeEach, describe, expect, it } from 'vitest';
import { sumCosts } from '../../../src/billing/costs/sum-days.ts';
import { priceQuantity } from '../../../src/kernel/money/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { randomFrom } from '../../support/random.ts';
import {
  costOf,
  countLines,
  createMeterName,
  fetchCosts,
  fetchOperatorCosts,
  recordUsage,
  repriceAll,
  storePrices,
  type TestPrice,
} from './support.ts';

let app: TestApp;
let owner: Person;

beforeEach(async () => {
  app = createTestApp();
  owner = await app.person();
});

it('the database prices a quantity as kernel/money does, to the micro-unit', async () => {
  const random = randomFrom(7);
  const whole = (most: number) => Math.floor(random() ** 4 * most);
  const cases = Array.from({ length: 3_000 }, (_, at) => ({
    at,
    quantity: whole(10 ** 9) * (random() < 0.5 ? -1 : 1),
    // Often a power of ten, so that halves are met.
    nanos: random() < 0.5 ? whole(10 ** 9) : 500 * whole(10),
    unit: random() < 0.5 ? 1 + whole(10 ** 6) : 10 ** Math.floor(random() * 7),
  }));
  const rows = await ownerSql<{ at: number; micros: string }>(
    `select c.at, price_micros(c.quantity, c.nanos, c.unit)::text as micros
     from jsonb_to_recordset($1::jsonb) as c(at integer, quantity bigint, nanos bigint, unit bigint) order by c.at`,
    [JSON.stringify(cases)],
  );
  const expected = cases.map(({ quantity, nanos, unit }) =>
    priceQuantity(BigInt(quantity), { nanos: BigInt(nanos), unitQuantity: BigInt(unit) }),
  );
  expect(rows.map(({ micros }) => BigInt(micros))).toEqual(expected);
});

const REGIONS = ['EU', 'NA', undefined];
const MODELS = ['small', 'large', undefined];
const MONTHS = ['2026-01', '2026-02', '2026-03', '2026-04'];

interface Revision {
  quantity: number;
  hour: string;
  dimensions: Record<string, string>;
}

/** The price that applies, found in another way than the product's: all that match, the best one last. */
function findPrice(prices: readonly (TestPrice & { order: number })[], { hour, dimensions }: Revision) {
  const inForce = new Map<string, TestPrice & { order: number }>();
  for (const price of prices.toSorted((a, b) => a.startsAt!.localeCompare(b.startsAt!) || a.order - b.order))
    if (price.startsAt! <= hour) inForce.set(`${price.region} ${price.model}`, price);
  const fits = (price: TestPrice) =>
    (price.region === undefined || price.region === dimensions.region) &&
    (price.model === undefined || price.model === dimensions.model);
  const rank = (price: TestPrice) => (price.model ? 2 : 0) + (price.region ? 1 : 0);
  return [...inForce.values()].filter(fits).toSorted((a, b) => rank(b) - rank(a))[0];
}

/** The operator's sums equal a count over the lines, for full days and for parts of days. */
async function expectOperatorSums(): Promise<void> {
  for (const [from, to] of [
    ['2026-01-01T00:00:00Z', '2026-12-31T00:00:00Z'],
    ['2026-01-31T05:00:00Z', '2026-03-01T01:00:00Z'],
    ['2026-02-01T00:00:00Z', '2026-02-01T01:00:00Z'],
  ] as const)
    for (const by of ['organization', 'meter', 'model', 'day'])
      expect(await fetchOperatorCosts(app, by, `from=${from}&to=${to}`)).toEqual(
        await countLines(by, from, to),
      );
  const [from, to] = ['2026-02-01T05:00:00Z', '2026-02-08T05:00:00Z'];
  expect(await fetchOperatorCosts(app, 'call', `from=${from}&to=${to}`)).toEqual(
    await countLines('call', from, to),
  );
}

it('costs of all organizations by call are read of seven days at most', async () => {
  const path = '/api/v1/operator/costs/summary?by=call';
  const read = (query: string) => app.send('GET', `${path}${query}`, { token: app.operator });
  const hoursOf = ({ body }: { body: { from: string; to: string } }) =>
    (Date.parse(body.to) - Date.parse(body.from)) / 3_600_000;
  const asked = '&from=2026-02-01T05:00:00Z&to=2026-02-08T05:00:00Z';
  expect(hoursOf(await read(asked))).toBe(168);
  expect(hoursOf(await read(''))).toBeLessThanOrEqual(169);
  expect(await read('&from=2026-02-01T05:00:00Z&to=2026-02-08T07:00:00Z')).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: '#/query/to' }] },
  });
});

describe('costs of random usage', () => {
  it.each([1, 2, 3])(
    'equal a calculation from the records, whatever is corrected, moved, repeated and priced again, in any order: %i',
    async (seed) => {
      const random = randomFrom(seed);
      const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
      const meter = createMeterName();
      const prices: (TestPrice & { order: number })[] = [];
      const priceIds: string[] = [];
      const truth = new Map<string, { version: number; revisions: Revision[] }>();

      const storePrice = async () => {
        const [region, model] = [pick(REGIONS), pick(MODELS)];
        const unitPrice = (Math.floor(random() * 10_000) / 1_000_000).toFixed(6);
        const price = {
          meter,
          unitPrice,
          startsAt: `${pick(MONTHS)}-01T00:00:00.000Z`,
          ...(region ? { region } : {}),
          ...(model ? { model } : {}),
        };
        priceIds.push(...(await storePrices(app, price)));
        prices.push({ ...price, order: prices.length });
      };
      const use = async () => {
        const key = truth.size > 3 && random() < 0.5 ? pick([...truth.keys()]) : `key-${truth.size}`;
        const known = truth.get(key);
        const dimensions =
          known?.revisions[0]?.dimensions ??
          Object.fromEntries(
            Object.entries({ region: pick(REGIONS), model: pick(MODELS) }).filter(
              ([, value]) => value !== undefined,
            ),
          );
        const quantity = Math.floor(random() * 100_000);
        const hour =
          known && random() < 0.7 ? known.revisions.at(-1)!.hour : `${pick(MONTHS)}-01T00:00:00.000Z`;
        const version = (known?.version ?? 0) + 1;
        await recordUsage(app, owner, {
          meter,
          key,
          quantity,
          version,
          at: hour,
          dimensions: dimensions as Record<string, string>,
        });
        const former = known?.revisions ?? [];
        const sum = former.reduce((total, revision) => total + revision.quantity, 0);
        const last = former.at(-1);
        const added =
          last && last.hour !== hour
            ? [
                { quantity: -sum, hour: last.hour, dimensions },
                { quantity, hour, dimensions },
              ]
            : [{ quantity: quantity - sum, hour, dimensions }];
        truth.set(key, { version, revisions: [...former, ...(added as Revision[])] });
      };
      for (let step = 0; step < 60; step++) {
        const dice = random();
        if (dice < 0.2) await storePrice();
        else if (dice < 0.3 && priceIds.length > 0) await repriceAll(app, pick(priceIds));
        else await use();
        if (random() < 0.4) await app.drain();
        if (random() < 0.2) await sumCosts(app.services);
      }
      await app.drain();
      for (const id of priceIds) await repriceAll(app, id);

      await expectOperatorSums();
      await sumCosts(app.services);
      await expectOperatorSums();

      const revisions = [...truth.values()]
        .flatMap((each) => each.revisions)
        .filter(({ quantity }) => quantity !== 0);
      let [amount, known, unknown] = [0n, 0, 0];
      for (const revision of revisions) {
        const price = findPrice(prices, revision);
        if (!price) unknown++;
        else {
          known++;
          const nanos = BigInt(price.unitPrice.replace('.', '')) * 1_000n;
          amount += priceQuantity(BigInt(revision.quantity), { nanos, unitQuantity: 60_000n });
        }
      }
      expect(known + unknown).toBeGreaterThan(20);
      expect(await costOf(app, owner, meter)).toEqual([known === 0 ? null : Number(amount), unknown]);
      for (const by of ['day', 'user', 'model', 'call']) {
        const { groups, other, total } = await fetchCosts(app, owner, by);
        const parts = [...groups, other] as { cost: { amountMicros: number | null }; unknownCount: number }[];
        expect(parts.reduce((sum, { cost }) => sum + (cost.amountMicros ?? 0), 0)).toBe(
          total.cost.amountMicros,
        );
        expect(parts.reduce((sum, { unknownCount }) => sum + unknownCount, 0)).toBe(total.unknownCount);
      }
    },
    120_000,
  );
});
