export { type LanguageCode, LANGUAGES } from './languages.rules.ts';
