import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Person, TestApp } from '../../support/app.ts';
import { createTestApp } from '../../support/app.ts';
import type { AiStandIn } from '../../support/ai/stand-in.ts';
import { parseEvents } from '../../support/ai/parse-events.ts';
import { createAppWithStandIn, MODEL, question } from '../../support/ai/stand-in-app.ts';
import { withFreshToken } from '../../support/tokens.ts';
import { ownerSql } from '../../contract/sql.ts';

const PATH = '/api/v1/ai/generations';

let app: TestApp;
let standIn: AiStandIn;
let person: Person;

beforeAll(async () => {
  ({ app, standIn } = await createAppWithStandIn());
});
afterAll(() => standIn.stop());
beforeEach(async () => {
  standIn.next.length = 0;
  standIn.requests.length = 0;
  person = await app.person({ plan: 'pro' });
});

const ask = (fields: object = {}, headers: Record<string, string> = {}, token = person.token) =>
  app.send('POST', PATH, { token, body: question(fields), headers });

describe('a generation', () => {
  it('is the answer of the model, with the figures of its provider', async () => {
    expect(await ask()).toMatchObject({
      status: 200,
      body: {
        status: 'completed',
        stopReason: 'end',
        provider: 'anthropic',
        model: MODEL,
        output: [{ type: 'text', text: 'Hello from the stand-in.' }],
        usage: { state: 'exact', inputTokens: 12, outputTokens: 9 },
      },
    });
  });

  it('is asked on the account of the platform where the plan includes that', async () => {
    const { token, organizationId } = await app.person();
    await app.send('POST', `/api/v1/operator/organizations/${organizationId}/entitlement-grants`, {
      token: app.operator,
      body: { kind: 'feature', name: 'platform_models', value: 0, reason: 'Test' },
    });
    expect(await ask({}, {}, token)).toMatchObject({
      status: 402,
      body: { code: 'billing.feature_not_included' },
    });
    expect(standIn.requests).toEqual([]);
  });

  it('is counted once, by kind of token, and costs what its model costs', async () => {
    standIn.next.push({
      answer: {
        pieces: ['Hi'],
        usage: {
          input_tokens: 1_000,
          output_tokens: 200,
          cache_read_input_tokens: 5_000,
          cache_creation_input_tokens: 300,
          hour_tokens: 100,
        },
      },
    });
    const price = (meter: string, unitPrice: string) => ({
      meter,
      provider: 'anthropic',
      model: MODEL,
      unitPrice,
      unitQuantity: 1_000_000,
      startsAt: '2026-01-01T00:00:00.000Z',
      source: 'test',
    });
    const prices = [
      price('ai_input_tokens', '1'),
      price('ai_output_tokens', '5'),
      price('ai_cache_read_tokens', '0.1'),
    ];
    expect(
      await app.send('POST', '/api/v1/operator/prices', { token: app.operator, body: { prices } }),
    ).toMatchObject({ status: 200 });
    await ask();
    await app.drain();
    const rows = await ownerSql(
      `select meter, quantity::int, dimensions, user_id from usage_events where organization_id = $1 order by meter`,
      [person.organizationId],
    );
    const dimensions = { provider: 'anthropic', model: MODEL, user: person.userId };
    const fact = (meter: string, quantity: number) =>
      expect.objectContaining({ meter, quantity, user_id: person.userId });
    expect(rows).toEqual([
      fact('ai_cache_read_tokens', 5_000),
      fact('ai_cache_write_hour_tokens', 100),
      fact('ai_cache_write_tokens', 200),
      fact('ai_input_tokens', 1_000),
      fact('ai_output_tokens', 200),
    ]);
    expect(rows[0]!.dimensions).toMatchObject({ provider: dimensions.provider, model: dimensions.model });
    const period = `from=${new Date(app.clock.now() - 3_600_000).toISOString().slice(0, 13)}:00:00.000Z&to=${new Date(app.clock.now() + 7_200_000).toISOString().slice(0, 13)}:00:00.000Z`;
    const summary = await app.send('GET', `/api/v1/costs/summary?by=model&${period}`, {
      token: person.token,
    });
    // 1,000 micro-units of input, 1,000 of output, 500 read from a cache; what is written to a cache has no price.
    expect(summary.body).toMatchObject({ total: { cost: { amountMicros: 2_500 }, unknownCount: 2 } });
  });

  it('that fails has one clear outcome, and is not counted', async () => {
    standIn.next.push({ fault: { kind: 'status', status: 529, type: 'overloaded_error' } });
    const answer = await ask();
    expect(answer).toMatchObject({ status: 503, body: { code: 'ai.provider_busy' } });
    await app.drain();
    expect(
      await ownerSql(`select 1 from usage_events where organization_id = $1`, [person.organizationId]),
    ).toEqual([]);
    const { body } = await app.send('GET', PATH, { token: person.token });
    expect(body.data).toMatchObject([{ status: 'failed', failure: 'overloaded', usage: { state: 'none' } }]);
  });

  it('that is cut in the middle counts the input that the provider counted and the least output, as partial', async () => {
    standIn.next.push({ fault: { kind: 'cut', after: 2 } });
    expect(await ask()).toMatchObject({ status: 502, body: { code: 'ai.provider_failed' } });
    const { body } = await app.send('GET', PATH, { token: person.token });
    expect(body.data).toMatchObject([
      { status: 'failed', failure: 'cut', usage: { state: 'partial', inputTokens: 12, outputTokens: 2 } },
    ]);
  });

  it('whose output is cut counts a token for each eight bytes that came, at most those that were asked for', async () => {
    const long = {
      pieces: ['x'.repeat(400), 'x'.repeat(2_000), '.'],
      usage: { input_tokens: 12, output_tokens: 9 },
    };
    standIn.next.push(
      { answer: long, fault: { kind: 'cut', after: 1 } },
      { answer: long, fault: { kind: 'cut', after: 2 } },
    );
    await ask();
    await ask();
    const { body } = await app.send('GET', PATH, { token: person.token });
    const counted = (body.data as { usage: { outputTokens: number } }[]).map(
      ({ usage }) => usage.outputTokens,
    );
    expect(new Set(counted)).toEqual(new Set([50, 100]));
  });

  it('has no event that a row of the storage does not take, and loses nothing of a long one', async () => {
    const text = `${'x'.repeat(199_999)}\u{1F600}${'y'.repeat(300_000)}`;
    standIn.next.push({ answer: { pieces: [text], usage: { input_tokens: 12, output_tokens: 9 } } });
    const { body } = await ask({ stream: true });
    const texts = parseEvents(body).flatMap(({ event, data }) =>
      event === 'text' ? [data.text as string] : [],
    );
    expect(texts.join('')).toBe(text);
    expect(texts.map(({ length }) => length)).toEqual([199_999, 200_000, 100_002]);
  });

  it('is answered by the next model when the one before did nothing, and by none after one may have worked', async () => {
    standIn.next.push({ fault: { kind: 'status', status: 529, type: 'overloaded_error' } });
    const answer = await ask({ fallbackModels: ['claude-sonnet-5'] });
    expect(answer).toMatchObject({ status: 200, body: { model: 'claude-sonnet-5' } });
    expect(standIn.requests.map(({ body }) => body.model)).toEqual([MODEL, 'claude-sonnet-5']);
    standIn.next.push({ fault: { kind: 'cut', after: 1 } });
    expect(await ask({ fallbackModels: ['claude-sonnet-5'] })).toMatchObject({ status: 502 });
    expect(standIn.requests).toHaveLength(3);
    standIn.next.push({ fault: { kind: 'status', status: 400 } });
    expect(await ask({ fallbackModels: ['claude-sonnet-5'] })).toMatchObject({
      status: 422,
      body: { code: 'ai.request_refused', detail: 'refused' },
    });
    expect(standIn.requests).toHaveLength(4);
  });

  it('is not begun where no key is configured, and the answer says what is missing', async () => {
    const bare = createTestApp();
    const someone = await bare.person();
    const answer = await bare.send('POST', PATH, { token: someone.token, body: question() });
    expect(answer).toMatchObject({
      status: 503,
      body: { code: 'ai.not_configured', detail: 'there is no key of anthropic' },
    });
  });

  it.each([
    [{ model: 'no-such-model' }, 404, 'ai.model_not_found'],
    [{ maxOutputTokens: 100_000 }, 400, 'request.invalid'],
    [{ messages: [{ role: 'assistant', content: [{ type: 'text', text: 'Hi' }] }] }, 400, 'request.invalid'],
  ])('asks no model for what it cannot do: %j', async (fields, status, code) => {
    expect(await ask(fields)).toMatchObject({ status, body: { code } });
    expect(standIn.requests).toEqual([]);
  });

  it('is asked for once with an idempotency key: the second request gets what the first has begun', async () => {
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const first = await ask({}, headers);
    const second = await ask({}, headers);
    expect(second).toMatchObject({ status: 202, body: { id: first.body.id } });
    expect(standIn.requests).toHaveLength(1);
    const read = await app.send('GET', `${PATH}/${first.body.id}`, { token: person.token });
    expect(read.body).toMatchObject({ status: 'completed', output: first.body.output });
  });

  it('is read by its caller alone, also within the organization', async () => {
    const { body } = await ask();
    const colleague = await app.person({ organizationId: person.organizationId, role: 'admin', plan: 'pro' });
    for (const path of ['', '/events'])
      expect(await app.send('GET', `${PATH}/${body.id}${path}`, { token: colleague.token })).toMatchObject({
        status: 404,
      });
    expect((await app.send('GET', PATH, { token: colleague.token })).body.data).toEqual([]);
  });

  it('keeps its answer for 15 minutes', async () => {
    const { body } = await ask();
    app.clock.advanceSeconds(901);
    await app.generations.ring();
    const { token } = await withFreshToken(app, person);
    const read = await app.send('GET', `${PATH}/${body.id}`, { token });
    expect(read).toMatchObject({ status: 200, body: { output: null } });
    expect(await app.send('GET', `${PATH}/${body.id}/events`, { token })).toMatchObject({
      status: 410,
    });
  });
});

