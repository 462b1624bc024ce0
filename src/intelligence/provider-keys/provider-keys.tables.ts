import { index, pgTable, text, unique } from 'drizzle-orm/pg-core';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { users } from '../../identity/users/users.tables.ts';
import { createdAt, id, updatedAt, utcTimestamp, version } from '../../kernel/db/index.ts';
import type { AiProviderName } from '../providers/index.ts';

/** Keys of organizations, with which their requests ask a provider. */
export const aiProviderKeys = pgTable(
  'ai_provider_keys',
  {
    id: id('id').primaryKey(),
    organizationId: tenant(),
    provider: text('provider').$type<AiProviderName>().notNull(),
    /** Encrypted, bound to this row. */
    sealedSecret: text('sealed_secret').notNull(),
    testedAt: utcTimestamp('tested_at').notNull(),
    createdBy: id('created_by').references(() => users.id, { onDelete: 'set null' }),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
    version: version(),
  },
  (t) => [
    unique('ai_provider_keys_organization_id_provider_key').on(t.organizationId, t.provider),
    index('ai_provider_keys_created_by_idx').on(t.createdBy),
  ],
);

export type ProviderKeyRow = typeof aiProviderKeys.$inferSelect;
