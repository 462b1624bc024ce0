export type { GlossaryTerm } from './glossary.rules.ts';
export { type LanguageCode, LANGUAGES } from './languages.rules.ts';
export { selectGlossaries } from './translations.queries.ts';
export type { GlossaryRow } from './translations.tables.ts';
