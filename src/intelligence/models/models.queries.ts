import { sql } from 'drizzle-orm';
import { entitledToFeature } from '../../identity/entitlements/index.ts';
import type { Queries } from '../../kernel/db/index.ts';

/** Whether the plan includes models on a key of the platform. */
export const selectPlatformModels = (q: Queries, holder: { organizationId: string; now: Date }) =>
  q.execute<{ included: boolean }>(
    sql`select ${entitledToFeature('platform_models', holder)} <> 0 as included`,
  );

/** The providers for which the organization has its own key. */
export const selectOwnProviders = (q: Queries, organizationId: string) =>
  q.execute<{ provider: string }>(
    sql`select provider from ai_provider_keys where organization_id = ${organizationId}`,
  );
