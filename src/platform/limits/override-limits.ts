import { limitsOverridden } from './limits.events.ts';
import type { Ctx } from '../../kernel/context/index.ts';
import type { LimitOverrides } from './limits.ports.ts';
import type { PutOverrides } from './limits.schemas.ts';

/** Reads the limits an operator set for an organization. */
export function getLimitOverrides(ctx: Ctx, organizationId: string): Promise<LimitOverrides> {
  return ctx.ports.limitOverrides.read(organizationId);
}

/**
 * Replaces the limits an operator set for an organization; `{}` restores those of the plan. Applies everywhere within
 * 5 s. The decision commits with its audit entry; the event's subscriber writes it to the object if that fails here.
 */
export async function setLimitOverrides(
  ctx: Ctx,
  organizationId: string,
  limits: PutOverrides['limits'],
): Promise<LimitOverrides> {
  const before = await getLimitOverrides(ctx, organizationId);
  const overrides = { limits, setAtMs: ctx.clock.now() };
  await ctx.commit({
    // The operator acts in the scope of the organization, so that its audit log shows the change.
    scope: { role: 'app', organizationId, userId: null },
    write: () => [],
    audit: {
      action: 'organization.limits_overridden',
      severity: 'warning',
      target: { type: 'organization', id: organizationId },
      before: before.limits,
      after: limits,
    },
    events: [limitsOverridden.of(overrides)],
    result: undefined,
  });
  try {
    await ctx.ports.limitOverrides.write(organizationId, overrides);
  } catch (error) {
    ctx.log.warn('limits.override_delayed', { organizationId, error });
  }
  return overrides;
}
