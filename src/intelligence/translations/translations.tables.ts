import { jsonb, pgTable, text, unique } from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { id, updatedAt, version } from '../../kernel/db/index.ts';
import type { GlossaryTerm } from './glossary.rules.ts';
import type { LanguageCode } from './languages.rules.ts';

/** Terms of an organization for translations between two languages. */
export const glossaries = pgTable(
  'glossaries',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    fromLanguage: text('from_language').$type<LanguageCode>().notNull(),
    toLanguage: text('to_language').$type<LanguageCode>().notNull(),
    terms: jsonb('terms').$type<readonly GlossaryTerm[]>().notNull(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [unique('glossaries_languages_key').on(t.organizationId, t.fromLanguage, t.toLanguage)],
);

export type GlossaryRow = typeof glossaries.$inferSelect;
