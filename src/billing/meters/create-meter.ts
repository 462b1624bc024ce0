import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { meterErrors } from './meters.errors.ts';
import { insertOwnMeter } from './meters.queries.ts';
import { presentOwnMeter } from './meters.rules.ts';
import type { CreateMeter, MeterView } from './meters.schemas.ts';

/**
 * Creates a meter of the organization.
 * @throws AppError `auth.forbidden`, `usage.meter_exists` or `usage.too_many_meters`
 */
export async function createMeter(ctx: Ctx, input: CreateMeter): Promise<MeterView> {
  requirePermission(ctx.actor, 'usage:write');
  const { organizationId } = ctx;
  const meter = { ...input, organizationId, createdAt: new Date(ctx.clock.now()) };
  return ctx.commit({
    write: (q) => insertOwnMeter(q, meter),
    audit: { action: 'usage_meter.created', target: { type: 'usage_meter', id: input.name }, after: input },
    conflicts: { usage_meters_name_key: meterErrors.meterExists },
    result: presentOwnMeter(meter),
  });
}
