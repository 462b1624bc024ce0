import { index, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { apiKeys } from '../../identity/api-keys/api-keys.tables.ts';
import { tenant } from '../../identity/organizations/organizations.tables.ts';
import { createdAt, id, updatedAt } from '../../kernel/db/index.ts';

/** To which API key an identity of services and agents belongs, in the whole organization. */
export const serviceIdentities = pgTable(
  'service_identities',
  {
    organizationId: tenant(),
    identity: text('identity').notNull(),
    apiKeyId: id('api_key_id')
      .notNull()
      .references(() => apiKeys.id, { onDelete: 'cascade' }),
    createdAt: createdAt(),
    /** When it was last joined with. */
    updatedAt: updatedAt(),
  },
  (t) => [
    primaryKey({ columns: [t.organizationId, t.identity] }),
    index('service_identities_api_key_id_idx').on(t.apiKeyId),
  ],
);
