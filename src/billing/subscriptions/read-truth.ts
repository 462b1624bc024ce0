import { type Ctx, systemScope } from '../../kernel/context/index.ts';
import { selectOrganizationOfCustomer } from '../customers/index.ts';
import type { PaymentProvider, ProviderName, ProviderSubscription } from '../providers/index.ts';
import type { SubscriptionRow } from './state.rules.ts';
import { selectLiveOfCustomer, selectProviderSubscription } from './subscriptions.queries.ts';

export interface SubscriptionRef {
  provider: ProviderName;
  customerId: string;
  subscriptionId: string;
}

/**
 * A sync changes the plan itself, and continues when another one has changed it: a token for the former plan is
 * accepted.
 */
export const whateverPlan = { ignoresPlan: true } as const;

/** A subscription that the provider no longer has, as an ended one. */
const vanished = (row: SubscriptionRow, customerId: string, nowMs: number): ProviderSubscription => ({
  id: row.providerSubscriptionId,
  customerId,
  status: 'cancelled',
  choice: null,
  paid: null,
  currency: row.currency,
  startsAtMs: row.startsAt.getTime(),
  periodStartsAtMs: row.periodStartsAt.getTime(),
  periodEndsAtMs: row.periodEndsAt.getTime(),
  trialEndsAtMs: row.trialEndsAt?.getTime() ?? null,
  cancelsAtMs: null,
  endedAtMs: row.endedAt?.getTime() ?? nowMs,
  resumesAtMs: null,
});

/** The stored data of a subscription before the provider is asked. */
export async function readKnown(ctx: Ctx, { provider, customerId, subscriptionId }: SubscriptionRef) {
  const [[owner], [row], [live]] = await ctx.read(
    (q) => [
      selectOrganizationOfCustomer(q, provider, customerId),
      selectProviderSubscription(q, provider, subscriptionId),
      selectLiveOfCustomer(q, provider, customerId),
    ],
    { ...systemScope, ...whateverPlan },
  );
  return { ...owner, row, live: live?.subscription };
}
export type Known = Awaited<ReturnType<typeof readKnown>>;

/** The provider's data, and whether a payment that is still being processed has to be refunded. */
export interface Truth {
  subscription: ProviderSubscription;
  isRefundPending: boolean;
}

/**
 * Ends a subscription that must not exist, because the organization has another current one or is deleted. If it should
 * never have existed, its payment is refunded once it was made.
 * @returns the provider's data afterwards
 */
async function endSurplus(
  ctx: Ctx,
  api: PaymentProvider,
  { organization, row }: Known,
  { id: subscriptionId }: ProviderSubscription,
): Promise<Truth | undefined> {
  ctx.log.warn('billing.surplus_subscription', { organizationId: organization?.id, subscriptionId });
  const refund = row === undefined || row.refundDueAt !== null;
  const key = `surplus/${subscriptionId}`;
  const { isRefundPending } = await api.cancel(subscriptionId, { at: 'now', refund, key });
  const subscription = await api.readSubscription(subscriptionId);
  return subscription && { subscription, isRefundPending };
}

/**
 * Whether the provider has a subscription that the organization must not have; one with other prices is not ours to
 * end.
 */
function isSurplus({ organization, row, live }: Known, truth: ProviderSubscription): boolean {
  if (row && row.refundDueAt !== null) return true;
  if (truth.status === 'cancelled') return false;
  if (row === undefined && truth.choice === null) return false;
  return organization?.deletedAt !== null || (row === undefined && live !== undefined);
}

/** The provider's data; a subscription that it no longer knows has ended. */
export async function readTruth(
  ctx: Ctx,
  api: PaymentProvider,
  ref: SubscriptionRef,
  known: Known,
): Promise<Truth | undefined> {
  const { row } = known;
  const subscription =
    (await api.readSubscription(ref.subscriptionId)) ??
    (row && vanished(row, ref.customerId, ctx.clock.now()));
  if (!subscription) return undefined;
  return isSurplus(known, subscription)
    ? endSurplus(ctx, api, known, subscription)
    : { subscription, isRefundPending: false };
}
