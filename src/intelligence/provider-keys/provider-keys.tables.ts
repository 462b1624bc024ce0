import { sql } from 'drizzle-orm';
import { boolean, check, index, jsonb, pgTable, text, unique } from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import { createdAt, id, updatedAt, utcTimestamp, version } from '../../kernel/db/index.ts';
import type { AiProviderName } from '../providers/index.ts';
import type { CustomModel } from './custom-providers.schemas.ts';

/** Keys of organizations for requests to providers; for custom providers, the whole description of the provider. */
export const aiProviderKeys = pgTable(
  'ai_provider_keys',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    provider: text('provider').$type<AiProviderName>().notNull(),
    /** Encrypted, bound to this row, and to the address of a custom provider. */
    sealedSecret: text('sealed_secret').notNull(),
    /** For a custom provider: its address, its models, and its differences. Null for others. */
    baseUrl: text('base_url'),
    models: jsonb('models').$type<readonly CustomModel[]>(),
    takesUsageOption: boolean('takes_usage_option'),
    testedAt: utcTimestamp('tested_at').notNull(),
    createdBy: id('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    unique('ai_provider_keys_organization_id_provider_key').on(t.organizationId, t.provider),
    index('ai_provider_keys_created_by_idx').on(t.createdBy),
    check(
      'ai_provider_keys_custom_check',
      sql`num_nulls(${t.baseUrl}, ${t.models}, ${t.takesUsageOption}) = case when starts_with(${t.provider}, 'custom:') then 0 else 3 end`,
    ),
  ],
);

export type ProviderKeyRow = typeof aiProviderKeys.$inferSelect;
