import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHostedVoices } from '../../../src/intelligence/providers/openai/index.ts';
import { OpenAiStandIn } from '../../support/ai/openai-stand-in.ts';
import { includePlatformModels } from '../../support/ai/silent-models.ts';
import { STAND_IN_KEY } from '../../support/ai/stand-in.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';

const OWN_KEY = 'key-of-the-organization';
/** What the provider says of the account of the platform. */
const ACCOUNT = 'org-of-the-platform';
const LIMIT_REACHED = JSON.stringify({ error: { message: `Rate limit reached in ${ACCOUNT}` } });

let app: TestApp;
let standIn: OpenAiStandIn;
let ann: Person;
beforeAll(async () => {
  standIn = await new OpenAiStandIn().start();
  standIn.keys.push(OWN_KEY);
  const settings = { OPENAI_API_KEY: STAND_IN_KEY, OPENAI_API_URL: standIn.url };
  app = createTestApp({ hostedVoices: createHostedVoices(standIn.url) }, settings);
  const price = {
    meter: 'spoken_characters',
    provider: 'openai',
    model: 'tts-1',
    unitPrice: '15',
    unitQuantity: 1_000_000,
    startsAt: '2020-01-01T00:00:00Z',
    source: 'test',
  };
  await app.send('POST', '/api/v1/operator/prices', { token: app.operator, body: { prices: [price] } });
});
afterAll(() => standIn.stop());
beforeEach(async () => {
  standIn.requests.length = 0;
  standIn.faults.length = 0;
  ann = await app.person({ plan: 'pro' });
});

const speak = (body: object = {}) =>
  app.send('POST', '/api/v1/ai/speech', {
    token: ann.token,
    body: { text: 'Good morning.', voice: 'openai.alloy', ...body },
  });
const voices = () => app.send('GET', '/api/v1/ai/voices', { token: ann.token });
const setOwnKey = (secret = OWN_KEY) =>
  app.send('PUT', '/api/v1/ai/provider-keys/openai', { token: ann.token, body: { secret } });
const setBudget = (limitMicros: number) =>
  app.send('PUT', '/api/v1/ai/budget', { token: ann.token, body: { period: 'day', limitMicros } });
const spent = async () => {
  const { body } = await app.send('GET', '/api/v1/ai/budget', { token: ann.token });
  return [body.spent.amountMicros, body.reserved.amountMicros];
};
const used = async () => {
  await app.drain();
  const { body } = await app.send('GET', '/api/v1/ai/usage?by=model', { token: ann.token });
  return JSON.stringify(body);
};

describe('a voice of OpenAI', () => {
  it('speaks with the key of the platform: its characters are counted, and cost what its price says', async () => {
    await setBudget(1_000_000);
    const answer = await speak({ speed: 1.5 });
    expect(answer).toMatchObject({ status: 200, body: 'ID3 hosted' });
    expect(standIn.requests).toEqual([
      {
        path: '/v1/audio/speech',
        key: STAND_IN_KEY,
        body: { model: 'tts-1', voice: 'alloy', input: 'Good morning.', speed: 1.5, response_format: 'mp3' },
      },
    ]);
    // 13 characters at 15 USD for a million.
    expect(await spent()).toEqual([195, 0]);
    expect(await used()).toContain('tts-1');
  });

  it('speaks with the key of the organization, which its provider charges: nothing is counted', async () => {
    await setBudget(0);
    expect((await setOwnKey()).status).toBe(200);
    expect((await speak()).status).toBe(200);
    expect(standIn.requests[0]!.key).toBe(OWN_KEY);
    expect(await used()).not.toContain('tts-1');
  });

  it('is not asked beyond the budget, or without a key that the plan includes', async () => {
    await setBudget(194);
    expect((await speak()).body.code).toBe('speech.out_of_budget');
    await includePlatformModels(app, ann, 0);
    expect((await speak()).body.code).toBe('voices.no_key');
    expect((await voices()).body.code).toBe('speech.degraded');
    expect((await speak({ voice: 'openai.eve' })).body.code).toBe('voices.not_found');
    expect(standIn.requests).toEqual([]);
  });

  it('is listed with its provider, also while the speech service is away, and can be previewed', async () => {
    const { body } = await voices();
    expect(body.data[0]).toEqual({ id: 'openai.alloy', name: 'Alloy', language: 'mul', provider: 'openai' });
    const preview = { token: ann.token, body: { voice: 'openai.nova' } };
    expect((await app.send('POST', '/api/v1/ai/voices/preview', preview)).status).toBe(200);
    expect(standIn.requests[0]!.body.input).toBe(
      'Hello, I am Nova. This is how I sound when I read your text.',
    );
  });
});

describe('a voice that fails costs nothing', () => {
  it.each([
    [{ status: 429, headers: { 'retry-after': '7' }, body: LIMIT_REACHED }, 'speech.busy'],
    [{ status: 529, body: '{}' }, 'speech.degraded'],
    [{ status: 400, body: '{"error":{"message":"no"}}' }, 'speech.request_refused'],
    [{ status: 200, body: '{"not":"sound"}' }, 'speech.degraded'],
    [{ status: 401, body: '{}' }, 'speech.degraded'],
  ])('%j', async (fault, code) => {
    await setBudget(1_000_000);
    standIn.faults.push(fault);
    const { body } = await speak();
    expect(body.code).toBe(code);
    expect(JSON.stringify(body)).not.toContain(ACCOUNT);
    expect(await spent()).toEqual([0, 0]);
  });

  it('and says so where the key is of the organization; that of the platform does not take its place', async () => {
    expect((await setOwnKey()).status).toBe(200);
    standIn.faults.push({ status: 401, body: '{}' });
    expect((await speak()).body.code).toBe('voices.key_refused');
    standIn.faults.push({ status: 402, body: '{}' });
    expect((await speak()).body.code).toBe('voices.no_credit');
    expect(standIn.requests.map(({ key }) => key)).toEqual([OWN_KEY, OWN_KEY]);
  });

  it('and is not asked for a while after it failed again and again', async () => {
    for (let time = 0; time < 5; time++) {
      standIn.faults.push({ status: 503, body: '{}' });
      await speak();
    }
    expect((await speak()).body.code).toBe('speech.busy');
    expect(standIn.requests).toHaveLength(5);
  });
});
