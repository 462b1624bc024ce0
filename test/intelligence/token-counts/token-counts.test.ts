import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Person, TestApp } from '../../support/app.ts';
import { completionsDialect } from '../../support/ai/completions-answer.ts';
import { includePlatformModels } from '../../support/ai/silent-models.ts';
import { AiStandIn, STAND_IN_KEY } from '../../support/ai/stand-in.ts';
import { createAppWithStandIn, MODEL, question } from '../../support/ai/stand-in-app.ts';

let app: TestApp;
let anthropic: AiStandIn;
let person: Person;
const openai = new AiStandIn(completionsDialect);

beforeAll(async () => {
  await openai.start();
  ({ app, standIn: anthropic } = await createAppWithStandIn({
    OPENAI_API_KEY: STAND_IN_KEY,
    OPENAI_API_URL: openai.url,
  }));
});
afterAll(() => Promise.all([anthropic.stop(), openai.stop()]));
beforeEach(async () => {
  anthropic.requests.length = 0;
  anthropic.next.length = 0;
  person = await app.person({ plan: 'pro' });
});

const count = (fields: object = {}, { token } = person) =>
  app.send('POST', '/api/v1/ai/count-tokens', { token, body: question(fields) });

describe('the tokens of a request', () => {
  it('are those that the provider of its model counts; no model is asked, and nothing is stored', async () => {
    expect(await count({ system: 'Be brief.', temperature: 1 })).toMatchObject({
      status: 200,
      body: { provider: 'anthropic', model: MODEL, inputTokens: 123 },
    });
    expect(anthropic.requests).toHaveLength(1);
    expect(anthropic.requests[0]).toMatchObject({
      path: '/v1/messages/count_tokens',
      body: { model: MODEL, system: [{ text: 'Be brief.' }] },
    });
    for (const field of ['max_tokens', 'stream', 'temperature'])
      expect(anthropic.requests[0]!.body).not.toHaveProperty(field);
    const { body } = await app.send('GET', '/api/v1/ai/generations', { token: person.token });
    expect(body.data).toEqual([]);
  });

  it('are counted on the account of the platform where the plan includes that, else with a key of the organization', async () => {
    const free = await app.person();
    await includePlatformModels(app, free, 0);
    expect(await count({}, free)).toMatchObject({
      status: 402,
      body: { code: 'billing.feature_not_included' },
    });
    expect(anthropic.requests).toEqual([]);
    const key = { token: free.token, body: { secret: STAND_IN_KEY } };
    await app.send('PUT', '/api/v1/ai/provider-keys/anthropic', key);
    expect(await count({}, free)).toMatchObject({ status: 200 });
  });

  it('are not estimated where the provider does not count, or fails', async () => {
    expect(await count({ model: 'gpt-5.4-mini' })).toMatchObject({
      status: 422,
      body: { code: 'ai.not_counted' },
    });
    anthropic.next.push({ fault: { kind: 'status', status: 529, type: 'overloaded_error' } });
    expect(await count()).toMatchObject({ status: 503, body: { code: 'ai.provider_busy' } });
  });
});
