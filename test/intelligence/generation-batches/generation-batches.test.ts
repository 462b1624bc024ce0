import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { forgetBatches, pollBatches } from '../../../src/intelligence/generation-batches/poll-batches.ts';
import { ownerSql } from '../../contract/sql.ts';
import { result, succeeded } from '../../support/ai/batches-answer.ts';
import { includePlatformModels } from '../../support/ai/silent-models.ts';
import { type AiStandIn, STAND_IN_KEY } from '../../support/ai/stand-in.ts';
import { createAppWithStandIn, question, storePrices } from '../../support/ai/stand-in-app.ts';
import type { Person, TestApp } from '../../support/app.ts';
import { withFreshToken } from '../../support/tokens.ts';

const PATH = '/api/v1/ai/batches';
const BUDGET = '/api/v1/ai/budget';
const KEY = '/api/v1/ai/provider-keys/anthropic';
const DAY_S = 86_400;
/** What a request of `question()` reserves in a batch: 2,057 tokens of input at half a micro-unit, 100 of output at 2.5. */
const WORST = 1_029 + 250 + 1;
/** 12 tokens of input and 9 of output, each rounded up. */
const COST = 6 + 23;

let app: TestApp;
let standIn: AiStandIn;
let person: Person;

beforeAll(async () => {
  ({ app, standIn } = await createAppWithStandIn({ OPENAI_API_KEY: 'none' }));
  await storePrices(app, { ai_input_tokens: '1', ai_output_tokens: '5' });
  await storePrices(app, { ai_input_tokens: '0.5', ai_output_tokens: '2.5' }, undefined, 'batch');
});
afterAll(() => standIn.stop());
beforeEach(async () => {
  standIn.batches.all.length = 0;
  standIn.batches.refusals.length = 0;
  standIn.batches.reads = 0;
  // A look is about the batches of all tests.
  await ownerSql('delete from ai_batches');
  person = await app.person({ plan: 'pro' });
});

const send = (method: string, path: string, body?: object, token = person.token) =>
  app.send(method, path, { token, ...(body ? { body } : {}) });
const requests = (...ids: string[]) => ({
  requests: ids.map((customId) => ({ customId, request: question() })),
});
async function create(...ids: string[]): Promise<string> {
  const { status, body } = await send('POST', PATH, requests(...ids));
  expect([status, body.status]).toEqual([201, 'running']);
  return body.id;
}
/** A sweep of batches, as late as the next one can be due. */
async function look(seconds = 900) {
  app.clock.advanceSeconds(seconds);
  await pollBatches(app.services);
  await app.drain();
  person = await withFreshToken(app, person);
}
const read = async (id: string) => (await send('GET', `${PATH}/${id}`)).body;
const results = async (id: string) => (await send('GET', `${PATH}/${id}/results`)).body.data;
const statuses = async (id: string) => (await results(id)).map(({ status }: { status: string }) => status);
const setBudget = (limitMicros: number) => send('PUT', BUDGET, { limitMicros, period: 'month' });
const budget = async () => {
  const { body } = await send('GET', BUDGET);
  return [body.spent.amountMicros, body.reserved.amountMicros];
};

