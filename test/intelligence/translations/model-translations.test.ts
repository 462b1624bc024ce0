import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSpeechService } from '../../../src/intelligence/providers/speech-service/index.ts';
import { ownerSql } from '../../contract/sql.ts';
import { SpeechStandIn } from '../../support/ai/speech-stand-in.ts';
import { includePlatformModels } from '../../support/ai/silent-models.ts';
import type { AiStandIn } from '../../support/ai/stand-in.ts';
import { createAppWithStandIn, MODEL, storePrices } from '../../support/ai/stand-in-app.ts';
import type { Person, TestApp } from '../../support/app.ts';

const OTHER_MODEL = 'claude-sonnet-5';

let app: TestApp;
let standIn: AiStandIn;
let service: SpeechStandIn;
let ann: Person;

beforeAll(async () => {
  service = new SpeechStandIn();
  await service.start();
  const speech = createSpeechService({ url: service.url, secret: service.secret });
  ({ app, standIn } = await createAppWithStandIn({}, { speech }));
  await storePrices(app, { ai_input_tokens: '1', ai_output_tokens: '5' });
});
afterAll(() => Promise.all([standIn.stop(), service.stop()]));
beforeEach(async () => {
  standIn.next.length = 0;
  standIn.requests.length = 0;
  service.requests.length = 0;
  service.engineAnswer = undefined;
  ann = await app.person({ plan: 'pro' });
});

const translate = (fields: object, headers: Record<string, string> = {}, { token } = ann) =>
  app.send('POST', '/api/v1/ai/translations', {
    token,
    headers,
    body: { texts: ['One.', 'Two.'], from: 'en', to: 'ja', model: MODEL, ...fields },
  });
const answers = (texts: unknown, { from = 'en', stopReason = 'end_turn' } = {}) =>
  standIn.next.push({
    answer: {
      pieces: [JSON.stringify({ from, texts })],
      stopReason,
      usage: { input_tokens: 300, output_tokens: 40 },
    },
  });
const asked = () => {
  const text: string = standIn.requests.at(-1)!.body.messages[0].content[0].text;
  return { order: text.split('\n')[0], data: JSON.parse(text.slice(text.indexOf('{'))) };
};
const prefer = (model: string) =>
  app.send('PUT', '/api/v1/ai/preferences', {
    token: ann.token,
    body: { defaultModel: model, policy: null, allowedModels: null, blockedModels: [], maxPriceMicros: null },
  });

