import { and, eq, exists, isNotNull, lte, or, sql } from 'drizzle-orm';
import { apiKeys } from '../../identity/api-keys/api-keys.tables.ts';
import { mustChange, type Queries } from '../../kernel/db/index.ts';
import { admissionErrors } from './admission.errors.ts';
import { serviceIdentities } from './service-identities.tables.ts';

/** An API key that joins with an identity. */
export interface IdentityClaim {
  organizationId: string;
  identity: string;
  apiKeyId: string;
  now: Date;
  /** Whether it may continue identities of a key that has ended. */
  mayContinue: boolean;
}

/**
 * Gives the identity to the key if it belongs to no other one.
 * @returns a statement that fails the commit with `rooms.identity_taken`
 */
export function claimIdentity(q: Queries, { now, mayContinue, ...claim }: IdentityClaim) {
  const isOwn = eq(serviceIdentities.apiKeyId, claim.apiKeyId);
  const ownerHasEnded = exists(
    q
      .select({ one: sql`1` })
      .from(apiKeys)
      .where(
        and(
          eq(apiKeys.id, serviceIdentities.apiKeyId),
          or(isNotNull(apiKeys.revokedAt), lte(apiKeys.expiresAt, now)),
        ),
      ),
  );
  const change = q
    .insert(serviceIdentities)
    .values({ ...claim, createdAt: now, updatedAt: now })
    .onConflictDoUpdate({
      target: [serviceIdentities.organizationId, serviceIdentities.identity],
      set: { apiKeyId: claim.apiKeyId, updatedAt: now },
      setWhere: mayContinue ? or(isOwn, ownerHasEnded) : isOwn,
    })
    .returning({ identity: serviceIdentities.identity });
  return mustChange(q, change, admissionErrors.identityTaken);
}