describe('a batch', () => {
  it('is answered by its provider: each result is a generation, with usage and cost at the price of batches', async () => {
    await setBudget(10 * WORST);
    const id = await create('a', 'b');
    expect(standIn.batches.all[0]!.requests).toMatchObject([
      { custom_id: 'a', params: { model: 'claude-haiku-4-5', max_tokens: 100 } },
      { custom_id: 'b' },
    ]);
    expect(standIn.batches.all[0]!.requests[0]!.params.stream).toBe(undefined);
    expect(await budget()).toEqual([0, 2 * WORST]);
    await look();
    expect(await read(id)).toMatchObject({ status: 'running', results: null });
    expect(await statuses(id)).toEqual(['waiting', 'waiting']);
    standIn.batches.end();
    await look();
    expect(await read(id)).toMatchObject({ status: 'ended', results: { succeeded: 2, unreadable: 0 } });
    const [first, second] = await results(id);
    expect(first).toMatchObject({
      customId: 'a',
      status: 'succeeded',
      stopReason: 'end',
      usage: { state: 'exact', inputTokens: 12, outputTokens: 9 },
      output: [{ type: 'text', text: 'Hello from the stand-in.' }],
    });
    expect((await send('GET', `/api/v1/ai/generations/${second.generationId}`)).body).toMatchObject({
      status: 'completed',
      durationSeconds: null,
      usage: { inputTokens: 12 },
    });
    expect(await budget()).toEqual([2 * COST, 0]);
    const usage = await ownerSql(
      `select meter, sum(quantity)::int as quantity, dimensions->>'service' as service from usage_events
       where organization_id = $1 group by 1, 3 order by 1`,
      [person.organizationId],
    );
    expect(usage).toEqual([
      { meter: 'ai_input_tokens', quantity: 24, service: 'batch' },
      { meter: 'ai_output_tokens', quantity: 18, service: 'batch' },
    ]);
    const [cost] = await ownerSql(
      `select sum(p.nanos)::text as nanos from cost_lines l join price_versions p on p.id = l.price_version_id
       where l.organization_id = $1 and p.service = 'batch'`,
      [person.organizationId],
    );
    expect(cost).not.toEqual({ nanos: null });
    await look();
    expect(standIn.batches.reads).toBe(1);
  });

  it('has its results in pages, in the order of its requests', async () => {
    const id = await create('c', 'a', 'b');
    standIn.batches.end();
    await look();
    const first = (await send('GET', `${PATH}/${id}/results?limit=2`)).body;
    const rest = (await send('GET', `${PATH}/${id}/results?limit=2&cursor=${first.nextCursor}`)).body;
    expect([...first.data, ...rest.data].map(({ customId }) => customId)).toEqual(['c', 'a', 'b']);
    expect(rest.nextCursor).toBe(null);
  });

  it('shows to its caller alone, and is listed', async () => {
    const id = await create('a');
    const colleague = await app.person({ organizationId: person.organizationId, role: 'admin', plan: 'pro' });
    expect(await send('GET', `${PATH}/${id}`, undefined, colleague.token)).toMatchObject({ status: 404 });
    expect(await send('POST', `${PATH}/${id}/cancel`, undefined, colleague.token)).toMatchObject({
      status: 404,
    });
    expect((await send('GET', PATH, undefined, colleague.token)).body.data).toEqual([]);
    expect((await send('GET', PATH)).body.data).toMatchObject([{ id }]);
  });

  it('passes on how the provider says that each request ended, and counts the answered ones alone', async () => {
    await setBudget(10 * WORST);
    const id = await create('a', 'b', 'c', 'd');
    standIn.batches.end([
      result('d', { type: 'expired' }),
      succeeded('a', standIn.answer),
      result('b', {
        type: 'errored',
        error: { type: 'error', error: { type: 'invalid_request_error', message: 'too long' } },
      }),
      result('c', { type: 'canceled' }),
    ]);
    await look();
    expect(await results(id)).toMatchObject([
      { status: 'succeeded', error: null },
      { status: 'errored', error: { type: 'invalid_request_error', message: 'too long' } },
      { status: 'canceled' },
      { status: 'expired', output: null },
    ]);
    expect(await budget()).toEqual([COST, 0]);
  });

  it('is created once for an idempotency key', async () => {
    const headers = { 'idempotency-key': 'once' };
    const post = () => app.send('POST', PATH, { token: person.token, body: requests('a'), headers });
    expect([(await post()).body.id === (await post()).body.id, standIn.batches.all.length]).toEqual([
      true,
      1,
    ]);
  });

  it('is deleted after its end, also at its provider, and else a week later', async () => {
    const id = await create('a');
    expect(await send('DELETE', `${PATH}/${id}`)).toMatchObject({ status: 409 });
    standIn.batches.end();
    await look();
    expect(await send('DELETE', `${PATH}/${id}`)).toMatchObject({ status: 204 });
    expect([await read(id), standIn.batches.all]).toMatchObject([{ code: 'ai_batches.not_found' }, []]);
    const other = await create('a');
    standIn.batches.end();
    await look();
    app.clock.advanceSeconds(7 * DAY_S);
    await forgetBatches(app.services);
    person = await withFreshToken(app, person);
    expect(await read(other)).toMatchObject({ code: 'ai_batches.not_found' });
  });

  it('is cancelled: what was answered by then counts', async () => {
    const id = await create('a', 'b');
    expect((await send('POST', `${PATH}/${id}/cancel`)).body).toMatchObject({
      status: 'canceling',
      cancelReason: 'cancelled',
    });
    await look();
    expect(standIn.batches.all[0]!.status).toBe('canceling');
    standIn.batches.end([succeeded('a', standIn.answer), result('b', { type: 'canceled' })]);
    await look();
    expect(await statuses(id)).toEqual(['succeeded', 'canceled']);
    expect(await send('POST', `${PATH}/${id}/cancel`)).toMatchObject({ status: 409 });
  });
});

