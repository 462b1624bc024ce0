import type { Ctx } from '../../kernel/context/index.ts';
import { requirePermission } from '../../kernel/core/index.ts';
import { customerErrors, selectCustomer } from '../customers/index.ts';
import type { PaymentProvider } from '../providers/index.ts';
import {
  presentSubscription,
  selectLive,
  type SubscriptionRow,
  type SubscriptionView,
  syncSubscription,
} from '../subscriptions/index.ts';

/**
 * The subscription that lasts, with its customer and provider.
 * @throws AppError `auth.forbidden`, `billing.not_configured` without any provider, or `billing.not_subscribed`
 */
export async function readLive(ctx: Ctx) {
  requirePermission(ctx.actor, 'billing:write');
  const { organizationId, ports } = ctx;
  const [[customer], [row]] = await ctx.read((q) => [
    selectCustomer(q, organizationId),
    selectLive(q, organizationId),
  ]);
  const api = ports.payments.of(customer?.provider ?? ports.payments.preferred, ctx.trace);
  if (!customer || !row) throw customerErrors.notSubscribed();
  return { customer, row, api };
}

export interface SubscriptionCommand {
  /** The end of the audit entry's action: `cancelled`. */
  action: string;
  /** What the audit entry says of it. */
  after?: Record<string, unknown>;
  /** Asks the provider, after a decision that may refuse. The key makes an attempt that is repeated the same request. */
  run(api: PaymentProvider, row: SubscriptionRow, key: string): Promise<void>;
}

/**
 * Asks the provider for a change of the subscription that lasts, and stores what the provider has then. The same request again
 * asks for the same state, which changes nothing.
 * @returns the subscription as it is then
 */
export async function commandSubscription(
  ctx: Ctx,
  { action, after, run }: SubscriptionCommand,
): Promise<SubscriptionView> {
  const { customer, row, api } = await readLive(ctx);
  const { provider, providerSubscriptionId: subscriptionId } = row;
  const ref = { provider, subscriptionId, customerId: customer.customerId };
  // What is decided on must not be older than the provider's last charge.
  const current = await syncSubscription(ctx, ref, { toResult: (each) => each });
  await run(api, current ?? row, `${action}/${row.id}/${ctx.ids.create('request')}`);
  const view = await syncSubscription(ctx, ref, {
    audit: { action: `subscription.${action}`, target: { type: 'subscription', id: row.id }, after },
    toResult: presentSubscription,
  });
  if (!view) throw customerErrors.notSubscribed();
  return view;
}
