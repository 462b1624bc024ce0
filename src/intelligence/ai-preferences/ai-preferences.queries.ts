import { and, eq, sql } from 'drizzle-orm';
import { requestErrors } from '../../kernel/core/index.ts';
import { mustChange, type Queries } from '../../kernel/db/index.ts';
import {
  aiPersonalPreferences,
  type AiPreferences,
  aiPreferences,
  type PersonalAiPreferences,
} from './ai-preferences.tables.ts';

export const selectPreferences = (q: Queries, organizationId: string) =>
  q.select().from(aiPreferences).where(eq(aiPreferences.organizationId, organizationId));

const isOf = (organizationId: string, userId: string) =>
  and(eq(aiPersonalPreferences.organizationId, organizationId), eq(aiPersonalPreferences.userId, userId));

/** @param userId null for an API key, which has none */
export const selectPersonalPreferences = (q: Queries, organizationId: string, userId: string | null) =>
  q
    .select()
    .from(aiPersonalPreferences)
    .where(userId === null ? sql`false` : isOf(organizationId, userId));

/**
 * Stores the preferences if they have not changed since they were read; otherwise the commit fails with
 * `request.stale`.
 */
export function upsertPreferences(q: Queries, row: AiPreferences) {
  const { organizationId: _organization, ...set } = row;
  const change = q
    .insert(aiPreferences)
    .values(row)
    .onConflictDoUpdate({
      target: aiPreferences.organizationId,
      set,
      setWhere: eq(aiPreferences.version, row.version - 1),
    })
    .returning({ organizationId: aiPreferences.organizationId });
  return mustChange(q, change, requestErrors.stale);
}

/** The same for the preferences of a person. */
export function upsertPersonalPreferences(q: Queries, row: PersonalAiPreferences) {
  const { organizationId: _organization, userId: _user, ...set } = row;
  const change = q
    .insert(aiPersonalPreferences)
    .values(row)
    .onConflictDoUpdate({
      target: [aiPersonalPreferences.organizationId, aiPersonalPreferences.userId],
      set,
      setWhere: eq(aiPersonalPreferences.version, row.version - 1),
    })
    .returning({ userId: aiPersonalPreferences.userId });
  return mustChange(q, change, requestErrors.stale);
}