describe('a batch is refused', () => {
  it('when the budget does not cover all requests, and nothing is sent', async () => {
    await setBudget(2 * WORST - 1);
    expect(await send('POST', PATH, requests('a', 'b'))).toMatchObject({
      status: 402,
      body: { code: 'ai.out_of_budget' },
    });
    expect([await budget(), standIn.batches.all]).toEqual([[0, 0], []]);
  });

  it('when a model has a provider without batches, or ids are not distinct', async () => {
    const model = 'gpt-5.4-mini';
    const body = { requests: [{ customId: 'a', request: question({ model }) }] };
    expect((await send('POST', PATH, body)).body).toMatchObject({ code: 'ai_batches.no_batches' });
    expect((await send('POST', PATH, requests('a', 'a'))).status).toBe(400);
  });

  it('by its provider: the caller has the reason, and the budget is whole', async () => {
    await setBudget(10 * WORST);
    standIn.batches.refusals.push({ status: 529, type: 'overloaded_error' });
    expect(await send('POST', PATH, requests('a'))).toMatchObject({
      status: 503,
      body: { code: 'ai.provider_busy' },
    });
    expect((await send('GET', PATH)).body.data).toMatchObject([{ status: 'failed', failure: 'overloaded' }]);
    expect(await budget()).toEqual([0, 0]);
  });

  it('by a provider that may have taken it: all that was reserved counts', async () => {
    await setBudget(10 * WORST);
    standIn.batches.refusals.push({ status: 500, type: 'api_error' });
    expect((await send('POST', PATH, requests('a'))).status).toBe(502);
    expect(await budget()).toEqual([WORST, 0]);
  });
});

describe('a provider that is not to be trusted', () => {
  it('spoils no result but its own: malformed, long, doubled, unknown, missing, wrong figures', async () => {
    await setBudget(10 * WORST);
    const id = await create('a', 'b', 'c');
    standIn.batches.end([
      '{"custom_id": "a", ',
      'x'.repeat(10 * 1024 * 1024),
      succeeded('unknown', standIn.answer),
      succeeded('a', standIn.answer),
      succeeded('a', { ...standIn.answer, pieces: ['Another'] }),
      succeeded('b', standIn.answer, { usage: { input_tokens: 12, output_tokens: -7 } }),
    ]);
    await look();
    expect(await results(id)).toMatchObject([
      { status: 'succeeded', output: [{ text: 'Hello from the stand-in.' }] },
      { status: 'unreadable', usage: { state: 'none', inputTokens: 0 }, output: null },
      { status: 'unreadable' },
    ]);
    expect(await budget()).toEqual([COST + 2 * WORST, 0]);
  });

  it('may be away for a while, and then its results are read once', async () => {
    const id = await create('a');
    standIn.batches.end();
    standIn.batches.refusals.push({ status: 500, type: 'api_error' });
    await look();
    expect(await read(id)).toMatchObject({ status: 'running', failure: 'unavailable' });
    await look();
    expect(await read(id)).toMatchObject({ status: 'ended', failure: null });
    expect(standIn.batches.reads).toBe(1);
  });

  it('has failed when two days have not sufficed, and all that was reserved counts', async () => {
    await setBudget(10 * WORST);
    const id = await create('a');
    standIn.batches.refusals.push({ status: 500, type: 'api_error' });
    await look(2 * DAY_S);
    expect(await read(id)).toMatchObject({ status: 'failed', failure: 'unavailable', results: null });
    expect(await statuses(id)).toEqual(['unreadable']);
    expect(await budget()).toEqual([WORST, 0]);
  });

  it('that does not know the batch any more ends it', async () => {
    const id = await create('a');
    standIn.batches.all.length = 0;
    await look();
    expect(await read(id)).toMatchObject({ status: 'failed', failure: 'request_refused' });
  });
});

