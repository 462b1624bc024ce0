import type { Ctx } from '../../kernel/context/index.ts';
import { AppError, requirePermission, sha256Hex } from '../../kernel/core/index.ts';
import { customerErrors, selectCustomer } from '../customers/index.ts';
import { type PaymentProvider, providerErrors } from '../providers/index.ts';
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
 * The same request for the subscription as it is has the same key, so that the provider makes one change for requests at once, and
 * for one that is repeated because its answer was lost. Each command that came to an end, also a refused one, makes another version.
 */
async function keyOf({ id, version }: SubscriptionRow, { action, after = {} }: SubscriptionCommand) {
  const content = await sha256Hex(JSON.stringify(after));
  return `${action}/${id}/${version}/${content.slice(0, 16)}`;
}

const REFUSALS: readonly string[] = [providerErrors.paymentFailed, providerErrors.providerRefused].map(
  ({ definition }) => definition.code,
);
const isRefusal = (error: unknown) => error instanceof AppError && REFUSALS.includes(error.code);

/**
 * Asks the provider for a change of the subscription that lasts, and stores what the provider has then.
 * @returns the subscription as it is then
 */
export async function commandSubscription(ctx: Ctx, command: SubscriptionCommand): Promise<SubscriptionView> {
  const { action, after } = command;
  const { customer, row, api } = await readLive(ctx);
  const { provider, providerSubscriptionId: subscriptionId } = row;
  const ref = { provider, subscriptionId, customerId: customer.customerId };
  // What is decided on must not be older than the provider's last charge.
  const current = (await syncSubscription(ctx, ref, { toResult: (each) => each })) ?? row;
  const target = { type: 'subscription', id: row.id } as const;
  try {
    await command.run(api, current, await keyOf(current, command));
  } catch (error) {
    if (isRefusal(error)) {
      const audit = { action: `subscription.${action}_refused`, target, after };
      await syncSubscription(ctx, ref, { audit, toResult: () => undefined });
    }
    throw error;
  }
  const view = await syncSubscription(ctx, ref, {
    audit: { action: `subscription.${action}`, target, after },
    isAnswer: true,
    toResult: presentSubscription,
  });
  if (!view) throw customerErrors.notSubscribed();
  return view;
}
