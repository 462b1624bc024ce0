import { and, asc, eq, sql } from 'drizzle-orm';
import { mustChange, type Queries } from '../../kernel/db/index.ts';
import { translationErrors } from './translations.errors.ts';
import type { GlossaryPair } from './translations.schemas.ts';
import { glossaries, type GlossaryRow } from './translations.tables.ts';

const isOf = (organizationId: string, { from, to }: GlossaryPair) =>
  and(
    eq(glossaries.organizationId, organizationId),
    eq(glossaries.fromLanguage, from),
    eq(glossaries.toLanguage, to),
  );

/** At most one for each pair of the languages of the product. */
export const selectGlossaries = (q: Queries, organizationId: string) =>
  q
    .select()
    .from(glossaries)
    .where(eq(glossaries.organizationId, organizationId))
    .orderBy(asc(glossaries.fromLanguage), asc(glossaries.toLanguage));

export const upsertGlossary = (q: Queries, row: GlossaryRow) =>
  q
    .insert(glossaries)
    .values(row)
    .onConflictDoUpdate({
      target: [glossaries.organizationId, glossaries.fromLanguage, glossaries.toLanguage],
      set: { terms: row.terms, updatedAt: row.updatedAt, version: sql`${glossaries.version} + 1` },
    });

export const deleteGlossaryRow = (q: Queries, organizationId: string, pair: GlossaryPair) =>
  mustChange(
    q,
    q.delete(glossaries).where(isOf(organizationId, pair)).returning({ id: glossaries.id }),
    translationErrors.glossaryNotFound,
  );