describe('while a batch runs', () => {
  const sight = async (id: string) => {
    const { status, cancelReason } = await read(id);
    return [status, cancelReason, standIn.batches.all[0]!.status];
  };

  it('the key of the organization may be removed, and another one continues it', async () => {
    expect((await send('PUT', KEY, { secret: STAND_IN_KEY })).status).toBe(200);
    const id = await create('a');
    expect((await send('DELETE', KEY)).status).toBe(204);
    standIn.batches.end();
    await look();
    expect(await read(id)).toMatchObject({ status: 'running', failure: 'key_refused', ownKey: true });
    await send('PUT', KEY, { secret: STAND_IN_KEY });
    await look();
    expect(await read(id)).toMatchObject({ status: 'ended' });
    expect(
      await ownerSql(`select 1 from usage_events where organization_id = $1`, [person.organizationId]),
    ).toEqual([]);
  });

  it('its caller may lose the right to ask: it is cancelled', async () => {
    const owner = person;
    person = await app.person({ organizationId: owner.organizationId, role: 'member', plan: 'pro' });
    await create('a');
    const path = `/api/v1/organizations/${owner.organizationId}/members`;
    const { data } = (await send('GET', path, undefined, owner.token)).body;
    const { id } = data.find((each: { userId: string }) => each.userId === person.userId);
    expect((await send('DELETE', `${path}/${id}`, undefined, owner.token)).status).toBe(204);
    app.clock.advanceSeconds(900);
    await pollBatches(app.services);
    expect(standIn.batches.all[0]!.status).toBe('canceling');
  });

  it('the plan may lose the models of the platform: it is cancelled', async () => {
    const id = await create('a');
    await includePlatformModels(app, person, 0);
    await look();
    expect(await sight(id)).toEqual(['canceling', 'access_ended', 'canceling']);
  });

  it('the budget may be lowered: what it does not cover is cancelled', async () => {
    await setBudget(WORST);
    const id = await create('a');
    await setBudget(WORST - 1);
    await app.drain();
    await look();
    expect(await sight(id)).toEqual(['canceling', 'out_of_budget', 'canceling']);
  });

  it('its organization may be deleted: it is cancelled at its provider', async () => {
    await create('a');
    const path = `/api/v1/organizations/${person.organizationId}`;
    expect((await send('DELETE', path)).status).toBeLessThan(300);
    await app.drain();
    app.clock.advanceSeconds(900);
    await pollBatches(app.services);
    expect(standIn.batches.all[0]!.status).toBe('canceling');
  });

  it('the request that creates it may die: it has failed, and all that was reserved counts', async () => {
    await setBudget(10 * WORST);
    const id = await create('a');
    // As the row is until the provider has answered.
    await ownerSql(`update ai_batches set status = 'submitting', provider_batch_id = null where id = $1`, [
      id,
    ]);
    await look();
    expect(await read(id)).toMatchObject({ status: 'failed', failure: 'interrupted' });
    expect(await budget()).toEqual([WORST, 0]);
  });
});
