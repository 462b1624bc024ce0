import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSpeechService } from '../../../src/intelligence/providers/speech-service/index.ts';
import { SpeechStandIn } from '../../support/ai/speech-stand-in.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';

let app: TestApp;
let ann: Person;
let service: SpeechStandIn;
beforeAll(async () => {
  service = new SpeechStandIn();
  await service.start();
});
afterAll(() => service.stop());
beforeEach(async () => {
  service.engineAnswer = undefined;
  service.requests.length = 0;
  app = createTestApp({ speech: createSpeechService({ url: service.url, secret: service.secret }) });
  ann = await app.person();
});

const speak = (body: object = {}, { token } = ann) =>
  app.send('POST', '/api/v1/ai/speech', { token, body: { text: 'Good morning.', voice: 'joe', ...body } });
const used = async () => {
  await app.drain();
  const at = (days: number) => new Date(app.clock.now() + days * 86_400_000).toISOString().slice(0, 10);
  const period = `from=${at(-2)}T00:00:00Z&to=${at(2)}T00:00:00Z`;
  const { body } = await app.send('GET', `/api/v1/usage/summary?${period}`, { token: ann.token });
  return body.meters.find((each: { meter: string }) => each.meter === 'spoken_characters').quantity;
};
const setBudget = (limitMicros: number) =>
  app.send('PUT', '/api/v1/ai/budget', { token: ann.token, body: { period: 'day', limitMicros } });
const setPrice = async (unitPrice: string) => {
  const price = {
    meter: 'spoken_characters',
    unitPrice,
    unitQuantity: 1,
    startsAt: '2020-01-01T00:00:00Z',
    source: 'Test',
  };
  const { status } = await app.send('POST', '/api/v1/operator/prices', {
    token: app.operator,
    body: { prices: [price] },
  });
  expect(status).toBe(200);
};

describe('speech', () => {
  it('is sent as the voice speaks it, in the format that was asked for, and its characters are counted', async () => {
    const answer = await speak({ format: 'mp3', speed: 1.5 });
    expect(answer).toMatchObject({ status: 200, body: 'ID3 sound' });
    expect(answer.headers.get('content-type')).toBe('audio/mpeg');
    expect(service.requests).toMatchObject([
      { input: 'Good morning.', voice: 'joe', speed: 1.5, response_format: 'mp3' },
    ]);
    expect(await used()).toBe(13);
  });

  it('of a voice that there is not is refused, and costs nothing', async () => {
    service.engineAnswer = {
      status: 400,
      body: { error: { message: 'voice is not one', code: 'voice_unknown' } },
    };
    expect(await speak({ voice: 'eve' })).toMatchObject({
      status: 422,
      body: { code: 'speech.request_refused', detail: 'voice is not one' },
    });
    expect(await used()).toBe(0);
    service.engineAnswer = undefined;
    const preview = (voice: string) =>
      app.send('POST', '/api/v1/ai/voices/preview', { token: ann.token, body: { voice } });
    expect(await preview('eve')).toMatchObject({ status: 404, body: { code: 'voices.not_found' } });
    expect(await preview('joe')).toMatchObject({ status: 200 });
  });

  it('is degraded while the service is away or has no engine, and nothing else is', async () => {
    service.engineAnswer = {
      status: 503,
      body: { error: { code: 'not_available', message: 'secret detail' } },
    };
    const answer = await speak();
    expect(answer).toMatchObject({ status: 503, body: { code: 'speech.degraded' } });
    expect([answer.headers.get('retry-after'), JSON.stringify(answer.body).includes('secret')]).toEqual([
      '30',
      false,
    ]);
    service.engineAnswer = {
      status: 429,
      body: { error: { code: 'busy' } },
      headers: { 'retry-after': '7' },
    };
    expect(await speak()).toMatchObject({ status: 503, body: { code: 'speech.busy' } });
    app = createTestApp({ speech: undefined });
    ann = await app.person();
    expect(await speak()).toMatchObject({ status: 503, body: { code: 'speech.degraded' } });
    expect(await app.send('GET', '/api/v1/rooms', { token: ann.token })).toMatchObject({ status: 200 });
  });

  it('is refused where the plan does not have it, and to those who may not ask models', async () => {
    const guest = await app.person({ role: 'guest', organizationId: ann.organizationId });
    expect(await speak({}, guest)).toMatchObject({ status: 403 });
    await app.send('POST', `/api/v1/operator/organizations/${ann.organizationId}/entitlement-grants`, {
      token: app.operator,
      body: { kind: 'feature', name: 'speech', value: 0, reason: 'Test' },
    });
    expect(await speak()).toMatchObject({ status: 402, body: { code: 'billing.feature_not_included' } });
    expect(service.requests).toEqual([]);
  });

  it('stays within the budget for AI: reserved before, settled after, given back where nothing was spoken', async () => {
    await setBudget(1_000_000);
    expect(await speak()).toMatchObject({ status: 409, body: { code: 'speech.price_unknown' } });
    app.clock.advanceSeconds(61); // Prices are kept for a minute.
    await setPrice('0.04');
    service.engineAnswer = { status: 503 };
    expect(await speak()).toMatchObject({ status: 503 });
    service.engineAnswer = undefined;
    expect(await speak()).toMatchObject({ status: 200 }); // 13 × 0.04 = 0.52
    expect(await speak()).toMatchObject({ status: 402, body: { code: 'speech.out_of_budget' } });
    expect(await app.send('GET', '/api/v1/ai/budget', { token: ann.token })).toMatchObject({
      body: { spent: { amountMicros: 520_000 }, reserved: { amountMicros: 0 } },
    });
    expect(service.requests).toHaveLength(2); // the one that failed, and the one that was spoken
  });
});
