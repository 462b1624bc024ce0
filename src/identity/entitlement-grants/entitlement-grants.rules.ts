import { type FieldError, requestErrors } from '../../kernel/core/index.ts';
import { isInForce } from '../entitlements/index.ts';
import type { CreateGrant, EntitlementGrantView } from './entitlement-grants.schemas.ts';
import type { entitlementGrants } from './entitlement-grants.tables.ts';

export type EntitlementGrantRow = typeof entitlementGrants.$inferSelect;

/** When a new grant starts and ends; it starts now unless the operator named a moment. */
export interface GrantTerm {
  startsAt: Date;
  endsAt: Date | null;
}

/** @throws AppError `request.invalid` for a start in the past, or an end that is not after the start */
export function requireTerm(input: Pick<CreateGrant, 'startsAt' | 'endsAt'>, nowMs: number): GrantTerm {
  const startsAt = new Date(input.startsAt ?? nowMs);
  const endsAt = input.endsAt ? new Date(input.endsAt) : null;
  const errors: FieldError[] = [];
  if (startsAt.getTime() < nowMs) errors.push({ pointer: '/startsAt', message: 'must not be in the past' });
  if (endsAt && endsAt <= startsAt) errors.push({ pointer: '/endsAt', message: 'must be after the start' });
  if (errors.length > 0) throw requestErrors.invalid({ errors });
  return { startsAt, endsAt };
}

/** Whether a grant is in force at a moment, has yet to start, or is over. */
export function grantStatus(grant: EntitlementGrantRow, nowMs: number): EntitlementGrantView['status'] {
  if (grant.revokedAt !== null) return 'revoked';
  if (isInForce(grant, nowMs)) return 'active';
  return grant.startsAt.getTime() > nowMs ? 'scheduled' : 'ended';
}
