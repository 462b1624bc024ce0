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
  service.requests.length = 0;
  service.translate = (text) => `es(${text})`;
  app = createTestApp({ speech: createSpeechService({ url: service.url, secret: service.secret }) });
  ann = await app.person();
});

const translate = (body: object) =>
  app.send('POST', '/api/v1/ai/translations', { token: ann.token, body: { to: 'es', ...body } });
const setGlossary = async (terms: object[], { token } = ann) =>
  expect(await app.send('PUT', '/api/v1/ai/glossaries/en/es', { token, body: { terms } })).toMatchObject({
    status: 200,
  });

describe('a translation', () => {
  it('has the texts in their order, with the language that was named or found out', async () => {
    expect(await translate({ texts: ['One.', 'Two.'], from: 'en' })).toMatchObject({
      status: 200,
      body: {
        data: [{ text: 'es(One.)' }, { text: 'es(Two.)' }],
        from: 'en',
        isDetected: false,
        characters: 8,
      },
    });
    expect(await translate({ texts: ['One.'] })).toMatchObject({ body: { from: 'en', isDetected: true } });
    expect(service.requests.map(({ source }) => source)).toEqual(['en', undefined]);
  });

  it('is made with what stands around it, where its language is not named', async () => {
    await translate({ texts: ['One.'], context: 'One, two, three.' });
    await translate({ texts: ['One.'], context: 'One, two, three.', from: 'en' });
    expect(service.requests.map(({ input, context }) => [input, context])).toEqual([
      [['One.'], 'One, two, three.'],
      [['One.'], undefined],
    ]);
    expect(await translate({ texts: ['One.'], context: 'x'.repeat(1_001) })).toMatchObject({ status: 400 });
  });

  it('keeps to the terms of the organization: whole words, the longest first, in any case, and after the language was found out', async () => {
    await setGlossary([
      { term: 'review', translation: 'revisión' },
      { term: 'Budget Review', translation: 'revisión del presupuesto' },
    ]);
    const texts = ['The budget review, a REVIEW.', 'A reviewer.'];
    for (const from of ['en', undefined])
      expect((await translate({ texts, from })).body.data).toEqual([
        { text: 'es(The revisión del presupuesto, a revisión.)', glossaryTerms: 2 },
        { text: 'es(A reviewer.)', glossaryTerms: 0 },
      ]);
    expect((await translate({ texts, from: 'en', glossary: false })).body.data[0]).toEqual({
      text: 'es(The budget review, a REVIEW.)',
      glossaryTerms: 0,
    });
  });

  it('is left to the engine where that loses a term', async () => {
    await setGlossary([{ term: 'review', translation: 'revisión' }]);
    service.translate = (text) => `es(${text.replace(/xq\d+x/i, '')})`;
    expect((await translate({ texts: ['A review.', 'Hello.'], from: 'en' })).body.data).toEqual([
      { text: 'es(A review.)', glossaryTerms: 0 },
      { text: 'es(Hello.)', glossaryTerms: 0 },
    ]);
  });

  it('has the glossary of its organization alone', async () => {
    await setGlossary([{ term: 'review', translation: 'ajena' }], await app.person());
    expect((await translate({ texts: ['A review.'], from: 'en' })).body.data[0].text).toBe('es(A review.)');
  });

  it('is refused for languages that no engine translates, and for formality, which none knows', async () => {
    expect(await translate({ texts: ['One.'], from: 'en', to: 'ja' })).toMatchObject({
      status: 422,
      body: { code: 'translations.pair_not_supported' },
    });
    expect(await translate({ texts: ['One.'], formality: 'formal' })).toMatchObject({
      status: 422,
      body: { code: 'translations.formality_not_supported' },
    });
    expect(await translate({ texts: ['x'.repeat(5_000), 'x'.repeat(5_000), 'x'] })).toMatchObject({
      status: 400,
    });
  });

  it('that is repeated with its idempotency key asks no engine', async () => {
    const options = {
      token: ann.token,
      body: { texts: ['One.'], from: 'en', to: 'es' },
      headers: { 'idempotency-key': 'translation-1' },
    };
    const [first, second] = [
      await app.send('POST', '/api/v1/ai/translations', options),
      await app.send('POST', '/api/v1/ai/translations', options),
    ];
    expect([second.body, service.requests.length]).toEqual([first.body, 1]);
  });
});

it('languages say what the engines can do with them', async () => {
  const { body } = await app.send('GET', '/api/v1/ai/languages', { token: ann.token });
  expect(body.data).toHaveLength(12);
  expect(body.data[0]).toMatchObject({ code: 'en', voices: ['joe'], translatesTo: ['es'], formality: false });
  expect(body.data.find(({ code }: { code: string }) => code === 'ja')).toMatchObject({
    speechToText: true,
    voices: [],
    translatesTo: [],
  });
});
