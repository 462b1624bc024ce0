import type { LanguagePair, Voice } from '../providers/index.ts';

/** The languages of the product, by their ISO 639-1 codes, with their names in English and in themselves. */
const NAMES = {
  en: ['English', 'English'],
  es: ['Spanish', 'Español'],
  fr: ['French', 'Français'],
  de: ['German', 'Deutsch'],
  ja: ['Japanese', '日本語'],
  zh: ['Chinese', '中文'],
  ar: ['Arabic', 'العربية'],
  pt: ['Portuguese', 'Português'],
  ru: ['Russian', 'Русский'],
  it: ['Italian', 'Italiano'],
  ko: ['Korean', '한국어'],
  hi: ['Hindi', 'हिन्दी'],
} as const;
export type LanguageCode = keyof typeof NAMES;
export const LANGUAGES = Object.keys(NAMES) as [LanguageCode, ...LanguageCode[]];

export interface LanguageSupport {
  code: LanguageCode;
  name: string;
  nativeName: string;
  speechToText: boolean;
  voices: string[];
  translatesTo: LanguageCode[];
}

/** What engines can do with each language. Whisper, which writes speech down, knows all of them. */
export const describeLanguages = (
  voices: readonly Voice[],
  pairs: readonly LanguagePair[],
): LanguageSupport[] =>
  LANGUAGES.map((code) => ({
    code,
    name: NAMES[code][0],
    nativeName: NAMES[code][1],
    speechToText: true,
    voices: voices.filter(({ language }) => language.split('-')[0] === code).map(({ id }) => id),
    translatesTo: LANGUAGES.filter((to) => pairs.some((pair) => pair.from === code && pair.to === to)),
  }));
