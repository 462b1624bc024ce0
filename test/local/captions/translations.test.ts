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
function create(wanted: { translateTo: string[]; mayTranslate: boolean }) {
  const shown: string[] = [];
  const asked: string[] = [];
  const waiting: (() => void)[] = [];
  let characters = 0;
  const translations = new Translations(wanted, {
    translate: async ({ from, to, text }) => {
      asked.push(`${from}-${to}`);
      await new Promise<void>((resolve) => waiting.push(resolve));
      return to === 'ja' ? null : `${to}(${text})`;
    },
    show: ({ segmentId, language, translatedFrom }, isForAll) =>
      void shown.push(`${segmentId} ${translatedFrom}>${language} ${isForAll ? 'all' : 'asking'}`),
    onTranslated: (more) => void (characters += more),
  });
  const settle = async () => {
    for (let turns = 0; turns < 200; turns++) {
      waiting.splice(0).forEach((resolve) => resolve());
      await Promise.resolve();
    }
  };
  return { translations, shown, asked, settle, characters: () => characters };
}

it('a caption is translated once to each language, for everybody or for those who ask, and counted', async () => {
  const { translations, shown, settle, characters } = create({ translateTo: ['es'], mayTranslate: true });
  translations.ask(['es', 'fr', 'ja']);
  translations.add(caption('a'));
  translations.add(caption('b', 'fr'));
  await settle();
  expect(shown.toSorted()).toEqual(['a-es en>es all', 'a-fr en>fr asking', 'b-es fr>es all']);
  expect(characters()).toBe(3 * 'Hello.'.length);
});

it('nothing is translated that is no longer asked for, or that a budget does not allow', async () => {
  const { translations, shown, asked, settle } = create({ translateTo: [], mayTranslate: true });
  translations.add(caption('a'));
  translations.ask(['es']);
  translations.add(caption('b'));
  translations.add(caption('c'));
  translations.ask([]);
  await settle();
  expect([asked, shown]).toEqual([[], []]);
  translations.ask(['es']);
  translations.want({ translateTo: ['fr'], mayTranslate: false });
  translations.add(caption('d'));
  await settle();
  expect(asked).toEqual([]);
});

it('translations of a language come in the order of what was said, and one that is slow holds up no more than ten', async () => {
  const { translations, shown, settle } = create({ translateTo: ['es'], mayTranslate: true });
  for (let each = 0; each < 15; each++) translations.add(caption(`s${each}`));
  await settle();
  expect(shown).toEqual([...Array(10).keys()].map((each) => `s${each}-es en>es all`));
  translations.add(caption('later'));
  await settle();
  expect(shown.at(-1)).toBe('later-es en>es all');
});