describe('a stream', () => {
  it('has numbered events from the start to the end', async () => {
    const answer = await ask({ stream: true });
    expect(answer.status).toBe(201);
    const events = parseEvents(answer.body);
    expect(events.map(({ id, event }) => [id, event])).toEqual([
      [1, 'started'],
      [2, 'text'],
      [3, 'text'],
      [4, 'text'],
      [5, 'text'],
      [6, 'text'],
      [7, 'ended'],
    ]);
    expect(events.at(-1)!.data).toMatchObject({
      stopReason: 'end',
      usage: { inputTokens: 12, outputTokens: 9 },
    });
  });

  it('that fails before it begins is refused with the status of the failure', async () => {
    standIn.next.push({
      fault: { kind: 'status', status: 429, type: 'rate_limit_error', retryAfterSeconds: 7 },
    });
    const answer = await ask({ stream: true });
    expect(answer).toMatchObject({ status: 503, body: { code: 'ai.provider_busy' } });
    expect(answer.headers.get('retry-after')).toBe('7');
  });

  it('that fails in the middle ends with an event that says so', async () => {
    standIn.next.push({ fault: { kind: 'malformed', after: 2 } });
    const events = parseEvents((await ask({ stream: true })).body);
    expect(events.at(-1)).toMatchObject({ event: 'failed', data: { failure: 'malformed' } });
  });

  it('continues after any event that was received last', async () => {
    const { body, headers } = await ask({ stream: true });
    const all = parseEvents(body);
    const path = `${headers.get('location')}/events`;
    for (let last = 0; last < all.length; last++) {
      const rest = await app.send('GET', path, {
        token: person.token,
        headers: { 'last-event-id': String(last) },
      });
      expect(parseEvents(rest.body)).toEqual(all.slice(last));
    }
  });

  it('runs on when its caller is gone, and is cancelled by them alone', async () => {
    let open!: () => void;
    standIn.gate = new Promise((resolve) => (open = resolve));
    const pending = ask({ stream: true });
    await expect.poll(() => standIn.open).toBe(1);
    const { body } = await app.send('GET', PATH, { token: person.token });
    const [{ id }] = body.data;
    expect(body.data).toMatchObject([{ status: 'running' }]);
    const colleague = await app.person({ organizationId: person.organizationId, plan: 'pro' });
    expect(await app.send('POST', `${PATH}/${id}/cancel`, { token: colleague.token })).toMatchObject({
      status: 404,
    });
    expect(await app.send('POST', `${PATH}/${id}/cancel`, { token: person.token })).toMatchObject({
      status: 204,
    });
    standIn.gate = undefined;
    expect(parseEvents((await pending).body).at(-1)).toMatchObject({
      event: 'failed',
      data: { failure: 'cancelled' },
    });
    await expect.poll(() => standIn.open).toBe(0);
    open();
    expect((await app.send('GET', `${PATH}/${id}`, { token: person.token })).body).toMatchObject({
      status: 'cancelled',
      failure: null,
    });
    expect(await app.send('POST', `${PATH}/${id}/cancel`, { token: person.token })).toMatchObject({
      status: 409,
    });
  });

  it('whose object died is ended as interrupted, with what it had been given', async () => {
    let open!: () => void;
    standIn.gate = new Promise((resolve) => (open = resolve));
    const pending = ask({ stream: true });
    await expect.poll(() => standIn.open).toBe(1);
    await expect
      .poll(async () => (await app.send('GET', PATH, { token: person.token })).body.data.length)
      .toBe(1);
    app.generations.evict();
    app.clock.advanceSeconds(11);
    await app.generations.ring();
    const { body } = await app.send('GET', PATH, { token: person.token });
    expect(body.data).toMatchObject([
      { status: 'failed', failure: 'interrupted', usage: { state: 'partial', inputTokens: 12 } },
    ]);
    const events = await app.send('GET', `${PATH}/${body.data[0].id}/events`, {
      token: person.token,
      headers: { 'last-event-id': '40' },
    });
    expect(parseEvents(events.body)).toMatchObject([{ event: 'failed', data: { failure: 'interrupted' } }]);
    standIn.gate = undefined;
    open();
    await pending;
  });
});
