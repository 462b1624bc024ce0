import { beforeAll, describe, expect, it } from 'vitest';
import { sumHours } from '../../../src/billing/usage/sum-hours.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { randomFrom } from '../../support/random.ts';
import { fetchUsage } from './support.ts';

let app: TestApp;
let owner: Person;
const METER = 'acme.documents';
const PERIOD = 'from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z';

async function createMeter(person: Person, name: string): Promise<void> {
  const body = { name, unit: 'count', description: 'Documents.', dimensions: ['template'] };
  expect(await app.send('POST', '/api/v1/usage/meters', { token: person.token, body })).toMatchObject({
    status: 201,
  });
}

beforeAll(async () => {
  app = createTestApp();
  owner = await app.person();
  await createMeter(owner, METER);
});

const eventOf = (id: string, quantity: number, fields: object = {}, template = 'invoice') => ({
  specversion: '1.0',
  id,
  source: '/documents',
  type: METER,
  time: '2026-01-05T09:30:00Z',
  data: { quantity, dimensions: { template } },
  ...fields,
});
const send = (body: unknown, headers: Record<string, string> = {}, person = owner) =>
  app.send('POST', '/api/v1/usage/events', { token: person.token, body, headers });
async function readTotal(person = owner, meter = METER): Promise<number> {
  const { meters } = await fetchUsage(app, person, `summary?${PERIOD}`);
  return meters.find((each: { meter: string }) => each.meter === meter).quantity;
}

describe('usage events of an organization', () => {
  it('count once by source and id, alone, in a batch, and repeated later', async () => {
    const before = await readTotal();
    const first = eventOf('once-1', 3);
    expect(await send(first)).toMatchObject({ status: 200, body: { received: 1, duplicates: 0 } });
    expect(await send(first)).toMatchObject({ status: 200, body: { received: 1, duplicates: 1 } });
    const batch = [
      first,
      eventOf('once-2', 4),
      eventOf('once-2', 400),
      eventOf('once-1', 5, { source: '/other' }),
    ];
    expect(await send(batch)).toMatchObject({ body: { received: 4, duplicates: 2 } });
    expect(await readTotal()).toBe(before + 3 + 4 + 5);
  });

  it('count once also by another meter: an id names one event', async () => {
    await createMeter(owner, 'acme.pages');
    await send(eventOf('same-id', 1));
    expect(await send(eventOf('same-id', 1, { type: 'acme.pages' }))).toMatchObject({
      body: { duplicates: 1 },
    });
    expect(await readTotal(owner, 'acme.pages')).toBe(0);
  });

  it.each(['application/cloudevents+json', 'application/cloudevents-batch+json', 'application/json'])(
    'are taken as %s',
    async (type) => {
      const answer = await send([eventOf(`type-${type}`, 1)], { 'content-type': type });
      expect(answer).toMatchObject({ status: 200, body: { duplicates: 0 } });
    },
  );

  it('of organizations with the same source and id are different events', async () => {
    const other = await app.person();
    await createMeter(other, METER);
    await send(eventOf('tenant', 1));
    expect(await send(eventOf('tenant', 7), {}, other)).toMatchObject({ body: { duplicates: 0 } });
    expect(await readTotal(other)).toBe(7);
  });

  it('take back what was sent too much by a negative quantity', async () => {
    const before = await readTotal();
    await send([eventOf('back-1', 10), eventOf('back-2', -4)]);
    expect(await readTotal()).toBe(before + 6);
  });

  it('are refused as a whole when one has no meter, an unknown dimension or lies in the future', async () => {
    const before = await readTotal();
    const late = new Date(app.clock.now() + 600_000).toISOString();
    const answer = await send([
      eventOf('bad-0', 1),
      eventOf('bad-1', 1, { type: 'acme.unknown' }),
      eventOf('bad-2', 1, { data: { quantity: 1, dimensions: { colour: 'red' } } }),
      eventOf('bad-3', 1, { time: late }),
    ]);
    expect(answer).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    expect(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/1/type',
      '/2/data/dimensions/colour',
      '/3/time',
    ]);
    expect(await readTotal()).toBe(before);
  });

  it('name the field that is not valid, alone and in a batch', async () => {
    const wrong = eventOf('x', 1, { data: { quantity: 1.5 } });
    expect((await send(wrong)).body.errors[0].pointer).toBe('/data/quantity');
    expect((await send([eventOf('y', 1), wrong])).body.errors[0].pointer).toBe('/1/data/quantity');
  });

  it('are for those with usage:write, totals for those with usage:read', async () => {
    const member = await app.person({ role: 'member', organizationId: owner.organizationId });
    const admin = await app.person({ role: 'admin', organizationId: owner.organizationId });
    expect(await send(eventOf('role', 1), {}, member)).toMatchObject({ status: 403 });
    expect(await send(eventOf('role', 1), {}, admin)).toMatchObject({ status: 200 });
    expect(await app.send('GET', '/api/v1/usage/summary', { token: member.token })).toMatchObject({
      status: 403,
    });
  });

  it.each([11, 12])('sum to what was sent, concurrently, repeated and in any order: %i', async (seed) => {
    const random = randomFrom(seed);
    const person = await app.person();
    await createMeter(person, METER);
    const events = Array.from({ length: 400 }, (_, i) => {
      const at = Date.UTC(2026, 0, 3) + Math.floor(random() * 5 * 86_400_000);
      const quantity = Math.floor(random() * 2_000) - 500;
      return eventOf(`e-${i}`, quantity, { time: new Date(at).toISOString() }, `t-${i % 7}`);
    });
    const deliveries = [...events, ...events.filter(() => random() < 0.5)]
      .map((event) => ({ event, order: random() }))
      .sort((a, b) => a.order - b.order)
      .map(({ event }) => event);
    while (deliveries.length > 0) {
      const batches = Array.from({ length: 4 }, () => deliveries.splice(0, 1 + Math.floor(random() * 60)));
      const answers = await Promise.all([
        ...batches.filter(({ length }) => length > 0).map((batch) => send(batch, {}, person)),
        random() < 0.5 ? sumHours(app.services) : undefined,
      ]);
      for (const answer of answers) if (answer && 'status' in answer) expect(answer.status).toBe(200);
    }
    const quantities = new Map<string, number>();
    let total = 0;
    for (const { data } of events) {
      const { template } = data.dimensions;
      quantities.set(template, (quantities.get(template) ?? 0) + data.quantity);
      total += data.quantity;
    }
    for (const state of ['stale', 'summed']) {
      if (state === 'summed') await sumHours(app.services);
      expect(await readTotal(person)).toBe(total);
      const { groups, totalQuantity } = await fetchUsage(
        app,
        person,
        `breakdown?meter=${METER}&by=template&${PERIOD}`,
      );
      expect(totalQuantity).toBe(total);
      expect(
        new Map(groups.map((each: { value: string; quantity: number }) => [each.value, each.quantity])),
      ).toEqual(quantities);
      const { intervals } = await fetchUsage(app, person, `timeline?meter=${METER}&${PERIOD}`);
      expect(intervals).toHaveLength(31);
      expect(intervals.reduce((sum: number, { quantity }: { quantity: number }) => sum + quantity, 0)).toBe(
        total,
      );
    }
  });
});

