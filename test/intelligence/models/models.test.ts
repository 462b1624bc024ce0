import { describe, expect, it } from 'vitest';
import { modelsOf } from '../../../workers/ops/update-models.ts';
import { createTestApp } from '../../support/app.ts';
import { STAND_IN_KEY } from '../../support/ai/stand-in.ts';

describe('the catalogue of models', () => {
  it('says what each can do, where it is from, and whether a key is configured', async () => {
    for (const [key, configured] of [
      [STAND_IN_KEY, true],
      [undefined, false],
    ] as const) {
      const app = createTestApp({}, key ? { ANTHROPIC_API_KEY: key } : {});
      const { token } = await app.person({
        role: 'member',
        organizationId: (await app.person()).organizationId,
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
      });
    }
  });

  it('takes of the package what answers in the way of a chat, has sizes, and has a price by the same name', () => {
    const model = { litellm_provider: 'anthropic', mode: 'chat', max_input_tokens: 10, max_output_tokens: 5 };
    const packaged = {
      'claude-b': { ...model, supports_vision: true, deprecation_date: '2027-01-01' },
      'claude-a': model,
      'claude-unpriced': model,
      'claude-without-size': { litellm_provider: 'anthropic', mode: 'chat' },
      'claude-other-mode': { ...model, mode: 'completion' },
      'gpt-other-provider': { ...model, litellm_provider: 'openai' },
    };
    const priced = new Set(Object.keys(packaged).filter((name) => name !== 'claude-unpriced'));
    expect(modelsOf('anthropic', packaged, priced)).toEqual([
      {
        id: 'claude-a',
        provider: 'anthropic',
        contextTokens: 10,
        maxOutputTokens: 5,
        capabilities: [],
        endsOn: null,
      },
      {
        id: 'claude-b',
        provider: 'anthropic',
        contextTokens: 10,
        maxOutputTokens: 5,
        capabilities: ['images'],
        endsOn: '2027-01-01',
      },
    ]);
  });
});
