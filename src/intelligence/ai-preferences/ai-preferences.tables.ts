import { bigint, foreignKey, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { members } from '../../identity/members/members.tables.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { enumCheck, enumColumn, id, updatedAt, version } from '../../kernel/db/index.ts';
import { PREFERENCE_POLICIES } from './ai-preferences.enums.ts';

const preferenceColumns = () => ({
  defaultModel: text('default_model'),
  policy: enumColumn('policy', PREFERENCE_POLICIES),
  /** Null: all. */
  allowedModels: jsonb('allowed_models').$type<readonly string[]>(),
  blockedModels: jsonb('blocked_models').$type<readonly string[]>().notNull(),
  /** The most that an answer may cost, in millionths of a USD; null: any price. */
  mostMicros: bigint('most_micros', { mode: 'number' }),
  updatedAt: updatedAt(),
  version: version(),
});

/** The models that may answer members of an organization. */
export const aiPreferences = pgTable(
  'ai_preferences',
  {
    organizationId: tenant().primaryKey(),
    ...preferenceColumns(),
    /** How long answers are kept for reuse; null: only requests that ask for it reuse answers. */
    reuseAnswersSeconds: integer('reuse_answers_seconds'),
    /** Seconds without output after which a second model is asked; null: only for requests that ask for it. */
    hedgeAfterSeconds: integer('hedge_after_seconds'),
  },
  (t) => [enumCheck('ai_preferences_policy_check', t.policy, PREFERENCE_POLICIES)],
);

/** The models that a member prefers. */
export const aiPersonalPreferences = pgTable(
  'ai_personal_preferences',
  { organizationId: tenant(), userId: id('user_id').notNull(), ...preferenceColumns() },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.userId] }),
    foreignKey({
      name: 'ai_personal_preferences_member_fk',
      columns: [t.organizationId, t.userId],
      foreignColumns: [members.organizationId, members.userId],
    }).onDelete('cascade'),
    enumCheck('ai_personal_preferences_policy_check', t.policy, PREFERENCE_POLICIES),
  ],
);

export type AiPreferences = typeof aiPreferences.$inferSelect;
export type PersonalAiPreferences = typeof aiPersonalPreferences.$inferSelect;
