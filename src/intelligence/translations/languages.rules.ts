import type { LanguagePair, Voice } from '../providers/index.ts';

/** The languages of the product, by their ISO 639-1 codes, with their names in English and in the language itself. */
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

export const nameOf = (code: LanguageCode): string => NAMES[code][0];

/** Languages whose grammar distinguishes formal and informal address. */
const WITH_FORMALITY: ReadonlySet<LanguageCode> = new Set([
  'es',
  'fr',
  'de',
  'ja',
  'pt',
  'ru',
  'it',
  'ko',
  'hi',
]);
export const knowsFormality = (code: LanguageCode): boolean => WITH_FORMALITY.has(code);

export interface LanguageSupport {
  code: LanguageCode;
  name: string;
  nativeName: string;
  speechToText: boolean;
  voices: string[];
  translatesTo: LanguageCode[];
  modelTranslatesTo: LanguageCode[];
  formality: boolean;
}

export interface LanguageList {
  data: LanguageSupport[];
  engines: { speech: boolean; model: boolean };
}

/** The capabilities of the speech service. */
export interface SpeechAbilities {
  voices: readonly Voice[];
  pairs: readonly LanguagePair[];
}

/**
 * What engines can do with each language. Whisper, which transcribes, and language models know all of them.
 * @param abilities null while the speech service is not available
 */
export const describeLanguages = (abilities: SpeechAbilities | null, hasModel: boolean): LanguageList => {
  const { voices, pairs } = abilities ?? { voices: [], pairs: [] };
  const data = LANGUAGES.map((code) => ({
    code,
    name: NAMES[code][0],
    nativeName: NAMES[code][1],
    speechToText: abilities !== null,
    voices: voices.filter(({ language }) => language.split('-')[0] === code).map(({ id }) => id),
    translatesTo: LANGUAGES.filter((to) => pairs.some((pair) => pair.from === code && pair.to === to)),
    modelTranslatesTo: hasModel ? LANGUAGES.filter((to) => to !== code) : [],
    formality: hasModel && knowsFormality(code),
  }));
  return { data, engines: { speech: abilities !== null, model: hasModel } };
};
