import type { Ctx } from '../../kernel/context/index.ts';
import type { LimitOverrides } from './limits.ports.ts';
import type { PutOverrides } from './limits.schemas.ts';

/** The operator's values for an organization, as its object has them. */
export function getLimitOverrides(ctx: Ctx, organizationId: string): Promise<LimitOverrides> {
  return ctx.ports.limitOverrides.read(organizationId);
}

/**
 * Replaces the operator's values for an organization; none at all gives it back its plan's. In force everywhere within
 * 5 s. The decision commits with its audit entry, and the effect carries it to the object even if we cannot now.
 */
export async function setLimitOverrides(
  ctx: Ctx,
  organizationId: string,
  limits: PutOverrides['limits'],
): Promise<LimitOverrides> {
  const before = await getLimitOverrides(ctx, organizationId);
  const overrides = { limits, setAtMs: ctx.clock.now() };
  await ctx.commit({
    // The operator acts within the organization that the change is about: its audit trail shows it.
    scope: { role: 'app', organizationId, userId: null },
    write: () => [],
    audit: {
      action: 'organization.limits_overridden',
      severity: 'warning',
      target: { type: 'organization', id: organizationId },
      before: before.limits,
      after: limits,
    },
    events: [{ type: 'limits.overridden', key: organizationId, payload: overrides }],
    result: undefined,
  });
  try {
    await ctx.ports.limitOverrides.write(organizationId, overrides);
  } catch (error) {
    ctx.log.warn('limits.override_delayed', { organizationId, error });
  }
  return overrides;
}
