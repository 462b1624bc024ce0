import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Person, TestApp } from '../../support/app.ts';
import { completionsDialect } from '../../support/ai/completions-answer.ts';
import { geminiDialect } from '../../support/ai/gemini-answer.ts';
import { AiStandIn, STAND_IN_KEY } from '../../support/ai/stand-in.ts';
import { createAppWithStandIn, MODEL, question } from '../../support/ai/stand-in-app.ts';
import { ownerSql } from '../../contract/sql.ts';

const OPENAI_MODEL = 'gpt-5.4-mini';
const GOOGLE_MODEL = 'gemini-3.8-flash';

let app: TestApp;
let anthropic: AiStandIn;
let person: Person;
const openai = new AiStandIn(completionsDialect);
const google = new AiStandIn(geminiDialect);

beforeAll(async () => {
  await Promise.all([openai.start(), google.start()]);
  ({ app, standIn: anthropic } = await createAppWithStandIn({
    OPENAI_API_KEY: STAND_IN_KEY,
    OPENAI_API_URL: openai.url,
    GOOGLE_API_KEY: STAND_IN_KEY,
    GOOGLE_API_URL: google.url,
  }));
});
afterAll(() => Promise.all([anthropic, openai, google].map((standIn) => standIn.stop())));
beforeEach(async () => {
  for (const standIn of [anthropic, openai, google]) standIn.next.length = 0;
  person = await app.person({ plan: 'pro' });
});

const ask = (model: string, ...fallbackModels: string[]) =>
  app.send('POST', '/api/v1/ai/generations', {
    token: person.token,
    body: question({ model, fallbackModels }),
  });

const setOwnKey = (provider: string) =>
  app.send('PUT', `/api/v1/ai/provider-keys/${provider}`, {
    token: person.token,
    body: { secret: STAND_IN_KEY },
  });

/** What the platform pays for, by model. */
async function meteredModels(): Promise<string[]> {
  await app.drain();
  const rows = await ownerSql(
    `select distinct dimensions->>'provider' || ' ' || (dimensions->>'model') as model from usage_events where organization_id = $1`,
    [person.organizationId],
  );
  return rows.map(({ model }) => model as string);
}

describe('a model of another provider', () => {
  it.each([
    [OPENAI_MODEL, 'openai'],
    [GOOGLE_MODEL, 'google'],
  ])('answers as any does: %s', async (model, provider) => {
    expect(await ask(model)).toMatchObject({
      status: 200,
      body: {
        provider,
        model,
        output: [{ type: 'text', text: 'Hello from the stand-in.' }],
        usage: { state: 'exact', inputTokens: 12, outputTokens: 9 },
      },
    });
    expect(await meteredModels()).toEqual([`${provider} ${model}`]);
  });

  it('answers where those before do nothing, and it alone is counted', async () => {
    anthropic.next.push({ fault: { kind: 'status', status: 529, type: 'overloaded_error' } });
    openai.next.push({ fault: { kind: 'status', status: 429, type: 'rate_limit_exceeded' } });
    expect(await ask(MODEL, OPENAI_MODEL, GOOGLE_MODEL)).toMatchObject({
      status: 200,
      body: { provider: 'google', model: GOOGLE_MODEL, ownKey: false },
    });
    expect(await meteredModels()).toEqual([`google ${GOOGLE_MODEL}`]);
  });

  it('that counts at its end only is charged for the least that it read and said when it was cut', async () => {
    openai.next.push({ fault: { kind: 'cut', after: 3 } });
    const system = 'x'.repeat(800);
    const { status } = await app.send('POST', '/api/v1/ai/generations', {
      token: person.token,
      body: question({ model: OPENAI_MODEL, system }),
    });
    expect(status).toBe(502);
    const { body } = await app.send('GET', '/api/v1/ai/generations', { token: person.token });
    expect(body.data).toMatchObject([
      { failure: 'cut', usage: { state: 'partial', inputTokens: 101, outputTokens: 3 } },
    ]);
    expect(await meteredModels()).toEqual([`openai ${OPENAI_MODEL}`]);
  });

  it('is not asked where the one before may have worked', async () => {
    openai.next.push({ fault: { kind: 'cut', after: 2 } });
    const before = anthropic.requests.length;
    expect(await ask(OPENAI_MODEL, MODEL)).toMatchObject({
      status: 502,
      body: { code: 'ai.provider_failed' },
    });
    expect(anthropic.requests).toHaveLength(before);
  });
});

describe('of an organization’s key and one of the platform, that of the model that answered counts', () => {
  it('where the key of the organization is refused', async () => {
    expect(await setOwnKey('openai')).toMatchObject({ status: 200 });
    openai.next.push({
      fault: { kind: 'status', status: 401, type: 'invalid_request_error', message: 'revoked' },
    });
    expect(await ask(OPENAI_MODEL, MODEL)).toMatchObject({
      status: 200,
      body: { provider: 'anthropic', ownKey: false },
    });
    expect(await meteredModels()).toEqual([`anthropic ${MODEL}`]);
  });

  it('where that of the platform is busy', async () => {
    expect(await setOwnKey('anthropic')).toMatchObject({ status: 200 });
    openai.next.push({ fault: { kind: 'status', status: 429, type: 'rate_limit_exceeded' } });
    expect(await ask(OPENAI_MODEL, MODEL)).toMatchObject({
      status: 200,
      body: { provider: 'anthropic', ownKey: true },
    });
    expect(await meteredModels()).toEqual([]);
  });
});