describe('a language model translates', () => {
  it('what rules have no pair for, as a generation that says what it used', async () => {
    answers(['一つ。', '二つ。']);
    const { status, body } = await translate({ context: 'A list.' });
    expect([status, body]).toEqual([
      200,
      {
        data: [
          { text: '一つ。', glossaryTerms: 0 },
          { text: '二つ。', glossaryTerms: 0 },
        ],
        from: 'en',
        isDetected: false,
        to: 'ja',
        engine: 'model',
        provider: 'anthropic',
        model: MODEL,
        generationId: body.generationId,
        characters: 8,
      },
    ]);
    expect(asked()).toEqual({
      order: 'Translate from English to Japanese.',
      data: { texts: ['One.', 'Two.'], context: 'A list.' },
    });
    const [row] = await ownerSql(
      'select origin, input_tokens, output_tokens from ai_generations where id = $1',
      [body.generationId],
    );
    expect(row).toEqual({ origin: { feature: 'translations' }, input_tokens: 300, output_tokens: 40 });
  });

  it('nothing that rules translate, unless it is asked for', async () => {
    expect((await translate({ to: 'es' })).body).toMatchObject({ engine: 'rules', generationId: null });
    expect(standIn.requests).toEqual([]);
    answers(['Uno.', 'Dos.']);
    expect((await translate({ to: 'es', engine: 'model' })).body).toMatchObject({ engine: 'model' });
    expect((await translate({ engine: 'rules' })).body.code).toBe('translations.pair_not_supported');
  });

  it('with formality, where the language knows it, and while the speech service is away', async () => {
    answers(['Uno.', 'Dos.']);
    expect((await translate({ to: 'es', formality: 'formal' })).body.engine).toBe('model');
    expect(asked().order).toBe('Translate from English to Spanish. Address people formally.');
    expect((await translate({ to: 'zh', formality: 'formal' })).body.code).toBe(
      'translations.formality_not_supported',
    );
    service.engineAnswer = { status: 500 };
    answers(['Uno.', 'Dos.']);
    expect((await translate({ to: 'es' })).body.engine).toBe('model');
  });

  it('and finds out the language, or says that it cannot', async () => {
    answers(['Eins.', 'Zwei.'], { from: 'it' });
    expect((await translate({ to: 'de', from: undefined, engine: 'model' })).body).toMatchObject({
      from: 'it',
      isDetected: true,
    });
    answers(['Eins.', 'Zwei.'], { from: 'other' });
    expect((await translate({ to: 'de', from: undefined, engine: 'model' })).body.code).toBe(
      'translations.language_unclear',
    );
  });

  it('with the terms of the glossary that stand in the texts, and counts those that it kept', async () => {
    const terms = [
      { term: 'review', translation: 'レビュー' },
      { term: 'unused', translation: '無' },
    ];
    await app.send('PUT', '/api/v1/ai/glossaries/en/ja', { token: ann.token, body: { terms } });
    answers(['レビューです。', '検討です。']);
    const { body } = await translate({ texts: ['A review.', 'A Review.'] });
    expect(body.data.map(({ glossaryTerms }: { glossaryTerms: number }) => glossaryTerms)).toEqual([1, 0]);
    expect(asked().data.terms).toEqual([terms[0]]);
  });

  it('by the preferred model, or else the cheapest whose price is known', async () => {
    answers(['一つ。', '二つ。']);
    expect((await translate({ model: undefined })).body.model).toBe(MODEL);
    expect((await prefer(OTHER_MODEL)).status).toBe(200);
    answers(['一つ。', '二つ。']);
    expect((await translate({ model: undefined })).body.model).toBe(OTHER_MODEL);
  });

  it('once for a repeated request', async () => {
    answers(['一つ。', '二つ。']);
    const [first, second] = [
      await translate({}, { 'idempotency-key': 'one' }),
      await translate({}, { 'idempotency-key': 'one' }),
    ];
    expect([first.status, second.body, standIn.requests.length]).toEqual([200, first.body, 1]);
  });
});

describe('a translation by a model is refused', () => {
  it.each([
    ['translations.answer_not_whole', () => answers(['一つ。'])],
    ['translations.answer_not_whole', () => answers(['一つ。', ''])],
    ['translations.answer_not_whole', () => answers(['一つ。', '二つ。'], { from: 'Klingon' })],
    ['translations.model_refused', () => answers([], { stopReason: 'refusal' })],
    ['ai.provider_busy', () => standIn.next.push({ fault: { kind: 'status', status: 529 } })],
    ['ai.provider_failed', () => standIn.next.push({ fault: { kind: 'cut', after: 1 } })],
    ['ai.provider_failed', () => standIn.next.push({ fault: { kind: 'malformed', after: 1 } })],
  ])('as %s for an answer that is not whole', async (code, prepare) => {
    prepare();
    expect((await translate({})).body.code).toBe(code);
  });

  it('beyond the budget', async () => {
    const limit = { body: { limitMicros: 1, period: 'month' }, token: ann.token };
    expect((await app.send('PUT', '/api/v1/ai/budget', limit)).status).toBe(200);
    expect((await translate({})).body.code).toBe('ai.out_of_budget');
    expect(standIn.requests).toEqual([]);
  });

  it('from a language to itself', async () => {
    expect((await translate({ to: 'en', engine: 'model' })).body.code).toBe(
      'translations.pair_not_supported',
    );
  });
});

it('languages say what a model can be asked for, also while the speech service is away', async () => {
  const list = () => app.send('GET', '/api/v1/ai/languages', { token: ann.token });
  service.engineAnswer = { status: 500 };
  const { data, engines } = (await list()).body;
  expect(engines).toEqual({ speech: false, model: true });
  const japanese = data.find(({ code }: { code: string }) => code === 'ja');
  expect(japanese).toMatchObject({ speechToText: false, translatesTo: [], formality: true });
  expect(japanese.modelTranslatesTo).toHaveLength(11);
  await includePlatformModels(app, ann, 0);
  expect((await list()).body.code).toBe('speech.degraded');
  service.engineAnswer = undefined;
  expect((await list()).body.engines).toEqual({ speech: true, model: false });
});
