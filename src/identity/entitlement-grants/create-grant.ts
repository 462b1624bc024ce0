import { type Ctx, systemScopeOf } from '../../kernel/context/index.ts';
import { organizationErrors } from '../organizations/index.ts';
import { entitlementsChanged } from './entitlement-grants.events.ts';
import { presentGrant } from './entitlement-grants.present.ts';
import { insertGrant, selectGrantee } from './entitlement-grants.queries.ts';
import { type EntitlementGrantRow, requireTerm } from './entitlement-grants.rules.ts';
import type { CreateGrant, EntitlementGrantView } from './entitlement-grants.schemas.ts';

/** The change, now, and again at the moments at which the grant starts and ends by itself. */
function changesOf({ id, startsAt, endsAt }: EntitlementGrantRow, nowMs: number) {
  const moments = [startsAt, ...(endsAt ? [endsAt] : [])].map((moment) => moment.getTime());
  return moments.map((atMs) =>
    atMs <= nowMs
      ? entitlementsChanged.of({ entitlementGrantId: id })
      : // A key of its own: a revocation must not wait behind it.
        entitlementsChanged.of({ entitlementGrantId: id }, { availableAtMs: atMs, key: `${id}:${atMs}` }),
  );
}

/**
 * Grants an organization something beside its plan. It counts from its start to its end in every commit that asks for
 * entitlements, without a sweep: the moment of the commit decides.
 * @throws AppError `organizations.not_found`, or `request.invalid` for a term that does not fit
 */
export async function createGrant(
  ctx: Ctx,
  organizationId: string,
  input: CreateGrant,
): Promise<EntitlementGrantView> {
  const now = new Date(ctx.clock.now());
  const term = requireTerm(input, now.getTime());
  // No member writes grants: row-level security lets only the system do it.
  const scope = systemScopeOf(organizationId);
  const [[organization]] = await ctx.read((q) => [selectGrantee(q, organizationId)], scope);
  if (!organization) throw organizationErrors.notFound();
  const { kind, name, value, reason } = input;
  const grant: EntitlementGrantRow = {
    id: ctx.ids.create('entitlementGrant'),
    organizationId,
    kind,
    name,
    value,
    reason,
    ...term,
    revokedAt: null,
    revokedReason: null,
    createdBy: 'operator',
    createdAt: now,
  };
  const view = presentGrant(grant, now.getTime());
  return ctx.commit({
    scope,
    write: (q) => [insertGrant(q, grant)],
    audit: {
      action: 'entitlement.granted',
      severity: 'warning',
      target: { type: 'entitlement_grant', id: grant.id },
      after: { kind, name, value, reason, startsAt: view.startsAt, endsAt: view.endsAt },
    },
    events: changesOf(grant, now.getTime()),
    result: view,
  });
}
