import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { translate } from '../../../workers/captions/translate.ts';
import { SpeechStandIn } from '../../support/ai/speech-stand-in.ts';

let service: SpeechStandIn;
beforeAll(async () => {
  service = new SpeechStandIn();
  await service.start();
});
afterAll(() => service.stop());
beforeEach(() => {
  service.translate = (text) => `es(${text})`;
});

const glossaries = [{ from: 'en', to: 'es', terms: [{ term: 'review', translation: 'revisión' }] }];
const ask = (text: string, to = 'es') =>
  translate(
    { url: service.url, secret: service.secret, group: 'org_1' },
    { text, from: 'en', to },
    glossaries,
  );

it('a caption is translated with the terms of the glossary, and left to the engine where that loses one', async () => {
  expect(await ask('A Review.')).toBe('es(A revisión.)');
  service.translate = (text) => `es(${text.replace(/xq\d+x/i, '')})`;
  expect(await ask('A review.')).toBe('es(A review.)');
});

it('a caption has no translation where no engine has one', async () => {
  expect(await ask('A review.', 'ja')).toBeNull();
});
