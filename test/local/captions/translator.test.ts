import { expect, it } from 'vitest';
import { Translator } from '../../../workers/captions/translator.ts';

const request = { text: 'Hello.', from: 'en', to: 'de', context: '' };

function create(model: 'auto' | 'model' | null, mayUseRules = true) {
  const asked: string[] = [];
  const answers: { rules: string | null; model: string | null } = { rules: 'rules', model: 'model' };
  const wanted = { translateTo: [], mayUseRules, model };
  const engine = (name: 'rules' | 'model') => async () => {
    asked.push(name);
    return answers[name];
  };
  const translator = new Translator(wanted, { rules: engine('rules'), model: engine('model') });
  const translate = async () => (await translator.translate(request))?.by ?? null;
  return { asked, answers, translate, renew: () => translator.want(wanted) };
}

it('rules translate alone, or before a model, or after it, as was chosen; without any, nothing is invented', async () => {
  expect(await create(null).translate()).toBe('rules');
  expect(await create('auto').translate()).toBe('rules');
  const auto = create('auto');
  auto.answers.rules = null;
  expect([await auto.translate(), auto.asked]).toEqual(['model', ['rules', 'model']]);
  const model = create('model');
  model.answers.model = null;
  expect([await model.translate(), model.asked]).toEqual(['rules', ['model', 'rules']]);
  model.answers.rules = ' ';
  expect(await model.translate()).toBeNull();
  expect(await create('auto', false).translate()).toBe('model');
  expect(await create(null, false).translate()).toBeNull();
});

it('a model that fails three times in a row is asked again with the next plan, and at most 60 times between two', async () => {
  const { asked, answers, translate, renew } = create('model');
  answers.model = null;
  for (let caption = 0; caption < 5; caption++) expect(await translate()).toBe('rules');
  expect(asked.filter((name) => name === 'model')).toHaveLength(3);
  renew();
  answers.model = 'again';
  for (let caption = 0; caption < 70; caption++) await translate();
  expect(asked.filter((name) => name === 'model')).toHaveLength(3 + 60);
});
