import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { returnUrlOf } from './return-urls.rules.ts';
import { customerErrors } from './customers.errors.ts';
import { selectCustomer } from './customers.queries.ts';
import type { OpenPortal, PortalView } from './customers.schemas.ts';

/**
 * Opens the provider's page for managing cards and invoices. Its address works without a credential of ours until the
 * provider ends it, even for a user who has lost the permission since.
 * @throws AppError `billing.not_configured`, `billing.not_subscribed` before the first checkout,
 * `billing.return_url_not_allowed`, and those of `PaymentProvider`
 */
export async function openPortal(ctx: Ctx, input: OpenPortal): Promise<PortalView> {
  requirePermission(ctx.actor, 'billing:write');
  const { organizationId, ports } = ctx;
  const returnUrl = returnUrlOf(ctx.config, input.returnUrl);
  const [[customer]] = await ctx.read((q) => [selectCustomer(q, organizationId)]);
  const api = ports.payments.of(customer?.provider ?? ports.payments.preferred, ctx.trace);
  if (!customer) throw customerErrors.notSubscribed();
  const url = await api.openPortal({ customerId: customer.customerId, returnUrl });
  return ctx.commit({
    write: () => [],
    audit: { action: 'billing_portal.opened', target: { type: 'organization', id: organizationId } },
    result: { url },
  });
}
