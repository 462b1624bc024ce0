import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eraseDueAccounts } from '../../../src/identity/account-deletion/erase-accounts.ts';
import { sweepAnswers } from '../../../src/intelligence/answer-cache/manage-cache.ts';
import { ownerSql } from '../../contract/sql.ts';
import { parseEvents } from '../../support/ai/parse-events.ts';
import type { AiStandIn } from '../../support/ai/stand-in.ts';
import { CONVERSATIONS, createAgent, createConversation } from '../../support/agents.ts';
import { createAppWithStandIn, MODEL, question, storePrices } from '../../support/ai/stand-in-app.ts';
import type { Person, TestApp } from '../../support/app.ts';
import { withFreshToken } from '../../support/tokens.ts';

const GENERATIONS = '/api/v1/ai/generations';
const CACHE = '/api/v1/ai/answer-cache';
const TEXT = [{ type: 'text', text: 'Hello from the stand-in.' }];

let app: TestApp;
let standIn: AiStandIn;
let person: Person;

beforeAll(async () => {
  ({ app, standIn } = await createAppWithStandIn());
  await storePrices(app, { ai_input_tokens: '1', ai_output_tokens: '5' });
});
afterAll(() => standIn.stop());
beforeEach(async () => {
  standIn.next.length = 0;
  standIn.requests.length = 0;
  person = await app.person({ plan: 'pro' });
});

const ask = (fields: object = {}, { token } = person) =>
  app.send('POST', GENERATIONS, { token, body: question(fields) });
const reuse = (fields: object = {}, by = person) => ask({ reuse: true, ...fields }, by);
const keepFor = (reuseAnswersSeconds: number | null, fields: object = {}) =>
  app.send('PUT', '/api/v1/ai/preferences', {
    token: person.token,
    body: {
      defaultModel: null,
      policy: null,
      allowedModels: null,
      blockedModels: [],
      maxPriceMicros: null,
      reuseAnswersSeconds,
      ...fields,
    },
  });
const asked = () => standIn.requests.length;

describe('an answer that is reused', () => {
  it('is never that of a fallback, which another model has given', async () => {
    const fallbackModels = ['claude-opus-5'];
    standIn.next.push({ fault: { kind: 'status', status: 529, type: 'overloaded_error' } });
    const first = await reuse({ fallbackModels });
    expect(first.body).toMatchObject({ status: 'completed', model: 'claude-opus-5' });
    const { body } = await reuse({ fallbackModels });
    expect(body).toMatchObject({ status: 'completed', model: MODEL, reused: null });
  });

  it('asks no model, uses nothing, and says what it saved; the savings are summed up', async () => {
    expect((await reuse()).body.reused).toBeNull();
    const { body, status } = await reuse();
    expect([status, asked()]).toEqual([200, 1]);
    expect(body).toMatchObject({
      status: 'completed',
      stopReason: 'end',
      model: MODEL,
      output: TEXT,
      usage: { state: 'exact', inputTokens: 0, outputTokens: 0 },
      // 12 tokens of input at 1 micro-unit, 9 of output at 5.
      reused: { inputTokens: 12, outputTokens: 9, saved: { amountMicros: 57, currency: 'USD' } },
    });
    const read = await app.send('GET', `${GENERATIONS}/${body.id}`, { token: person.token });
    expect(read.body).toEqual(body);
    await reuse();
    const savings = {
      reused: 2,
      inputTokens: 24,
      outputTokens: 18,
      amount: { amountMicros: 114 },
      unknownCount: 0,
    };
    const cache = await app.send('GET', CACHE, { token: person.token });
    expect(cache.body).toMatchObject({ answers: 1, thisMonth: savings, total: savings });
    await app.drain();
    expect(
      await ownerSql(
        `select quantity::int from usage_events where organization_id = $1 and meter = 'ai_output_tokens'`,
        [person.organizationId],
      ),
    ).toEqual([{ quantity: 9 }]);
  });

  it('is never that of an agent, whatever its temperature is and the organization prefers', async () => {
    await keepFor(3_600);
    const agentId = await createAgent(app, person, { version: { temperature: 0 } });
    for (let count = 0; count < 2; count++) {
      const path = `${CONVERSATIONS}/${await createConversation(app, person, agentId)}/messages`;
      const { status } = await app.send('POST', path, { token: person.token, body: { text: 'Hello?' } });
      expect(status).toBe(200);
    }
    expect(asked()).toBe(2);
    expect((await app.send('GET', CACHE, { token: person.token })).body.answers).toBe(0);
  });

  it('comes as a stream that can be resumed', async () => {
    await reuse();
    const { body, status } = await reuse({ stream: true });
    const events = parseEvents(body);
    expect([status, asked()]).toEqual([201, 1]);
    expect(events.map(({ event }) => event)).toEqual(['started', 'text', 'ended']);
    const { generationId } = events[0]!.data as { generationId: string };
    const rest = await app.send('GET', `${GENERATIONS}/${generationId}/events?after=1`, {
      token: person.token,
    });
    expect(parseEvents(rest.body).map(({ event }) => event)).toEqual(['text', 'ended']);
  });

  it('has the tool calls of the first one', async () => {
    const tools = [{ name: 'look', description: 'Looks.', inputSchema: { type: 'object' } }];
    const toolCall = { id: 'call_1', name: 'look', json: ['{"at":', '"it"}'] };
    standIn.next.push({
      answer: { pieces: ['I look.'], toolCall, usage: { input_tokens: 1, output_tokens: 2 } },
    });
    const first = await reuse({ tools });
    const second = await reuse({ tools });
    expect(first.body.output).toMatchObject([{ type: 'text' }, { type: 'tool_call', input: { at: 'it' } }]);
    expect([asked(), second.body.output]).toEqual([1, first.body.output]);
  });

  it('is given to a colleague, to no other organization, and reserves nothing', async () => {
    await reuse();
    const colleague = await app.person({
      organizationId: person.organizationId,
      role: 'member',
      plan: 'pro',
    });
    expect((await reuse({}, colleague)).body.reused).not.toBeNull();
    const other = await app.person({ plan: 'pro' });
    expect((await reuse({}, other)).body.reused).toBeNull();
    await app.send('PUT', '/api/v1/ai/budget', {
      token: person.token,
      body: { limitMicros: 0, period: 'day' },
    });
    const token = (await withFreshToken(app, person)).token;
    expect(await reuse({}, { ...person, token })).toMatchObject({ status: 200, body: { output: TEXT } });
    expect(await ask({}, { ...person, token })).toMatchObject({ status: 402 });
  });

  it('is none of a model that may not be asked any more', async () => {
    await reuse();
    await keepFor(60, { blockedModels: [MODEL] });
    const { token } = await withFreshToken(app, person);
    await reuse({}, { ...person, token });
    expect(await reuse({}, { ...person, token })).toMatchObject({
      status: 403,
      body: { code: 'ai.model_not_allowed' },
    });
  });
});