describe('usage reads', () => {
  it('forecast the rest of the period by the mean of the last seven days', async () => {
    const person = await app.person();
    await createMeter(person, METER);
    const { clock } = app;
    const day = 86_400_000;
    const hour = Math.floor(clock.now() / 3_600_000) * 3_600_000;
    for (let back = 1; back <= 14; back++)
      await send(
        eventOf(`f-${back}`, back <= 7 ? 100 : 1_000, {
          time: new Date(hour - back * day + 1).toISOString(),
        }),
        {},
        person,
      );
    const at = (ms: number) => new Date(ms).toISOString();
    const read = async (fromMs: number, toMs: number) => {
      const { meters } = await fetchUsage(app, person, `summary?from=${at(fromMs)}&to=${at(toMs)}`);
      return meters.find(({ meter }: { meter: string }) => meter === METER);
    };
    const left = hour + 10 * day - Math.floor(clock.now());
    expect(await read(hour - 10 * day, hour + 10 * day)).toMatchObject({
      quantity: 7 * 100 + 3 * 1_000,
      forecast: 3_700 + Math.floor((700 * left) / (7 * day)),
    });
    expect(await read(hour - 10 * day, hour - day)).toMatchObject({ forecast: null });
  });

  it.each([
    ['summary?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', '#/query/to'],
    ['summary?from=2026-01-01T00:00:00Z&to=2027-06-01T00:00:00Z', '#/query/to'],
    [
      `timeline?meter=${METER}&interval=hour&from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z`,
      '#/query/interval',
    ],
    [`breakdown?meter=${METER}&by=colour`, '#/query/by'],
    ['records?dimension=template', '#/query/value'],
    ['summary?value=offer', '#/query/dimension'],
    [`timeline?meter=${METER}&dimension=colour&value=red`, '#/query/dimension'],
    [`breakdown?meter=${METER}&by=template&dimension=colour&value=red`, '#/query/dimension'],
  ])('refuse %s, and name what is wrong', async (path, pointer) => {
    const answer = await app.send('GET', `/api/v1/usage/${path}`, { token: owner.token });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer }] } });
  });

  it.each([
    ['from=2026-01-05T09:30:00%2B02:00', '2026-01-05T07:00:00.000Z', '2026-02-01T00:00:00.000Z'],
    ['to=2026-01-05T09:30:00Z', '2026-01-01T00:00:00.000Z', '2026-01-05T10:00:00.000Z'],
    ['to=2026-02-01T00:00:00Z', '2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z'],
  ])('cover the whole hours that a period touches, and its calendar month: %s', async (query, from, to) => {
    expect(await fetchUsage(app, owner, `summary?${query}`)).toMatchObject({ from, to });
  });

  it('of a meter that does not exist are not found', async () => {
    const answer = await app.send('GET', '/api/v1/usage/timeline?meter=acme.unknown', { token: owner.token });
    expect(answer).toMatchObject({ status: 404, body: { code: 'usage.meter_not_found' } });
  });

  it('list records page by page, and by the value of a dimension', async () => {
    const person = await app.person();
    await createMeter(person, METER);
    await send(
      Array.from({ length: 5 }, (_, i) => eventOf(`p-${i}`, i, {}, i < 2 ? 'offer' : 'invoice')),
      {},
      person,
    );
    const first = await fetchUsage(app, person, `records?limit=3&${PERIOD}`);
    const second = await fetchUsage(app, person, `records?limit=3&cursor=${first.nextCursor}&${PERIOD}`);
    const keys = [...first.data, ...second.data].map(({ key }: { key: string }) => key);
    expect(keys.toSorted()).toEqual([0, 1, 2, 3, 4].map((i) => `/documents p-${i}`));
    expect(second.nextCursor).toBeNull();
    const offers = await fetchUsage(app, person, `records?dimension=template&value=offer&${PERIOD}`);
    expect(offers.data).toHaveLength(2);
  });

  it('count only usage with a value of a dimension: totals, timelines and breakdowns', async () => {
    const person = await app.person();
    await createMeter(person, METER);
    const on = (day: number) => ({ time: `2026-01-0${day}T10:00:00Z` });
    await send(
      [
        eventOf('d-1', 3, on(4), 'offer'),
        eventOf('d-2', 4, on(2), 'offer'),
        eventOf('d-3', 8, on(2), 'invoice'),
      ],
      {},
      person,
    );
    const offers = `dimension=template&value=offer&${PERIOD}`;
    const { meters } = await fetchUsage(app, person, `summary?${offers}`);
    expect(
      meters.map(({ meter, quantity }: { meter: string; quantity: number }) => [meter, quantity]),
    ).toEqual([[METER, 7]]);
    const { intervals } = await fetchUsage(app, person, `timeline?meter=${METER}&interval=day&${offers}`);
    expect(
      intervals
        .map(({ quantity }: { quantity: number }) => quantity)
        .filter((quantity: number) => quantity > 0),
    ).toEqual([4, 3]);
    expect(await fetchUsage(app, person, `breakdown?meter=${METER}&by=template&${offers}`)).toMatchObject({
      groups: [{ value: 'offer', quantity: 7 }],
      otherQuantity: 0,
      totalQuantity: 7,
    });
    const year = 'from=2025-02-01T00:00:00Z&to=2026-02-01T00:00:00Z';
    const long = `/api/v1/usage/summary?dimension=template&value=offer&${year}`;
    expect(await app.send('GET', long, { token: person.token })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '#/query/to' }] },
    });
  });
});

