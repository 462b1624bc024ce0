import { type EntitlementGrantRow, grantStatus } from './entitlement-grants.rules.ts';
import type { EntitlementGrantView } from './entitlement-grants.schemas.ts';

/** @param nowMs decides the status */
export function presentGrant(grant: EntitlementGrantRow, nowMs: number): EntitlementGrantView {
  const { id, kind, name, value, reason, startsAt, endsAt, revokedAt, revokedReason, createdAt } = grant;
  return {
    id,
    kind,
    name,
    value,
    reason,
    status: grantStatus(grant, nowMs),
    startsAt: startsAt.toISOString(),
    endsAt: endsAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
    revokedReason,
    createdAt: createdAt.toISOString(),
  };
}
