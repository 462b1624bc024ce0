import type { GlossaryTerm } from './glossary.rules.ts';
import type { GlossaryRow } from './translations.tables.ts';

/** The terms of the organization from a language to the requested one. */
export type Glossaries = (from: string | null) => readonly GlossaryTerm[];

export const glossariesTo =
  (rows: readonly GlossaryRow[], to: string): Glossaries =>
  (from) =>
    rows.find(({ fromLanguage, toLanguage }) => fromLanguage === from && toLanguage === to)?.terms ?? [];

export const charactersOf = (texts: readonly string[]): number =>
  texts.reduce((sum, { length }) => sum + length, 0);