describe('a request', () => {
  it.each([
    { model: 'claude-sonnet-5' },
    { system: 'Be brief.' },
    { maxOutputTokens: 101 },
    { temperature: 0 },
    { messages: [{ role: 'user', content: [{ type: 'text', text: 'Say hello. ' }] }] },
  ])('that differs in anything asks a model: %j', async (fields) => {
    await reuse();
    expect((await reuse(fields)).body.reused).toBeNull();
    expect(asked()).toBe(2);
  });

  it.each([
    [{}, 2],
    [{ reuse: false, temperature: 0 }, 2],
    [{ temperature: 0 }, 1],
    [{ temperature: 0.1 }, 2],
    [
      { temperature: 0, tools: [{ name: 'look', description: 'Looks.', inputSchema: { type: 'object' } }] },
      2,
    ],
  ])(
    'of an organization that keeps answers is reused only where it cannot vary: %j',
    async (fields, requests) => {
      await keepFor(60);
      await ask(fields);
      await ask(fields);
      expect(asked()).toBe(requests);
    },
  );

  it('that asks for nothing is not kept, and finds nothing', async () => {
    await ask({ temperature: 0 });
    await ask({ temperature: 0 });
    expect(asked()).toBe(2);
    expect((await app.send('GET', CACHE, { token: person.token })).body.answers).toBe(0);
  });
});

describe('a kept answer', () => {
  const kept = () =>
    ownerSql<{ sealed_output: string }>(`select * from ai_answers where organization_id = $1`, [
      person.organizationId,
    ]);

  it('is encrypted, and of a failed answer or a large one there is none', async () => {
    standIn.next.push({ fault: { kind: 'cut', after: 1 } });
    await reuse();
    standIn.next.push({
      answer: { pieces: ['x'.repeat(32_000)], usage: { input_tokens: 1, output_tokens: 1 } },
    });
    await reuse({ system: 'Be long.' });
    expect(await kept()).toEqual([]);
    await reuse();
    const rows = await kept();
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toMatch(/Hello|Say hello/);
  });

  it('that cannot be opened is asked for again, and replaced', async () => {
    await reuse();
    await ownerSql(`update ai_answers set id = 'aia_other' where organization_id = $1`, [
      person.organizationId,
    ]);
    expect((await reuse()).body.reused).toBeNull();
    expect((await reuse()).body.reused).not.toBeNull();
    expect(await kept()).toHaveLength(1);
  });

  it('expires, and is deleted then', async () => {
    await keepFor(60);
    await reuse();
    app.clock.advanceSeconds(60);
    const { token } = await withFreshToken(app, person);
    expect((await app.send('GET', CACHE, { token })).body.answers).toBe(0);
    await sweepAnswers(app.services);
    expect(await kept()).toEqual([]);
    expect((await reuse({}, { ...person, token })).body.reused).toBeNull();
  });

  it('goes when the cache is emptied, and with the user whose question it answers', async () => {
    await reuse();
    expect(await app.send('DELETE', CACHE, { token: person.token })).toMatchObject({ status: 204 });
    expect(await kept()).toEqual([]);
    // What is being answered meanwhile is not kept either.
    let open = () => undefined as void;
    standIn.gate = new Promise((resolve) => (open = resolve));
    const answered = reuse();
    await expect.poll(() => standIn.open).toBe(1);
    await app.send('DELETE', CACHE, { token: person.token });
    open();
    standIn.gate = undefined;
    expect(await answered).toMatchObject({ body: { status: 'completed' } });
    await app.generations.whenAnswered();
    expect(await kept()).toEqual([]);
    app.clock.advanceSeconds(1);
    const colleague = await app.person({
      organizationId: person.organizationId,
      role: 'member',
      plan: 'pro',
    });
    expect(await app.send('DELETE', CACHE, { token: colleague.token })).toMatchObject({ status: 403 });
    await reuse({}, colleague);
    expect(await kept()).toHaveLength(1);
    await ownerSql('update users set deletes_at = $2 where id = $1', [
      colleague.userId,
      new Date(app.clock.now() - 1_000),
    ]);
    await eraseDueAccounts(app.services);
    await app.drain();
    expect(await kept()).toEqual([]);
  });
});