describe('meters', () => {
  it('are those of the product, then those of the organization', async () => {
    const person = await app.person();
    for (const name of ['acme.pages', METER]) await createMeter(person, name);
    const { data } = await fetchUsage(app, person, 'meters');
    expect(data.map(({ name, kind }: { name: string; kind: string }) => [name, kind])).toEqual([
      ['mails', 'product'],
      ['participant_minutes', 'product'],
      ['stored_gigabyte_months', 'product'],
      ['downloaded_gigabytes', 'product'],
      ['scanned_gigabytes', 'product'],
      ['previews', 'product'],
      ['recording_minutes', 'product'],
      ['compression_minutes', 'product'],
      ['compressed_pictures', 'product'],
      ['stream_minutes', 'product'],
      ['ingress_minutes', 'product'],
      ['phone_minutes', 'product'],
      ['ai_input_tokens', 'product'],
      ['ai_output_tokens', 'product'],
      ['ai_cache_read_tokens', 'product'],
      ['ai_cache_write_tokens', 'product'],
      ['ai_cache_write_hour_tokens', 'product'],
      ['transcription_minutes', 'product'],
      ['spoken_characters', 'product'],
      ['translated_characters', 'product'],
      ['recognized_minutes', 'product'],
      ['embedded_tokens', 'product'],
      ['caption_minutes', 'product'],
      [METER, 'own'],
      ['acme.pages', 'own'],
    ]);
  });

  it('have a name of their own', async () => {
    const body = { name: METER, unit: 'count', description: 'Again.' };
    const answer = await app.send('POST', '/api/v1/usage/meters', { token: owner.token, body });
    expect(answer).toMatchObject({ status: 409, body: { code: 'usage.meter_exists' } });
  });

  it('are at most 100, also when they are created at once', async () => {
    const person = await app.person();
    const create = (i: number) =>
      app.send('POST', '/api/v1/usage/meters', {
        token: person.token,
        body: { name: `acme.m${i}`, unit: 'count', description: 'One of many.' },
      });
    for (let i = 0; i < 95; i++) expect(await create(i)).toMatchObject({ status: 201 });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => create(100 + i)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
    expect(new Set(answers.map(({ body }) => body.code))).toEqual(
      new Set([undefined, 'usage.too_many_meters']),
    );
  });
});
