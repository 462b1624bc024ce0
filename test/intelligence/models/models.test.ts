import { describe, expect, it } from 'vitest';
import { modelsOf } from '../../../workers/ops/update-models.ts';
import { createTestApp } from '../../support/app.ts';
import { includePlatformModels } from '../../support/ai/silent-models.ts';
import { createAppWithStandIn } from '../../support/ai/stand-in-app.ts';
import { STAND_IN_KEY } from '../../support/ai/stand-in.ts';
import { storePrices } from '../../billing/costs/support.ts';

describe('the catalogue of models', () => {
  it('says what each can do, where it is from, and whether a key is configured', async () => {
    for (const [key, configured] of [
      [STAND_IN_KEY, true],
      [undefined, false],
    ] as const) {
      const app = createTestApp({}, key ? { ANTHROPIC_API_KEY: key } : {});
      const { token } = await app.person({
        role: 'member',
        plan: 'pro',
        organizationId: (await app.person({ plan: 'pro' })).organizationId,
      });
      const { status, body } = await app.send('GET', '/api/v1/ai/models', { token });
      expect(status).toBe(200);
      expect(body.source).toMatchObject({
        package: 'litellm',
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
      expect(body.data).toContainEqual({
        id: 'claude-haiku-4-5',
        provider: 'anthropic',
        contextTokens: 200_000,
        maxOutputTokens: 64_000,
        capabilities: ['tools', 'images', 'reasoning', 'caching', 'output_schema'],
        endsOn: null,
        configured,
        prices: expect.anything(),
      });
    }
  });

  it('says of a model on the key of the platform that it can be asked where the plan includes that, and with an own key on any plan', async () => {
    const { app, standIn } = await createAppWithStandIn();
    const owner = await app.person();
    const { token } = owner;
    await includePlatformModels(app, owner, 0);
    const read = async () => {
      const { body } = await app.send('GET', '/api/v1/ai/models', { token });
      return body.data.find(({ id }: { id: string }) => id === 'claude-haiku-4-5').configured;
    };
    expect(await read()).toBe(false);
    const body = { secret: STAND_IN_KEY };
    const stored = await app.send('PUT', '/api/v1/ai/provider-keys/anthropic', { token, body });
    expect([stored.status, await read()]).toEqual([200, true]);
    await standIn.stop();
  });

  it('says what each costs now, with id and source of the price, and null where none is known', async () => {
    const app = createTestApp();
    const { token } = await app.person();
    const model = 'claude-haiku-4-5';
    const price = { meter: 'ai_output_tokens', provider: 'anthropic', unitQuantity: 1_000_000 };
    await storePrices(app, { ...price, model, unitPrice: '5', startsAt: '2026-01-01T00:00:00Z' });
    await storePrices(app, {
      ...price,
      model: 'claude-opus-5',
      unitPrice: '25',
      startsAt: '2126-01-01T00:00:00Z',
    });
    const { body } = await app.send('GET', '/api/v1/ai/models', { token });
    const pricesOf = (id: string) => body.data.find((each: { id: string }) => each.id === id).prices;
    const unknown = { input: null, output: null, cacheRead: null, cacheWrite: null, cacheWriteHour: null };
    expect(pricesOf(model)).toEqual({
      ...unknown,
      currency: 'USD',
      output: {
        priceId: expect.stringMatching(/^prv_/),
        unitPrice: '5',
        unitQuantity: 1_000_000,
        source: expect.any(String),
        startsAt: '2026-01-01T00:00:00.000Z',
      },
    });
    expect(pricesOf('claude-opus-5')).toEqual({ ...unknown, currency: 'USD' });
  });

  const on = Date.parse('2026-11-30T00:00:00.000Z');
  const model = {
    litellm_provider: 'anthropic',
    mode: 'chat',
    max_input_tokens: 10,
    max_output_tokens: 5,
    supports_function_calling: true,
    supports_response_schema: true,
  };

  it('takes of the package what answers in the way of a chat, has sizes, and has a price by the same name', () => {
    const packaged = {
      'claude-b': { ...model, supports_vision: true, deprecation_date: '2027-01-29' },
      'claude-a': model,
      'claude-unpriced': model,
      'claude-without-size': { ...model, max_input_tokens: undefined },
      'claude-other-mode': { ...model, mode: 'completion' },
      'claude-a-2026-03-05': model,
      'claude-ending': { ...model, deprecation_date: '2027-01-28' },
      'claude-without-tools': { ...model, supports_function_calling: false },
      'gpt-other-provider': { ...model, litellm_provider: 'openai' },
    };
    const priced = new Set(Object.keys(packaged).filter((name) => name !== 'claude-unpriced'));
    expect(modelsOf('anthropic', packaged, priced, on)).toEqual([
      {
        id: 'claude-a',
        provider: 'anthropic',
        contextTokens: 10,
        maxOutputTokens: 5,
        capabilities: ['tools', 'output_schema'],
        endsOn: null,
      },
      {
        id: 'claude-b',
        provider: 'anthropic',
        contextTokens: 10,
        maxOutputTokens: 5,
        capabilities: ['tools', 'images', 'output_schema'],
        endsOn: '2027-01-29',
      },
    ]);
  });

  it('says of OpenAI and Google what their APIs can do in a chat', () => {
    const chat = { ...model, supported_endpoints: ['/v1/chat/completions'], supports_reasoning: true };
    const openai = { ...chat, litellm_provider: 'openai', supports_none_reasoning_effort: true };
    const google = { ...chat, litellm_provider: 'gemini', supports_prompt_caching: true };
    const packaged = {
      'gpt-always-reasoning': { ...openai, supports_none_reasoning_effort: false },
      'gpt-cached': { ...openai, supports_prompt_cache_breakpoint: true },
      'gpt-elsewhere': { ...openai, supported_endpoints: ['/v1/responses'] },
      'gemini/gemini-2.5-flash': google,
      'gemini/gemini-3-flash': google,
    };
    const priced = new Set(Object.keys(packaged).map((name) => name.replace('gemini/', '')));
    const capabilitiesOf = (provider: 'openai' | 'google') =>
      modelsOf(provider, packaged, priced, on).map(({ id, capabilities }) => [id, ...capabilities]);
    expect(capabilitiesOf('openai')).toEqual([
      ['gpt-always-reasoning', 'reasoning', 'adaptive_reasoning', 'output_schema'],
      ['gpt-cached', 'tools', 'reasoning', 'adaptive_reasoning', 'caching', 'output_schema'],
    ]);
    expect(capabilitiesOf('google')).toEqual([
      ['gemini-2.5-flash', 'tools', 'reasoning', 'output_schema'],
      ['gemini-3-flash', 'tools', 'reasoning', 'adaptive_reasoning', 'output_schema'],
    ]);
  });
});
