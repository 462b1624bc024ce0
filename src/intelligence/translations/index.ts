export { glossariesTo } from './glossaries.rules.ts';
export type { GlossaryTerm } from './glossary.rules.ts';
export { type LanguageCode, LANGUAGES } from './languages.rules.ts';
export { canAskModel, translateByModel } from './model-engine.ts';
export { translationErrors } from './translations.errors.ts';
export { selectGlossaries } from './translations.queries.ts';
export type { GlossaryRow } from './translations.tables.ts';
