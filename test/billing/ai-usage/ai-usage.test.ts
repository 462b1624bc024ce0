import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AiStandIn } from '../../support/ai/stand-in.ts';
import { createAppWithStandIn, MODEL, question } from '../../support/ai/stand-in-app.ts';
import type { Person, TestApp } from '../../support/app.ts';
import { recordUsage, storePrices } from '../costs/support.ts';

const OTHER = 'claude-opus-4-6';

let app: TestApp;
let standIn: AiStandIn;
let owner: Person;
beforeAll(async () => {
  ({ app, standIn } = await createAppWithStandIn());
  const price = { provider: 'anthropic', model: MODEL, unitQuantity: 1_000_000 };
  await storePrices(app, { ...price, meter: 'ai_input_tokens', unitPrice: '1' });
  await storePrices(app, { ...price, meter: 'ai_output_tokens', unitPrice: '5' });
});
afterAll(() => standIn.stop());
beforeEach(async () => {
  owner = await app.person({ plan: 'pro' });
});

const ask = async (model = MODEL, { token } = owner): Promise<void> => {
  const answer = await app.send('POST', '/api/v1/ai/generations', { token, body: question({ model }) });
  expect(answer).toMatchObject({ status: 200 });
  await app.drain();
};
const get = async (what: string, query = '', { token } = owner) => {
  const answer = await app.send('GET', `/api/v1/ai/${what}?limit=100&${query}`, { token });
  expect(answer).toMatchObject({ status: 200 });
  return answer.body;
};
/** An answer of the stand-in has 12 tokens of input and 9 of output. */
const used = (count: number) => [
  { meter: 'ai_input_tokens', quantity: 12 * count, unit: 'count' },
  { meter: 'ai_output_tokens', quantity: 9 * count, unit: 'count' },
];
const COST = 12 * 1 + 9 * 5;

describe('AI of an organization', () => {
  it('is summed by model and person, each answer one use, and what has no price is unknown in its cost', async () => {
    const member = await app.person({ organizationId: owner.organizationId, plan: 'pro' });
    await ask();
    await ask();
    await ask(OTHER, member);
    expect(await get('usage')).toMatchObject({
      timeZone: 'UTC',
      groups: [
        { value: MODEL, uses: 2, quantities: used(2) },
        { value: OTHER, uses: 1, quantities: used(1) },
      ],
      total: { uses: 3, quantities: used(3) },
    });
    expect((await get('usage', 'by=user')).groups).toMatchObject([
      { value: owner.userId, uses: 2 },
      { value: member.userId, uses: 1 },
    ]);
    const { groups, total } = await get('cost');
    expect(groups).toEqual([
      { value: MODEL, cost: { amountMicros: 2 * COST, currency: 'USD' }, unknownCount: 0 },
      { value: OTHER, cost: { amountMicros: null, currency: 'USD' }, unknownCount: 2 },
    ]);
    expect(total).toEqual({ cost: { amountMicros: 2 * COST, currency: 'USD' }, unknownCount: 2 });
  });

  it('is narrowed by filters, in usage and cost alike', async () => {
    await ask();
    await ask(OTHER);
    expect((await get('usage', `model=${MODEL}&by=day`)).groups).toMatchObject([
      { value: new Date(app.clock.now()).toISOString().slice(0, 10), uses: 1 },
    ]);
    expect(await get('cost', `model=${MODEL}&feature=api&userId=${owner.userId}`)).toMatchObject({
      total: { cost: { amountMicros: COST }, unknownCount: 0 },
    });
    expect(await get('usage', 'feature=summaries')).toMatchObject({ groups: [], total: { uses: 0 } });
  });

  it('is what a call cost of AI, and part of the cost of the call', async () => {
    const callId = app.services.ids.create('call');
    const dimensions = { provider: 'anthropic', model: MODEL, feature: 'agents', call: callId };
    const at = '2026-03-01T10:00:00Z';
    await recordUsage(app, owner, { meter: 'ai_output_tokens', quantity: 100, at, dimensions });
    await recordUsage(app, owner, {
      meter: 'participant_minutes',
      quantity: 60_000,
      at,
      dimensions: { call: callId },
    });
    await app.drain();
    const period = 'from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z';
    expect(await get('cost', `callId=${callId}&by=feature&${period}`)).toMatchObject({
      groups: [{ value: 'agents', cost: { amountMicros: 500 } }],
      total: { cost: { amountMicros: 500 }, unknownCount: 0 },
    });
    expect((await get('usage', `by=call&${period}`)).groups).toMatchObject([{ value: callId, uses: 1 }]);
  });

  it('has days of the time zone of the organization', async () => {
    await app.send('PATCH', `/api/v1/organizations/${owner.organizationId}`, {
      token: owner.token,
      body: { settings: { timeZone: 'Asia/Kolkata' } },
      headers: { 'if-match': '*' },
    });
    const dimensions = { provider: 'anthropic', model: MODEL, feature: 'api' };
    await recordUsage(app, owner, {
      meter: 'ai_output_tokens',
      quantity: 1,
      at: '2026-03-01T18:29:59Z',
      dimensions,
    });
    await recordUsage(app, owner, {
      meter: 'ai_output_tokens',
      quantity: 2,
      at: '2026-03-01T18:30:00Z',
      dimensions,
    });
    await app.drain();
    const period = 'from=2026-03-01T00:00:00Z&to=2026-03-03T00:00:00Z';
    for (const what of ['usage', 'cost'])
      expect(
        (await get(what, `by=day&${period}`)).groups.map(({ value }: { value: string }) => value),
      ).toEqual(['2026-03-01', '2026-03-02']);
  });

  it('shows to no other organization, and to no member without the permission', async () => {
    await ask();
    const other = await app.person({ plan: 'pro' });
    expect(await get('usage', '', other)).toMatchObject({ groups: [], total: { uses: 0 } });
    const member = await app.person({ organizationId: owner.organizationId, role: 'member' });
    for (const what of ['usage', 'cost'])
      expect(await app.send('GET', `/api/v1/ai/${what}`, { token: member.token })).toMatchObject({
        status: 403,
      });
  });
});
