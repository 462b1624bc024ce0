import { sql } from 'drizzle-orm';
import { holdFeature } from '../../identity/entitlements/index.ts';
import { requestErrors } from '../../kernel/core/index.ts';
import { mustHold, type Queries, type Statement } from '../../kernel/db/index.ts';
import { versionOfPreferences } from '../ai-preferences/index.ts';
import type { AskGround } from './ask-authority.ports.ts';

interface Holder {
  organizationId: string;
  now: Date;
}

/**
 * Fails the commit when the ground has changed since it was read (`request.stale`), or when the plan does not include
 * models on a key of the platform.
 */
export function holdGround(
  q: Queries,
  { organizationId, now }: Holder,
  { budget, keys, preferences: { organization, person } }: AskGround,
  { isOnPlatformKey, userId }: { isOnPlatformKey: boolean; userId: string | null },
): Statement[] {
  const ofBudget = budget ? `${budget.period}/${budget.limitMicros}` : '';
  const ofKeys = keys.map(({ id, version }) => `${id}/${version}`).join(',');
  return [
    ...(isOnPlatformKey ? [holdFeature(q, { organizationId, now, feature: 'platform_models' })] : []),
    mustHold(
      q,
      sql`coalesce((select period || '/' || limit_micros from ai_budgets where organization_id = ${organizationId}), '')
        = ${ofBudget}
      and coalesce((select string_agg(id || '/' || version, ',' order by provider) from ai_provider_keys
        where organization_id = ${organizationId}), '') = ${ofKeys}
      and coalesce((select version from ai_preferences where organization_id = ${organizationId}), 0)
        = ${versionOfPreferences(organization)}
      and coalesce((select version from ai_personal_preferences
        where organization_id = ${organizationId} and user_id = ${userId}), 0) = ${versionOfPreferences(person)}`,
      requestErrors.stale,
    ),
  ];
}
