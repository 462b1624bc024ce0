import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AiStandIn } from '../../support/ai/stand-in.ts';
import { createAppWithStandIn, MODEL, question } from '../../support/ai/stand-in-app.ts';
import { includePlatformModels } from '../../support/ai/silent-models.ts';
import type { Person, TestApp } from '../../support/app.ts';

const GENERATIONS = '/api/v1/ai/generations';
const EXPLAIN = '/api/v1/ai/route/explain';
const PREFERENCES = '/api/v1/ai/preferences';
const DEAR = 'claude-opus-5';

let app: TestApp;
let standIn: AiStandIn;
let person: Person;

beforeAll(async () => {
  ({ app, standIn } = await createAppWithStandIn());
  const price = (model: string, meter: string, unitPrice: string) => ({
    meter,
    provider: 'anthropic',
    model,
    unitPrice,
    unitQuantity: 1_000_000,
    startsAt: '2026-01-01T00:00:00.000Z',
    source: 'test',
  });
  const prices = [
    price(MODEL, 'ai_input_tokens', '1'),
    price(MODEL, 'ai_output_tokens', '5'),
    price(DEAR, 'ai_input_tokens', '5'),
    price(DEAR, 'ai_output_tokens', '25'),
  ];
  const stored = await app.send('POST', '/api/v1/operator/prices', { token: app.operator, body: { prices } });
  expect(stored.status).toBe(200);
});
afterAll(() => standIn.stop());
beforeEach(async () => {
  standIn.next.length = 0;
  standIn.requests.length = 0;
  person = await app.person({ plan: 'pro' });
});

const by = (policy: string, fields: object = {}) => question({ model: undefined, policy, ...fields });
const ask = (body: object, token = person.token) => app.send('POST', GENERATIONS, { token, body });
const explain = (body: object, token = person.token) => app.send('POST', EXPLAIN, { token, body });
const prefer = (fields: object, path = PREFERENCES, token = person.token) =>
  app.send('PUT', path, {
    token,
    body: {
      defaultModel: null,
      policy: null,
      allowedModels: null,
      blockedModels: [],
      maxPriceMicros: null,
      ...fields,
    },
  });

describe('a route by policy', () => {
  it('asks the cheapest model, then the next one, and shows why the others were not asked', async () => {
    standIn.next.push({ fault: { kind: 'status', status: 529, type: 'overloaded_error' } });
    const { body, status } = await ask(by('cheapest'));
    expect([status, standIn.requests.map((each) => each.body.model)]).toEqual([200, [MODEL, DEAR]]);
    expect(body).toMatchObject({
      model: DEAR,
      route: {
        policy: 'cheapest',
        attempts: [
          { model: MODEL, failure: 'overloaded' },
          { model: DEAR, failure: null },
        ],
      },
    });
    expect(body.route.passedOver).toContainEqual({
      provider: 'anthropic',
      model: 'claude-opus-4-6',
      reason: 'price_unknown',
    });
    const read = await app.send('GET', `${GENERATIONS}/${body.id}`, { token: person.token });
    expect(read.body.route).toEqual(body.route);
  });

  it('is explained as it is decided, without asking a provider', async () => {
    const { body } = await explain(by('cheapest'));
    expect(body.considered.slice(0, 2)).toMatchObject([
      { model: MODEL, position: 1, reasons: [], ownKey: false, maxPrice: { amountMicros: 2_558 } },
      { model: DEAR, position: 2, reasons: [] },
    ]);
    expect(body.considered.slice(2).every((each: { position: null }) => each.position === null)).toBe(true);
    expect(standIn.requests).toEqual([]);
    const answer = await ask(by('cheapest'));
    expect(answer.body.model).toBe(MODEL);
  });

  it('by speed says when too little was measured, and asks the fastest once enough was', async () => {
    expect((await explain(by('fastest'))).body).toMatchObject({ isMeasured: false });
    for (const _ of Array(5)) expect(await ask(question({ model: DEAR }))).toMatchObject({ status: 200 });
    const { body } = await explain(by('fastest'));
    expect(body).toMatchObject({
      isMeasured: true,
      considered: expect.arrayContaining([
        expect.objectContaining({ model: DEAR, position: 1, measurements: 5 }),
        expect.objectContaining({ model: MODEL, position: null, reasons: ['not_measured'] }),
      ]),
    });
    // Those of another organization count for it alone.
    const other = await app.person({ plan: 'pro' });
    expect((await explain(by('fastest'), other.token)).body).toMatchObject({ isMeasured: false });
  });

  it('by preference asks the default of the person before that of the organization', async () => {
    expect(await ask(by('preferred'))).toMatchObject({ status: 422, body: { code: 'ai.no_preference' } });
    await prefer({ defaultModel: DEAR });
    expect((await ask(by('preferred'))).body.model).toBe(DEAR);
    await prefer({ defaultModel: MODEL }, `${PREFERENCES}/me`);
    expect((await ask(by('preferred'))).body.model).toBe(MODEL);
  });

  it('that leads to no model says why each is not asked', async () => {
    await prefer({ allowedModels: ['claude-opus-4-6'] });
    const refused = await ask(by('cheapest'));
    expect(refused).toMatchObject({ status: 422, body: { code: 'ai.no_route' } });
    expect(refused.body.detail).toContain('claude-opus-4-6: price_unknown');
    expect(standIn.requests).toEqual([]);
  });

  it.each([
    [{ model: undefined }],
    [{ policy: 'cheapest' }],
    [{ model: undefined, policy: 'cheapest', fallbackModels: [DEAR] }],
  ])('is asked for instead of a model, and orders all of them: %j', async (fields) => {
    expect(await ask(question(fields))).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
  });

  it('on a plan without models of the platform is refused as the plan is, and explained', async () => {
    const free = await app.person();
    await includePlatformModels(app, free, 0);
    expect(await ask(by('cheapest'), free.token)).toMatchObject({
      status: 402,
      body: { code: 'billing.feature_not_included' },
    });
    const { body } = await explain(question(), free.token);
    expect(body.considered).toMatchObject([{ model: MODEL, reasons: ['not_in_plan'] }]);
  });
});

describe('preferences', () => {
  it.each([
    [{ blockedModels: [MODEL] }, 403, 'ai.model_not_allowed'],
    [{ maxPriceMicros: 2_557 }, 409, 'ai.price_too_high'],
  ])(
    'of the organization hold for a model that is named, also by a colleague: %j',
    async (fields, status, code) => {
      const colleague = await app.person({
        organizationId: person.organizationId,
        role: 'member',
        plan: 'pro',
      });
      expect(await ask(question(), colleague.token)).toMatchObject({ status: 200 });
      expect(await prefer(fields)).toMatchObject({ status: 200 });
      // What was proven a moment ago counts no more.
      const stale = await ask(question(), colleague.token);
      const refused = stale.status === 412 ? await ask(question(), colleague.token) : stale;
      expect(refused).toMatchObject({ status, body: { code } });
      await prefer({ maxPriceMicros: 2_558 });
      await ask(question(), colleague.token);
      expect(await ask(question(), colleague.token)).toMatchObject({ status: 200 });
    },
  );

  it('let a fallback answer where the first model is blocked, and its row says so', async () => {
    await prefer({ blockedModels: [DEAR] });
    const { body } = await ask(question({ model: DEAR, fallbackModels: [MODEL] }));
    expect(body).toMatchObject({
      model: MODEL,
      route: { policy: null, passedOver: [{ model: DEAR, reason: 'not_allowed' }] },
    });
  });
});
