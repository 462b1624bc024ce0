import { expect, it } from 'vitest';
import { Translations } from '../../../workers/captions/translations.ts';

const caption = (segmentId: string, language = 'en') => ({
  segmentId,
  speaker: 'usr_ada',
  language,
  text: 'Hello.',
  startMs: 0,
  endMs: 900,
});

/** Translates when `release` is called. */
function create(wanted: { translateTo: string[]; mayUseRules: boolean; model?: 'model' }) {
  const shown: string[] = [];
  const asked: string[] = [];
  const contexts: string[] = [];
  const voice = { languages: [] as string[], said: [] as string[] };
  const waiting: (() => void)[] = [];
  let characters = 0;
  const translations = new Translations(
    { model: null, ...wanted },
    {
      now: () => 7,
      spoken: () => voice.languages,
      speak: ({ language, text }, saidAtMs) => void voice.said.push(`${language} ${text} ${saidAtMs}`),
      translate: async ({ from, to, text, context }) => {
        asked.push(`${from}-${to}`);
        contexts.push(context);
        await new Promise<void>((resolve) => waiting.push(resolve));
        return to === 'ja' ? null : { text: `${to}(${text})`, by: to === 'fr' ? 'model' : 'rules' };
      },
      show: ({ segmentId, language, translatedFrom, translatedBy }, isForAll) =>
        void shown.push(
          `${segmentId} ${translatedFrom}>${language} ${translatedBy} ${isForAll ? 'all' : 'asking'}`,
        ),
      onTranslated: (more) => void (characters += more),
    },
  );
  const settle = async () => {
    for (let turns = 0; turns < 200; turns++) {
      waiting.splice(0).forEach((resolve) => resolve());
      await Promise.resolve();
    }
  };
  return { translations, voice, shown, asked, contexts, settle, characters: () => characters };
}

it('a caption is translated once to each language, for everybody or for those who ask, and counted where rules did it', async () => {
  const { translations, shown, settle, characters } = create({ translateTo: ['es'], mayUseRules: true });
  translations.ask(['es', 'fr', 'ja']);
  translations.add(caption('a'));
  translations.add(caption('b', 'fr'));
  await settle();
  expect(shown.toSorted()).toEqual([
    'a-es en>es rules all',
    'a-fr en>fr model asking',
    'b-es fr>es rules all',
  ]);
  expect(characters()).toBe(2 * 'Hello.'.length);
});

it('nothing is translated that is no longer asked for, or that a budget does not allow', async () => {
  const { translations, shown, asked, settle } = create({ translateTo: [], mayUseRules: true });
  translations.add(caption('a'));
  translations.ask(['es']);
  translations.add(caption('b'));
  translations.add(caption('c'));
  translations.ask([]);
  await settle();
  expect([asked, shown]).toEqual([[], []]);
  translations.ask(['es']);
  translations.want({ translateTo: ['fr'], mayUseRules: false, model: null });
  translations.add(caption('d'));
  await settle();
  expect(asked).toEqual([]);
  translations.want({ translateTo: ['fr'], mayUseRules: false, model: 'model' });
  translations.add(caption('e'));
  await settle();
  expect(asked).toEqual(['en-fr', 'en-es']);
});

it('translations of a language come in the order of what was said, and one that is slow holds up no more than ten', async () => {
  const { translations, shown, contexts, settle } = create({ translateTo: ['es'], mayUseRules: true });
  for (let each = 0; each < 15; each++) translations.add(caption(`s${each}`));
  await settle();
  expect(shown).toEqual([...Array(10).keys()].map((each) => `s${each}-es en>es rules all`));
  expect(contexts.slice(0, 2)).toEqual(['', 'Hello.']);
  translations.add(caption('later'));
  await settle();
  expect(shown.at(-1)).toBe('later-es en>es rules all');
});

it('what somebody listens to is translated and spoken, and shown only to those who read it', async () => {
  const { translations, voice, shown, asked, settle } = create({ translateTo: [], mayUseRules: true });
  voice.languages = ['es'];
  translations.ask(['it']);
  translations.add(caption('a'));
  translations.add(caption('b', 'es'));
  await settle();
  expect(voice.said.filter((each) => each.startsWith('es'))).toEqual(['es es(Hello.) 7']);
  expect(shown).toEqual(['a-it en>it rules asking', 'b-it es>it rules asking']);
  translations.ask([]);
  translations.add(caption('c'));
  voice.languages = [];
  await settle();
  expect(asked.filter((pair) => pair.endsWith('-es'))).toEqual(['en-es']);
});
