import { beforeEach, describe, expect, it } from 'vitest';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { createMeterName, recordUsage, repriceAll, storePrices } from '../costs/support.ts';

let app: TestApp;
let owner: Person;
let meter: string;
/** Bills are compared to usage of all organizations, so that each test has a provider of its own. */
let provider: string;

beforeEach(async () => {
  app = createTestApp();
  owner = await app.person();
  meter = createMeterName();
  provider = `${meter}_provider`;
});

const send = (body: object) =>
  app.send('POST', '/api/v1/operator/bills/compare', {
    token: app.operator,
    body: { provider, from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z', ...body },
  });
async function compare(body: object) {
  const answer = await send(body);
  expect(answer).toMatchObject({ status: 200 });
  return answer.body;
}
const use = async (quantity: number, dimensions: Record<string, string> = {}, person = owner) => {
  await recordUsage(app, person, { meter, quantity, at: '2026-03-10T12:00:00Z', dimensions });
  await app.drain();
};
const price = (unitPrice: string, rest: object = {}) =>
  storePrices(app, { meter, unitPrice, unitQuantity: 1_000, ...rest });
const line = (quantity: number, amountMicros: number, rest: object = {}) => ({
  meter,
  quantity,
  amountMicros,
  ...rest,
});

describe('a line of a bill', () => {
  it.each([
    ['equal', 10_000, 1_000_000, 0],
    ['rounding', 10_000, 1_004_000, 4_000],
    ['price_differs', 10_000, 1_500_000, 500_000],
    ['quantity_differs', 15_000, 1_500_000, 500_000],
    ['quantity_and_price_differ', 15_000, 1_000_000, 0],
  ])('differs from what was counted by a cause: %s', async (cause, quantity, amount, difference) => {
    await price('0.1');
    await use(4_000);
    await use(6_000, {}, await app.person());
    const { lines, billed, counted, differentCount } = await compare({ lines: [line(quantity, amount)] });
    expect(lines).toMatchObject([
      {
        cause,
        billed: { quantity },
        counted: { quantity: 10_000, unknownCount: 0 },
        difference: { amountMicros: difference },
      },
    ]);
    expect([billed.amountMicros, counted.amountMicros]).toEqual([amount, 1_000_000]);
    expect(differentCount).toBe(['equal', 'rounding'].includes(cause) ? 0 : 1);
  });

  it('for which nothing was counted is missing here; usage outside of the period does not count', async () => {
    await price('0.1');
    await recordUsage(app, owner, { meter, quantity: 10_000, at: '2026-04-01T00:00:00Z' });
    await app.drain();
    expect((await compare({ lines: [line(10_000, 1_000_000)] })).lines).toMatchObject([
      { cause: 'missing_here', counted: null, difference: { amountMicros: 1_000_000 } },
    ]);
  });

  it('whose usage has no price has an unknown difference', async () => {
    await use(10_000);
    const { lines, counted } = await compare({ lines: [line(10_000, 1_000_000)] });
    expect(lines).toMatchObject([
      {
        cause: 'unknown_price',
        counted: { cost: { amountMicros: null }, unknownCount: 1 },
        difference: { amountMicros: null },
      },
    ]);
    expect(counted.amountMicros).toBe(null);
  });

  it('whose usage lost its price when it was priced again has an unknown difference, and no cost of zero', async () => {
    const [first] = await price('0.1');
    await use(10_000);
    await price('0.2', { endsAt: '2026-02-01T00:00:00Z' });
    expect(await repriceAll(app, first!)).toBe(1);
    const { lines, counted } = await compare({ lines: [line(10_000, 1_000_000)] });
    expect(lines).toMatchObject([
      { cause: 'unknown_price', counted: { cost: { amountMicros: null }, unknownCount: 1 } },
    ]);
    expect(counted.amountMicros).toBe(null);
  });

  it('has the usage that no line with more of its model and region has; what is on none is missing there', async () => {
    await price('0.1');
    await use(1_000, { provider, model: 'a', region: 'EU' });
    await use(2_000, { provider, model: 'a', region: 'NA' });
    await use(4_000, { provider, model: 'b', region: 'EU' });
    await use(8_000, { provider });
    await use(16_000, { provider: 'other', model: 'a' });
    const lines = [
      line(1_000, 100_000, { model: 'a', region: 'EU' }),
      line(2_000, 200_000, { model: 'a' }),
      line(4_000, 400_000, { region: 'EU' }),
    ];
    const compared = await compare({ lines });
    expect(compared.lines.map(({ cause }: { cause: string }) => cause)).toEqual([
      'equal',
      'equal',
      'equal',
      'missing_there',
    ]);
    expect(compared.lines[3]).toMatchObject({
      billed: null,
      counted: { quantity: 8_000 },
      difference: { amountMicros: -800_000 },
    });
    const differences = compared.lines.map(
      ({ difference }: { difference: { amountMicros: number } }) => difference.amountMicros,
    );
    expect(differences.reduce((sum: number, each: number) => sum + each, 0)).toBe(
      compared.billed.amountMicros - compared.counted.amountMicros,
    );
  });
});

describe('a bill in CSV', () => {
  it('is read with quotes, other line ends, a byte order mark and any order of columns', async () => {
    await price('0.1');
    await use(10_000, { provider, model: 'a, "b"' });
    const csv = `\uFEFFamount,Meter,model,quantity\r\n1.0,${meter},"a, ""b""",10000\r\n\r\n`;
    expect((await compare({ csv })).lines).toMatchObject([{ model: 'a, "b"', region: null, cause: 'equal' }]);
  });

  const header = 'meter,quantity,amount';
  it.each([
    ['an unknown column', `${header},discount\nm,1,1,1`, 'has an unknown column "discount"'],
    ['a column less', 'meter,amount\nm,1', 'has no column quantity'],
    ['a column twice', `${header},amount\nm,1,1,1`, 'has a column twice'],
    ['no line', `${header}\n`, 'has no line below its header'],
    ['a field less', `${header}\nm,1`, 'row 2 has 2 fields, not 3'],
    ['an open quote', `${header}\n"m,1,1`, 'ends within a quoted field'],
    ['a quote within a field', `${header}\nm"x,1,1`, 'row 2 has a quote within a field'],
    ['text after a quoted field', `${header}\n"m"x,1,1`, 'row 2 has text after a quoted field'],
    [
      'a comma in an amount',
      `${header}\nm,1,"1,5"`,
      'row 2: amount must be a decimal number of USD with at most 6 decimals',
    ],
    [
      'an amount that is not exact',
      `${header}\nm,1,0.0000001`,
      'row 2: amount must be a decimal number of USD with at most 6 decimals',
    ],
    [
      'an amount in another form',
      `${header}\nm,1,1e3`,
      'row 2: amount must be a decimal number of USD with at most 6 decimals',
    ],
    ['a negative quantity', `${header}\nm,-1,1`, 'row 2: quantity is not valid'],
    ['a part of a unit', `${header}\nm,1.5,1`, 'row 2: quantity is not valid'],
    ['no meter', `${header}\n,1,1`, 'row 2: meter is not valid'],
    ['too many columns', `${header}\n${','.repeat(200_000)}`, 'row 2 has more than 10 fields'],
    ['too many rows', `${header}\n${'m,1,1\n'.repeat(2_001)}`, 'has more than 2001 rows'],
  ])('with %s is refused as a whole, with what is wrong', async (_what, csv, message) => {
    const answer = await send({ csv });
    expect(answer).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    expect(answer.body.errors).toEqual([{ pointer: '/csv', message }]);
  });

  it('of every size and form is answered: random texts are read or refused', async () => {
    const pieces = ['"', ',', '\n', '\r\n', 'm', '1', '0.5', header, '', ' ', '\u0000', '€', "'", ';', '\t'];
    for (let round = 0; round < 150; round++) {
      const csv = Array.from(
        { length: round % 40 },
        (_, at) => pieces[(round * 7 + at * at * 3) % pieces.length],
      ).join('');
      expect([200, 400]).toContain((await send({ csv })).status);
    }
  });
});

it('a bill has each meter, model and region once, and lines or CSV, not both', async () => {
  expect(await send({ lines: [line(1, 1), line(2, 2)] })).toMatchObject({ status: 400 });
  expect(await send({ lines: [line(1, 1)], csv: 'meter' })).toMatchObject({ status: 400 });
  expect(await send({})).toMatchObject({ status: 400 });
  expect(await send({ lines: [line(1, 1)], to: '2026-02-01T00:00:00Z' })).toMatchObject({ status: 400 });
});

it('bills are for operators alone', async () => {
  const answer = await app.send('POST', '/api/v1/operator/bills/compare', {
    token: owner.token,
    body: { provider: 'p', from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z', lines: [line(1, 1)] },
  });
  expect(answer.status).toBeGreaterThanOrEqual(401);
  expect(answer.status).toBeLessThanOrEqual(403);
});
